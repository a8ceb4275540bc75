#pragma once

#include <QLocale>
#include <QString>

namespace embedscope {

/// "1 image", "1,240 images".
inline QString amount(std::size_t number, const QString& one, const QString& many) {
    return QLocale().toString(static_cast<qulonglong>(number)) + ' ' + (number == 1 ? one : many);
}

/// At most four characters up to a million: "999", "1.2k", "25k", "100k".
inline QString briefCount(std::size_t number) {
    if (number < 1000) return QString::number(number);
    const double thousands = static_cast<double>(number) / 1000;
    return QLocale().toString(thousands, 'f', thousands < 9.95 ? 1 : 0) + 'k';
}

}  // namespace embedscope
