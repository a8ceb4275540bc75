#pragma once

#include "engine/snapshot.h"

#include <QWidget>

#include <memory>
#include <vector>

class QLabel;
class QPushButton;
class QTableWidget;
class QVBoxLayout;

namespace embedscope {

class CurveChart;

/// All measures on the hold-out: now, the best so far, the change since the time before; the chosen one as a curve.
class MeasuresPanel : public QWidget {
    Q_OBJECT
public:
    explicit MeasuresPanel(QWidget* parent = nullptr);

    /// UI thread. Fills the table only when something new was measured.
    void showSnapshot(const Snapshot& snapshot);
    void clear();

Q_SIGNALS:
    void measureRequested();

private:
    void makeTable();
    void fill();
    void fillRow(int row);
    void showCurve();

    std::shared_ptr<const std::vector<MetricsRow>> history_;
    std::vector<MetricsRow> measured_;  ///< The rows of the history that hold measures.
    double stepsPerEpoch_ = 0;
    int charted_ = -1;  ///< Row of the measure catalogue that the curve shows.
    QTableWidget* table_ = nullptr;
    QLabel* note_ = nullptr;
    QPushButton* now_ = nullptr;
    QVBoxLayout* column_ = nullptr;
    CurveChart* chart_ = nullptr;
};

}  // namespace embedscope
