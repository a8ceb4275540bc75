#include "ui/form/form_card.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QLabel>
#include <QSpinBox>
#include <QVBoxLayout>

#include <algorithm>

namespace embedscope {

FormCard::FormCard(const QString& heading, QWidget* parent) : QFrame(parent), form_(new QFormLayout) {
    setProperty("card", true);
    auto* title = new QLabel(heading);
    title->setProperty("heading", true);
    form_->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form_->setVerticalSpacing(12);
    form_->setHorizontalSpacing(16);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 12, 16, 16);
    layout->setSpacing(12);
    layout->addWidget(title);
    layout->addLayout(form_);
}

void FormCard::addField(const QString& label, QWidget* field) {
    form_->addRow(label, field);
}

void FormCard::addFieldForMore(const QString& label, QWidget* field) {
    addField(label, field);
    forMore_.push_back(field);
}

void FormCard::showMore(bool more) {
    more_ = more;
    for (QWidget* field : forMore_) form_->setRowVisible(field, more && !unfit_.contains(field));
}

void FormCard::showField(QWidget* field, bool shown) {
    if (shown)
        unfit_.erase(field);
    else
        unfit_.insert(field);
    const bool waits = std::find(forMore_.begin(), forMore_.end(), field) != forMore_.end();
    form_->setRowVisible(field, shown && (more_ || !waits));
}

QSpinBox* makeSpinBox(const QString& name, int minimum, int maximum, const QString& help) {
    auto* box = new QSpinBox;
    box->setObjectName(name);
    box->setRange(minimum, maximum);
    box->setGroupSeparatorShown(true);
    box->setToolTip(help);
    return box;
}

QComboBox* makeListBox(const QString& name, const QStringList& texts, const QString& help) {
    auto* box = new QComboBox;
    box->setObjectName(name);
    box->addItems(texts);
    box->setToolTip(help);
    return box;
}

QCheckBox* makeCheckBox(const QString& name, const QString& text, const QString& help) {
    auto* box = new QCheckBox(text);
    box->setObjectName(name);
    box->setToolTip(help);
    return box;
}

}  // namespace embedscope
