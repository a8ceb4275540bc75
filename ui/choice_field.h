#pragma once

#include "engine/experiment.h"

#include <QWidget>

class QComboBox;
class QLabel;

namespace embedscope {

class ParameterFields;

/// A list of a catalogue's rows under their headings.
void fillWithCatalog(QComboBox& box, const Catalog& catalog);

/// Chooses a row of a catalogue and the values of its parameters, with the row's help, formula and paper below.
class ChoiceField : public QWidget {
    Q_OBJECT
public:
    ChoiceField(const Catalog& catalog, const QString& name, QWidget* parent = nullptr);

    Choice choice() const;
    void setChoice(const Choice& choice);

Q_SIGNALS:
    void changed();

private:
    void showRow(const ParameterValues& values);
    const CatalogEntry& row() const;

    const Catalog& catalog_;
    QComboBox* box_ = nullptr;
    QLabel* help_ = nullptr;
    ParameterFields* parameters_ = nullptr;
};

}  // namespace embedscope
