#include "ui/compare/comparison_results.h"

#include "ui/compare/comparison_table.h"

#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QSortFilterProxyModel>
#include <QTabWidget>
#include <QTableView>
#include <QVBoxLayout>

#include <cmath>

namespace embedscope {
namespace {

double momentOf(const MetricsRow& row, TimeAxis axis) {
    if (axis == TimeAxis::Epoch) return row.epoch;
    return axis == TimeAxis::Seconds ? row.seconds : static_cast<double>(row.step);
}

double recallOf(const MetricsRow& row) {
    return row.recallAt1;
}
double lossOf(const MetricsRow& row) {
    return row.loss;
}
double gapOf(const MetricsRow& row) {
    return row.dissimilarMean - row.similarMean;
}

QString joined(const std::vector<std::string>& sentences, const QString& mark) {
    QStringList lines;
    for (const std::string& sentence : sentences) lines << mark + QString::fromStdString(sentence);
    return lines.join('\n');
}

QString verdictOf(const Comparison& comparison, const std::vector<ComparisonRow>& rows) {
    const std::vector<std::string> found = verdicts(comparison, rows);
    if (!found.empty()) return joined(found, {});
    return ComparisonResults::tr(
        "One run each: a lead of a point or two may be chance. The grid repeats a setting with "
        "several seeds and then tells whether a lead holds.");
}

}  // namespace

ComparisonResults::ComparisonResults(Forks forks, QWidget* parent) : QWidget(parent) {
    setObjectName("comparison_results");
    warnings_ = new QLabel;
    warnings_->setObjectName("twin_warnings");
    verdict_ = new QLabel;
    verdict_->setObjectName("verdicts");
    verdict_->setProperty("faint", true);
    for (QLabel* label : {verdict_, warnings_}) {
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    }
    tabs_ = new QTabWidget;
    tabs_->setObjectName("comparison_tabs");
    tabs_->setDocumentMode(true);
    tabs_->addTab(makeTablePage(), tr("Table"));
    addChart("overlay_recall", tr("Recall@1"),
             tr("Share of held-out images whose nearest other held-out image has the same class, at epoch ends. A "
                "click shows all panes as they were at that moment."),
             true, recallOf);
    addChart("overlay_loss", tr("Loss"),
             tr("Losses of different formulas or margins do not compare with each other, only each with its own past."),
             false, lossOf);
    addChart(
        "overlay_gap", tr("Gap"),
        tr("Mean Euclidean distance of dissimilar pairs less that of similar pairs. The table tells it in standard "
           "deviations, as separation."),
        false, gapOf);
    if (forks == Forks::Shown) addTree();
    connect(tabs_, &QTabWidget::currentChanged, this, &ComparisonResults::tabChanged);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(tabs_, 1);
}

QWidget* ComparisonResults::makeTablePage() {
    table_ = new ComparisonTable(this);
    auto* sorted = new QSortFilterProxyModel(this);
    sorted->setSourceModel(table_);
    sorted->setSortRole(ComparisonTable::kSortRole);
    view_ = new QTableView;
    view_->setObjectName("comparison_table");
    view_->setModel(sorted);
    view_->setSortingEnabled(true);
    view_->sortByColumn(-1, Qt::DescendingOrder);
    view_->setSelectionBehavior(QAbstractItemView::SelectRows);
    view_->setEditTriggers(QAbstractItemView::NoEditTriggers);
    view_->setShowGrid(false);
    view_->setFrameShape(QFrame::NoFrame);
    view_->verticalHeader()->hide();
    view_->verticalHeader()->setDefaultSectionSize(24);
    view_->horizontalHeader()->setHighlightSections(false);
    goal_ = new QDoubleSpinBox;
    goal_->setRange(0.01, 1);
    goal_->setSingleStep(0.05);
    goal_->setObjectName("recall_goal");
    goal_->setToolTip(tr("The table tells after how many seconds of training each run first reached this Recall@1"));
    auto* head = new QHBoxLayout;
    head->setContentsMargins(12, 4, 12, 2);
    auto* texts = new QVBoxLayout;
    texts->setSpacing(2);
    texts->addWidget(warnings_);
    texts->addWidget(verdict_);
    head->addLayout(texts, 1);
    auto* goalText = new QLabel(tr("Goal, Recall@1:"));
    goalText->setProperty("faint", true);
    head->addWidget(goalText, 0, Qt::AlignTop);
    head->addWidget(goal_, 0, Qt::AlignTop);
    connect(goal_, &QDoubleSpinBox::valueChanged, this, &ComparisonResults::recallGoalChanged);
    auto* page = new QWidget;
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(2);
    column->addLayout(head);
    column->addWidget(view_, 1);
    return page;
}

void ComparisonResults::addTree() {
    tree_ = new ForkTree;
    auto* scroll = new QScrollArea;
    scroll->setWidget(tree_);
    scroll->setWidgetResizable(true);
    tabs_->addTab(scroll, tr("Forks"));
}

void ComparisonResults::addChart(const QString& name, const QString& title, const QString& help, bool percent,
                                 double (*value)(const MetricsRow&)) {
    auto* chart = new OverlayChart(name, title, help, percent);
    connect(chart, &OverlayChart::clicked, this, &ComparisonResults::momentClicked);
    tabs_->addTab(chart, title);
    charts_.push_back({chart, value});
}

void ComparisonResults::show(const Comparison& comparison, const std::vector<ComparisonRow>& rows,
                             const std::vector<QColor>& colors) {
    const int columns = table_->columnCount();
    table_->show(comparison, rows, colors);
    if (columns != table_->columnCount() || !view_->isVisible()) view_->resizeColumnsToContents();
    const std::vector<std::string> warnings = twinWarnings(comparison);
    warnings_->setText(joined(warnings, "⚠ "));
    warnings_->setVisible(!warnings.empty());
    verdict_->setText(verdictOf(comparison, rows));
    const QSignalBlocker quiet(goal_);
    goal_->setValue(comparison.recallGoal);
}

void ComparisonResults::showCurves(const Comparison& comparison, const Histories& histories,
                                   const std::vector<QColor>& colors, TimeAxis axis, const QString& axisLabel) {
    for (const Chart& chart : charts_) {
        if (!chart.chart->isVisible()) continue;
        std::vector<OverlayLine> lines;
        for (std::size_t run = 0; run < histories.size(); ++run) {
            OverlayLine line{QString::fromStdString(comparison.runs[run].name), colors[run], {}};
            if (histories[run])
                for (const MetricsRow& row : *histories[run])
                    if (const double value = chart.value(row); std::isfinite(value))
                        line.points.emplace_back(momentOf(row, axis), value);
            lines.push_back(std::move(line));
        }
        chart.chart->setLines(std::move(lines), axisLabel);
    }
}

void ComparisonResults::setCursor(std::optional<double> moment) {
    for (const Chart& chart : charts_) chart.chart->setCursor(moment);
}

}  // namespace embedscope
