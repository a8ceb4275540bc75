#pragma once

#include <QFrame>

#include <set>
#include <vector>

class QCheckBox;
class QComboBox;
class QFormLayout;
class QSpinBox;

namespace embedscope {

/// Labelled fields under a heading. Some of them are for those who ask for more settings.
class FormCard : public QFrame {
    Q_OBJECT
public:
    explicit FormCard(const QString& heading, QWidget* parent = nullptr);

    void addField(const QString& label, QWidget* field);
    void addFieldForMore(const QString& label, QWidget* field);
    void showMore(bool more);
    /// A field with its label, for cards that show only what fits; one for more settings also waits to be asked for.
    void showField(QWidget* field, bool shown);

private:
    QFormLayout* form_ = nullptr;
    std::vector<QWidget*> forMore_;
    std::set<QWidget*> unfit_;  ///< Hidden by showField.
    bool more_ = false;
};

QSpinBox* makeSpinBox(const QString& name, int minimum, int maximum, const QString& help);
QComboBox* makeListBox(const QString& name, const QStringList& texts, const QString& help);
QCheckBox* makeCheckBox(const QString& name, const QString& text, const QString& help);

}  // namespace embedscope
