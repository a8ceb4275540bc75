#pragma once

#include "engine/snapshot.h"

#include <QWidget>

#include <memory>
#include <optional>

class QCPGraph;
class QCPItemLine;
class QCPItemText;
class QCustomPlot;
class QLabel;
class QStackedWidget;

namespace embedscope {

class FrameLimit;

/// What both axes of a distance histogram reach to; both begin at 0.
struct DistanceAxes {
    double right = 0;    ///< Euclidean distance.
    double highest = 0;  ///< Share of pairs, in % per bin; of shared axes their end, else that of the bars.
    bool operator==(const DistanceAxes&) const = default;
};

/// How far similar and dissimilar pairs are from each other now: two histograms, their means and the margin.
class DistancePanel : public QWidget {
    Q_OBJECT
public:
    explicit DistancePanel(QWidget* parent = nullptr);
    ~DistancePanel() override;

    /// UI thread. Returns at once; draws at most 15 times a second and only while visible.
    void showSnapshot(const Snapshot& snapshot);
    void showDistances(std::shared_ptr<const DistanceStatistics> distances, const std::optional<MarginMark>& margin);
    void clear();

    /// What the panel would choose by itself; zeros while there is nothing to draw.
    DistanceAxes ownAxes() const;
    /// Axes that several panels share; none: each its own.
    void setSharedAxes(const std::optional<DistanceAxes>& axes);

protected:
    void changeEvent(QEvent* event) override;
    void showEvent(QShowEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    struct Side {
        QCPGraph* histogram = nullptr;
        QCPItemLine* mean = nullptr;
    };
    void build();
    Side makeSide();
    void applyColors();
    void draw();
    void drawSide(const Side& side, const DistanceDistribution& pairs);
    void drawMargin(double right);
    void drawCaption();
    void setHeight(double highest);
    void showBin(const QPoint& position);

    std::shared_ptr<const DistanceStatistics> distances_;
    std::optional<MarginMark> margin_;
    std::optional<DistanceAxes> sharedAxes_;
    std::unique_ptr<FrameLimit> frames_;
    QStackedWidget* pages_ = nullptr;
    QLabel* note_ = nullptr;
    QLabel* caption_ = nullptr;
    QCustomPlot* plot_ = nullptr;
    Side similar_, dissimilar_;
    QCPItemLine* marginLine_ = nullptr;
    QCPItemText* marginText_ = nullptr;
};

}  // namespace embedscope
