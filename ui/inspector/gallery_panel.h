#pragma once

#include "engine/data_set.h"
#include "ui/inspector/newest_task.h"

#include <QWidget>

#include <memory>
#include <vector>

class QComboBox;
class QLabel;
class QSlider;

namespace embedscope {

class ThumbnailGrid;

/// The pictures of a selection, in an order that is chosen.
class GalleryPanel : public QWidget {
    Q_OBJECT
public:
    explicit GalleryPanel(QWidget* parent = nullptr);

    void setDataSet(std::shared_ptr<const DataSet> dataSet);
    /// The same images with other labels.
    void setLabels(std::shared_ptr<const DataSet> relabelled);
    /// Sorted off the UI thread. Empty: a sentence says how to select.
    void setSamples(std::vector<int> samples);
    ThumbnailGrid* grid() const { return grid_; }

private:
    struct Sorted {
        std::shared_ptr<const DataSet> data;
        std::vector<int> samples;
    };
    void sort();

    std::shared_ptr<const DataSet> data_;
    std::vector<int> samples_;
    QLabel *title_ = nullptr, *note_ = nullptr;
    QComboBox* order_ = nullptr;
    QSlider* size_ = nullptr;
    ThumbnailGrid* grid_ = nullptr;
    NewestTask<Sorted> sortTask_;  ///< Last: waits for its work.
};

}  // namespace embedscope
