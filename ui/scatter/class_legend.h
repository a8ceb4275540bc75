#pragma once

#include "engine/data_set.h"

#include <QWidget>

#include <memory>

class QCheckBox;
class QIcon;
class QListWidget;
class QListWidgetItem;

namespace embedscope {

/// The mark of a class, for lists and menus.
QIcon classSwatch(int label);

/// The classes with their colours and counts. A tick shows or hides a class; a double click shows it alone.
class ClassLegend : public QWidget {
    Q_OBJECT
public:
    explicit ClassLegend(QWidget* parent = nullptr);

    void setDataSet(std::shared_ptr<const DataSet> dataSet);
    /// The same images with other labels: only the counts change.
    void setLabels(const DataSet& relabelled);

Q_SIGNALS:
    void classToggled(int label, bool visible);
    void splitToggled(Split split, bool visible);

private:
    void addClass(int label, const QString& name);
    void setCounts(const DataSet& counted);
    void setAll(bool visible);
    void showAlone(QListWidgetItem* item);

    QListWidget* list_ = nullptr;
    QCheckBox* train_ = nullptr;
    QCheckBox* heldOut_ = nullptr;
};

}  // namespace embedscope
