#pragma once

#include "engine/projection.h"
#include "ui/scatter/point_grid.h"
#include "ui/scatter/points.h"
#include "ui/scatter/surface.h"

#include <QElapsedTimer>
#include <QImage>
#include <QTimer>
#include <QWidget>

#include <memory>
#include <optional>
#include <set>
#include <vector>

namespace embedscope {

class HoverCard;

/// The embedding space as points: pan by dragging, zoom with the wheel, hover and click. Points glide from layout to
/// layout; the camera follows them until the user moves it.
class EmbeddingView : public QWidget {
    Q_OBJECT
public:
    explicit EmbeddingView(QWidget* parent = nullptr);
    ~EmbeddingView() override;

    /// Forgets the layout, the selection and what was hidden. Null: empty.
    void setDataSet(std::shared_ptr<const DataSet> dataSet);
    void showLayout(std::shared_ptr<const Layout> layout);
    std::shared_ptr<const Layout> shownLayout() const { return layout_; }

    void setSelectedSample(int sample);  ///< -1: none.
    int selectedSample() const { return selected_; }
    void setHighlightedNeighbors(std::vector<int> samples);

    void setClassVisible(int label, bool visible);
    bool isClassVisible(int label) const { return !hiddenClasses_.contains(label); }
    void setSplitVisible(Split split, bool visible);

    QString rendererName() const;
    /// The view at another size, drawn on the CPU.
    QImage picture(QSize size) const;

    const DrawnPoints& points() const { return points_; }
    ScatterFrame frame() const;
    /// Where a sample is drawn now, in this widget's coordinates; none if it is not shown.
    std::optional<QPointF> screenPositionOf(int sample) const;

public Q_SLOTS:
    void fitAll();

Q_SIGNALS:
    void sampleHovered(int sample);  ///< -1: none.
    void sampleClicked(int sample);  ///< -1: beside all points.
    void rendererChanged(const QString& name);

protected:
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    void makeSurface(bool openGl);
    SurfaceSource surfaceSource();
    void startGlide();
    void advance();
    void followPoints();
    void moveCamera(const Camera& camera);
    void applyVisibility();
    void hover(QPoint cursor);
    void setHovered(std::optional<std::size_t> row, QPoint cursor);
    std::optional<std::size_t> rowAt(QPointF cursor) const;
    std::optional<std::size_t> rowOf(int sample) const;
    void paintOverlay(QPainter& painter) const;

    std::shared_ptr<const DataSet> data_;
    std::shared_ptr<const Layout> layout_;
    DrawnPoints points_;
    PointGrid grid_;
    std::vector<std::int32_t> rowOfSample_;  ///< [samples of the data set] -1: not in the layout.
    std::set<int> hiddenClasses_;
    std::set<Split> hiddenSplits_;
    int selected_ = -1;
    std::vector<int> neighbors_;
    std::optional<std::size_t> hovered_;

    Camera camera_;
    bool follows_ = true;
    QElapsedTimer glideClock_;
    QTimer frames_;

    std::unique_ptr<ScatterSurface> surface_;
    HoverCard* card_ = nullptr;
    QPoint pressed_, last_;
    bool dragging_ = false;
};

}  // namespace embedscope
