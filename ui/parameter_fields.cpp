#include "ui/parameter_fields.h"

#include "engine/used_parameters.h"
#include "ui/number_box.h"

#include <QComboBox>
#include <QFormLayout>
#include <QLabel>
#include <QVBoxLayout>

#include <cmath>

namespace embedscope {
namespace {

/// A count, such as the size of a batch.
bool isWhole(const Parameter& parameter) {
    const auto whole = [](double value) { return value == std::floor(value); };
    return whole(parameter.step) && whole(parameter.standard) && whole(parameter.minimum);
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
        auto* box = new NumberBox(parent);
        if (isWhole(parameter)) box->setDecimals(0);
        box->setRange(parameter.minimum, parameter.maximum);
        box->setSingleStep(parameter.step);
        box->setValue(value);
        if (!parameter.unit.empty()) box->setSuffix(" " + QString::fromStdString(parameter.unit));
        QObject::connect(box, &NumberBox::valueChanged, box, std::move(changed));
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
    ids_.clear();
    for (const Parameter& parameter : parameters) {
        const auto given = values.find(parameter.id);
        const double value = given == values.end() ? parameter.standard : given->second;
        values_[parameter.id] = value;
        ids_.push_back(parameter.id);
        QWidget* field = makeParameterField(parameter, value, rows_, [this, form, id = parameter.id](double newValue) {
            values_[id] = newValue;
            hideUnread(form);
            Q_EMIT changed(id, newValue);
        });
        auto* label = new QLabel(QString::fromStdString(parameter.label), rows_);
        label->setToolTip(QString::fromStdString(parameter.help));
        label->setBuddy(field);
        form->addRow(label, field);
    }
    hideUnread(form);
    setVisible(!parameters.empty());
}

void ParameterFields::hideUnread(QFormLayout* form) {
    for (std::size_t row = 0; row < ids_.size(); ++row)
        form->setRowVisible(static_cast<int>(row), isRead(values_, ids_[row]));
}

}  // namespace embedscope
