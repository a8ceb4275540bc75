#include "ui/number_box.h"

#include <QRegularExpression>
#include <QToolTip>

#include <algorithm>

namespace embedscope {
namespace {

// Enough that no setting is rounded; QDoubleSpinBox rounds to its decimals.
constexpr int kDecimals = 15;
constexpr int kDigits = 10;

}  // namespace

NumberBox::NumberBox(QWidget* parent) : QDoubleSpinBox(parent) {
    setDecimals(kDecimals);
    setKeyboardTracking(false);
}

QString NumberBox::textFromValue(double value) const {
    static const QRegularExpression leadingZeros("e([+-])0+");
    return QString::number(value, 'g', kDigits).replace(leadingZeros, "e\\1");
}

QString NumberBox::numberIn(const QString& text) const {
    QString number = text;
    if (!suffix().isEmpty() && number.endsWith(suffix())) number.chop(suffix().size());
    return number.trimmed().replace(',', '.');
}

double NumberBox::valueFromText(const QString& text) const {
    return numberIn(text).toDouble();
}

QValidator::State NumberBox::validate(QString& text, int&) const {
    static const QRegularExpression beginning("^[+-]?\\d*\\.?\\d*([eE][+-]?\\d*)?$");
    const QString number = numberIn(text);
    bool complete = false;
    const double value = number.toDouble(&complete);
    if (complete && value >= minimum() && value <= maximum()) return QValidator::Acceptable;
    return beginning.match(number).hasMatch() ? QValidator::Intermediate : QValidator::Invalid;
}

void NumberBox::fixup(QString& text) const {
    bool complete = false;
    const double value = numberIn(text).toDouble(&complete);
    if (!complete) return;  // QDoubleSpinBox goes back to the value before
    text = textFromValue(std::clamp(value, minimum(), maximum())) + suffix();
    QToolTip::showText(mapToGlobal(rect().bottomLeft()),
                       tr("From %1 to %2.").arg(textFromValue(minimum()), textFromValue(maximum())));
}

}  // namespace embedscope
