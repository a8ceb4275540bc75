#include "ui/parameter_fields.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QLabel>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace embedscope {
namespace {

int decimalsOf(double step) {
    return std::clamp(static_cast<int>(std::ceil(-std::log10(step))) + 1, 0, 6);
}

QWidget* makeOptions(const Parameter& parameter, double value, QWidget* parent, std::function<void(double)> changed) {
    auto* box = new QComboBox(parent);
    for (const std::string& option : parameter.options) box->addItem(QString::fromStdString(option));
    box->setCurrentIndex(static_cast<int>(value));
    QObject::connect(box, &QComboBox::currentIndexChanged, box, [changed](int index) { changed(index); });
    return box;
}

}  // namespace

QWidget* makeParameterField(const Parameter& parameter, double value, QWidget* parent,
                            std::function<void(double)> changed) {
    QWidget* field = nullptr;
    if (!parameter.options.empty()) {
        field = makeOptions(parameter, value, parent, std::move(changed));
    } else {
        auto* box = new QDoubleSpinBox(parent);
        const bool whole = parameter.step >= 1 && parameter.standard == std::floor(parameter.standard);
        box->setDecimals(whole ? 0 : decimalsOf(parameter.step));
        box->setRange(parameter.minimum, parameter.maximum);
        box->setSingleStep(parameter.step);
        box->setValue(value);
        box->setKeyboardTracking(false);
        if (!parameter.unit.empty()) box->setSuffix(" " + QString::fromStdString(parameter.unit));
        QObject::connect(box, &QDoubleSpinBox::valueChanged, box, std::move(changed));
        field = box;
    }
    field->setObjectName("parameter_" + QString::fromStdString(parameter.id));
    field->setToolTip(QString::fromStdString(parameter.help));
    return field;
}

ParameterFields::ParameterFields(QWidget* parent) : QWidget(parent) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
}

void ParameterFields::show(const std::vector<Parameter>& parameters, const ParameterValues& values) {
    delete rows_;
    rows_ = new QWidget(this);
    layout()->addWidget(rows_);
    auto* form = new QFormLayout(rows_);
    form->setContentsMargins(0, 0, 0, 0);
    values_.clear();
    for (const Parameter& parameter : parameters) {
        const auto given = values.find(parameter.id);
        const double value = given == values.end() ? parameter.standard : given->second;
        values_[parameter.id] = value;
        QWidget* field = makeParameterField(parameter, value, rows_, [this, id = parameter.id](double newValue) {
            values_[id] = newValue;
            Q_EMIT changed(id, newValue);
        });
        auto* label = new QLabel(QString::fromStdString(parameter.label), rows_);
        label->setToolTip(QString::fromStdString(parameter.help));
        label->setBuddy(field);
        form->addRow(label, field);
    }
    setVisible(!parameters.empty());
}

}  // namespace embedscope
