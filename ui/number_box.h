#pragma once

#include <QDoubleSpinBox>

namespace embedscope {

/// A spin box for numbers of any size: writes as many digits as the number has ("0.001", "3e-7"), reads both forms,
/// and gives back exactly what was set.
class NumberBox : public QDoubleSpinBox {
    Q_OBJECT
public:
    explicit NumberBox(QWidget* parent = nullptr);

protected:
    QString textFromValue(double value) const override;
    double valueFromText(const QString& text) const override;
    QValidator::State validate(QString& text, int& position) const override;
    /// A number beyond the range becomes its nearest bound, and a tip tells the range.
    void fixup(QString& text) const override;

private:
    QString numberIn(const QString& text) const;
};

}  // namespace embedscope
