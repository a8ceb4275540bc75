#pragma once

#include "engine/snapshot.h"
#include "ui/charts/setting_changes.h"

#include <QWidget>

#include <array>
#include <memory>
#include <optional>

class QLabel;
class QStackedWidget;

namespace embedscope {

class CurveChart;
class FrameLimit;

/// How the run went so far, over its steps: distances, loss and active share, Recall@1. One cursor for all charts.
class TrainingCurves : public QWidget {
    Q_OBJECT
public:
    explicit TrainingCurves(QWidget* parent = nullptr);
    ~TrainingCurves() override;

    /// UI thread. Returns at once; draws at most 15 times a second, only while visible and only what is new.
    void showSnapshot(const Snapshot& snapshot);
    void clear();

protected:
    void changeEvent(QEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    void build();
    void draw();
    void drawCaption();
    void setCursor(std::optional<double> step);
    std::size_t nearestRow(double step) const;
    QString changesAt(std::size_t row) const;

    std::shared_ptr<const std::vector<MetricsRow>> history_;
    std::optional<MarginMark> margin_;
    SettingChanges changes_;
    double stepsPerEpoch_ = 0;
    std::optional<double> cursor_;
    std::unique_ptr<FrameLimit> frames_;
    std::array<CurveChart*, 3> charts_{};
    QStackedWidget* pages_ = nullptr;
    QLabel* note_ = nullptr;
    QLabel* caption_ = nullptr;
};

}  // namespace embedscope
