#pragma once

#include <QWidget>

class QSlider;

namespace embedscope {

class NumberBox;

/// A learning rate: a slider on a logarithmic scale and the exact number beside it.
class LearningRateField : public QWidget {
    Q_OBJECT
public:
    explicit LearningRateField(QWidget* parent = nullptr);

    double value() const;
    /// Does not emit `changed`.
    void setValue(double learningRate);

Q_SIGNALS:
    void changed(double learningRate);

private:
    QSlider* slider_ = nullptr;
    NumberBox* number_ = nullptr;
};

}  // namespace embedscope
