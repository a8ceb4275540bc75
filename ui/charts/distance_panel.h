#pragma once

#include "engine/snapshot.h"

#include <QWidget>

#include <cstdint>
#include <memory>
#include <optional>

class QComboBox;
class QCPGraph;
class QCPItemLine;
class QCPItemText;
class QCustomPlot;
class QLabel;
class QStackedWidget;

namespace embedscope {

class DistanceStrip;
class FrameLimit;

/// What both axes of a distance histogram reach to; both begin at 0.
struct DistanceAxes {
    double right = 0;    ///< Euclidean distance.
    double highest = 0;  ///< Share of pairs, in % per bin; of shared axes their end, else that of the bars.
    bool operator==(const DistanceAxes&) const = default;
};

/// Which pairs a distance panel shows.
enum class DistanceView { All, Training, HeldOut, OverTime };

/// Distances as they were at a step of the past.
struct DistanceMoment {
    std::int64_t step = 0;
    std::shared_ptr<const DistanceStatistics> distances;
    std::optional<MarginMark> margin;
};

/// Distances of one part of the data, as of the last exact embedding.
struct SplitDistances {
    std::int64_t step = 0;
    std::shared_ptr<const DistanceStatistics> training, heldOut;
};

/// How far similar and dissimilar pairs are from each other now: two histograms, their means, the margin, and a
/// threshold with its error rates. Margin and threshold are dragged with the mouse.
class DistancePanel : public QWidget {
    Q_OBJECT
public:
    explicit DistancePanel(QWidget* parent = nullptr);
    ~DistancePanel() override;

    /// UI thread. Returns at once; draws at most 15 times a second and only while visible.
    void showSnapshot(const Snapshot& snapshot);
    void showDistances(std::shared_ptr<const DistanceStatistics> distances, const std::optional<MarginMark>& margin);
    void clear();
    /// Offers to show training and held-out pairs apart, and the distances over time.
    void setViewsOffered(bool offered);
    void showSplits(const SplitDistances& splits);
    /// All pairs as they were, until none is given: then as they are. What is newest is kept meanwhile.
    void showMoment(std::optional<DistanceMoment> moment);
    DistanceView view() const;
    void setView(DistanceView view);
    /// Whether the margin follows the mouse: there is a run that takes it.
    void setMarginDraggable(bool draggable) { marginDraggable_ = draggable; }
    /// The one that the user chose, or else the best.
    double threshold() const;

    /// What the panel would choose by itself; zeros while there is nothing to draw.
    DistanceAxes ownAxes() const;
    /// Axes that several panels share; none: each its own.
    void setSharedAxes(const std::optional<DistanceAxes>& axes);

Q_SIGNALS:
    /// The margin was dragged to this distance.
    void marginDragged(double distance);

protected:
    void changeEvent(QEvent* event) override;
    void showEvent(QShowEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    enum class Line { None, Margin, Threshold };
    struct Side {
        QCPGraph* histogram = nullptr;
        QCPGraph* smooth = nullptr;
        QCPItemLine* mean = nullptr;
    };
    void build();
    Side makeSide();
    void applyColors();
    void draw();
    void drawSide(const Side& side, const DistanceDistribution& pairs);
    void drawMargin(double right);
    void drawThreshold(double right);
    void drawRates();
    void changeView();
    QString noteText() const;
    QString whenShown() const;
    const std::shared_ptr<const DistanceStatistics>& shown() const;
    const std::optional<MarginMark>& margin() const { return moment_ ? moment_->margin : margin_; }
    std::optional<double> marginPlace() const;
    // See distance_panel_lines.cpp.
    Line lineAt(const QPoint& position) const;
    bool followMouse(QEvent* event);
    void dragTo(const QPoint& position);
    void endDrag();
    void drawCaption();
    void setHeight(double highest);
    void showBin(const QPoint& position);

    std::shared_ptr<const DistanceStatistics> distances_;
    std::optional<MarginMark> margin_;
    std::optional<DistanceMoment> moment_;
    std::optional<DistanceAxes> sharedAxes_;
    std::unique_ptr<FrameLimit> frames_;
    QStackedWidget* pages_ = nullptr;
    QLabel* note_ = nullptr;
    QLabel* caption_ = nullptr;
    QCustomPlot* plot_ = nullptr;
    Side similar_, dissimilar_;
    QCPItemLine* marginLine_ = nullptr;
    QCPItemText* marginText_ = nullptr;
    QCPItemLine* thresholdLine_ = nullptr;
    QLabel* rates_ = nullptr;
    QComboBox* views_ = nullptr;
    DistanceStrip* strip_ = nullptr;
    SplitDistances splits_;
    std::optional<double> threshold_;      ///< Chosen by the user.
    std::optional<double> draggedMargin_;  ///< While it is dragged.
    Line dragged_ = Line::None;
    bool marginDraggable_ = false;
};

}  // namespace embedscope
