#pragma once

#include <QLocale>
#include <QString>

namespace embedscope {

/// "1 image", "1,240 images".
inline QString amount(std::size_t number, const QString& one, const QString& many) {
    return QLocale().toString(static_cast<qulonglong>(number)) + ' ' + (number == 1 ? one : many);
}

}  // namespace embedscope
