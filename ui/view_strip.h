#pragma once

#include "engine/data_set.h"
#include "ui/inspector/newest_task.h"

#include <QImage>
#include <QWidget>

#include <cstdint>
#include <memory>
#include <vector>

namespace embedscope {

/// Two images of the data set, each with random views of it, as an augmentation makes them. Computed off the UI thread.
class ViewStrip : public QWidget {
    Q_OBJECT
public:
    static constexpr int kOriginals = 2;
    static constexpr int kViews = 12;

    explicit ViewStrip(QWidget* parent = nullptr);

    void setDataSet(std::shared_ptr<const DataSet> dataSet);
    /// The same images and the same dice: only what differs in `augmentation` changes.
    void showViewsOf(const Choice& augmentation);
    /// Other images, other views.
    void shuffle();

    /// The original and its views, as drawn last.
    const std::vector<std::vector<QImage>>& rows() const { return rows_; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void drawn();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    using Rows = std::vector<std::vector<QImage>>;
    void start();

    std::shared_ptr<const DataSet> data_;
    Choice augmentation_{"none", {}};
    std::uint64_t seed_ = 1;
    Rows rows_;
    NewestTask<Rows> task_;  // last: its end is waited for before the rest goes
};

}  // namespace embedscope
