#pragma once

#include "engine/comparison.h"
#include "ui/charts/overlay_chart.h"
#include "ui/compare/fork_tree.h"
#include "ui/compare/layout_history.h"

#include <QWidget>

#include <memory>
#include <optional>
#include <vector>

class QDoubleSpinBox;
class QLabel;
class QTableView;
class QTabWidget;

namespace embedscope {

class ComparisonTable;

/// The histories of all runs as curves, one a run.
using Histories = std::vector<std::shared_ptr<const std::vector<MetricsRow>>>;

/// How the runs of a comparison stand: what keeps them from being twins, the verdict, the table and the curves.
class ComparisonResults : public QWidget {
    Q_OBJECT
public:
    enum class Forks { Shown, None };
    explicit ComparisonResults(Forks forks = Forks::Shown, QWidget* parent = nullptr);

    /// @param rows, histories, colors [Comparison::runs]
    void show(const Comparison& comparison, const std::vector<ComparisonRow>& rows, const std::vector<QColor>& colors);
    void showCurves(const Comparison& comparison, const Histories& histories, const std::vector<QColor>& colors,
                    TimeAxis axis, const QString& axisLabel);
    void setCursor(std::optional<double> moment);
    ForkTree* tree() const { return tree_; }  ///< Null: none.

    ComparisonTable* table() const { return table_; }

Q_SIGNALS:
    void momentClicked(double moment);
    void recallGoalChanged(double goal);
    void tabChanged();

private:
    QWidget* makeTablePage();
    void addTree();
    void addChart(const QString& name, const QString& title, const QString& help, bool percent,
                  double (*value)(const MetricsRow&));

    struct Chart {
        OverlayChart* chart = nullptr;
        double (*value)(const MetricsRow&) = nullptr;
    };
    ComparisonTable* table_ = nullptr;
    QTableView* view_ = nullptr;
    QLabel *warnings_ = nullptr, *verdict_ = nullptr;
    QDoubleSpinBox* goal_ = nullptr;
    QTabWidget* tabs_ = nullptr;
    std::vector<Chart> charts_;
    ForkTree* tree_ = nullptr;
};

}  // namespace embedscope
