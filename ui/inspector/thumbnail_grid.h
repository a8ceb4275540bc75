#pragma once

#include "engine/data_set.h"

#include <QAbstractScrollArea>

#include <memory>
#include <vector>

namespace embedscope {

class ThumbnailStore;

/// Pictures of many samples in cells of one size. Only what is in view is made and painted, so that it scrolls as
/// smoothly with 100,000 as with 100.
class ThumbnailGrid : public QAbstractScrollArea {
    Q_OBJECT
public:
    static constexpr int kLeastSide = 32, kMostSide = 192;

    explicit ThumbnailGrid(QWidget* parent = nullptr);
    ~ThumbnailGrid() override;

    void setDataSet(std::shared_ptr<const DataSet> dataSet);
    /// The same images with other labels.
    void setLabels(std::shared_ptr<const DataSet> relabelled);
    /// In the order in which they are to be shown.
    void setSamples(std::vector<int> samples);
    const std::vector<int>& samples() const { return samples_; }
    /// Framed and scrolled to, if it is there; -1: none.
    void setCurrentSample(int sample);
    int currentSample() const { return current_; }
    /// Pointed at elsewhere: framed, but not scrolled to.
    void setRingedSample(int sample);
    /// Logical pixels of a picture's side, within the limits above.
    void setSide(int side);
    int side() const { return side_; }

    /// Where the n-th picture is now, in the viewport's coordinates.
    QRect cellAt(std::size_t index) const;
    /// Index of the picture at a place of the viewport; -1: none.
    int indexAt(QPoint place) const;
    /// Whether all pictures in view are made.
    bool isComplete() const;

Q_SIGNALS:
    void sampleHovered(int sample);                ///< -1: none.
    void sampleActivated(int sample);              ///< Clicked, or reached with the keys.
    void menuRequested(int sample, QPoint place);  ///< On the screen.

protected:
    bool viewportEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;

private:
    int columns() const;
    int pitch() const;         ///< From cell to cell.
    int devicePixels() const;  ///< Of a picture's side.
    std::pair<std::size_t, std::size_t> shownRange() const;
    void layOut();
    void requestShown();
    void activate(int index);
    void scrollTo(std::size_t index);
    void setHovered(int sample);
    void paintCell(QPainter& painter, std::size_t index) const;

    std::shared_ptr<const DataSet> data_;
    std::vector<int> samples_;
    std::unique_ptr<ThumbnailStore> pictures_;
    int side_ = 64;
    int current_ = -1, ringed_ = -1, hovered_ = -1;
};

}  // namespace embedscope
