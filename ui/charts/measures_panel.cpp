#include "ui/charts/measures_panel.h"

#include "engine/measures.h"
#include "ui/charts/chart_theme.h"
#include "ui/charts/curve_chart.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QTableWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace embedscope {
namespace {

enum Column { kName, kNow, kBest, kChange, kColumns };
/// The id of the standard error of a measure is that of the measure and this.
constexpr const char* kError = "_error";

bool isShare(const MeasureEntry& entry) {
    return std::min(entry.worst, entry.best) >= 0 && std::max(entry.worst, entry.best) <= 1 && entry.group != "Health";
}

QString written(const MeasureEntry& entry, double value) {
    return isShare(entry) ? percentText(value) : shortNumber(value);
}

/// With its sign; of shares in percentage points.
QString changeText(const MeasureEntry& entry, double change) {
    if (!std::isfinite(change)) return shortNumber(change);
    const double shown = isShare(entry) ? 100 * change : change;
    const QString size = isShare(entry) ? QString::number(std::abs(shown), 'f', 1) : shortNumber(std::abs(shown));
    return (change < 0 ? QString(QChar(0x2212)) : QString("+")) + size;
}

QString helpOf(const MeasureEntry& entry) {
    const auto escaped = [](const std::string& text) { return QString::fromStdString(text).toHtmlEscaped(); };
    QString text = "<b>" + escaped(entry.label) + "</b><br>" + escaped(entry.help) + "<br><code>" +
                   escaped(entry.formula) + "</code>";
    if (!entry.source.empty()) text += "<br><i>" + escaped(entry.source) + "</i>";
    return text;
}

double valueOf(const MetricsRow& row, const std::string& id) {
    const auto found = row.measures->find(id);
    return found == row.measures->end() ? MetricsRow::kNone : found->second;
}

/// Of all rows; NaN where the table says of no value that it is best.
double bestOf(const std::vector<MetricsRow>& rows, const MeasureEntry& entry) {
    double best = MetricsRow::kNone;
    if (entry.id == "best_threshold") return best;
    for (const MetricsRow& row : rows) {
        const double value = valueOf(row, entry.id);
        const bool better = entry.best > entry.worst ? value > best : value < best;
        if (std::isfinite(value) && (std::isnan(best) || better)) best = value;
    }
    return best;
}

}  // namespace

MeasuresPanel::MeasuresPanel(QWidget* parent) : QWidget(parent), note_(new QLabel), now_(new QPushButton) {
    setObjectName("measuresPanel");
    fillWithGround(*this);
    note_->setObjectName("measuresNote");
    note_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    now_->setObjectName("measure_now");
    now_->setText(tr("Measure now"));
    now_->setToolTip(tr("All measures on the whole hold-out with the encoder as it is; training waits meanwhile."));
    connect(now_, &QPushButton::clicked, this, &MeasuresPanel::measureRequested);
    makeTable();
    auto* head = new QHBoxLayout;
    head->addWidget(note_, 1);
    head->addWidget(now_);
    column_ = new QVBoxLayout(this);
    column_->setContentsMargins(6, 6, 6, 4);
    column_->setSpacing(4);
    column_->addLayout(head);
    column_->addWidget(table_, 3);
    clear();
    table_->selectRow(0);
}

void MeasuresPanel::makeTable() {
    const std::vector<MeasureEntry>& catalog = measureCatalog();
    table_ = new QTableWidget(static_cast<int>(catalog.size()), kColumns, this);
    table_->setObjectName("measures");
    table_->setHorizontalHeaderLabels({tr("Measure"), tr("Now"), tr("Best"), tr("Change")});
    table_->verticalHeader()->hide();
    table_->verticalHeader()->setDefaultSectionSize(22);
    table_->horizontalHeader()->setSectionResizeMode(kName, QHeaderView::Stretch);
    for (const int column : {kNow, kBest, kChange})
        table_->horizontalHeader()->setSectionResizeMode(column, QHeaderView::ResizeToContents);
    table_->setSelectionBehavior(QAbstractItemView::SelectRows);
    table_->setSelectionMode(QAbstractItemView::SingleSelection);
    table_->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table_->setShowGrid(false);
    for (int row = 0; row < table_->rowCount(); ++row) {
        const MeasureEntry& entry = catalog[static_cast<std::size_t>(row)];
        for (int column = 0; column < kColumns; ++column) {
            auto* item = new QTableWidgetItem;
            item->setToolTip(helpOf(entry));
            if (column != kName) item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
            table_->setItem(row, column, item);
        }
        table_->item(row, kName)->setText(QString::fromStdString(entry.label));
        table_->setRowHidden(row, entry.id.ends_with(kError));  // it stands beside what it is the error of
    }
    connect(table_, &QTableWidget::itemSelectionChanged, this, &MeasuresPanel::showCurve);
}

void MeasuresPanel::showSnapshot(const Snapshot& snapshot) {
    now_->setEnabled(!snapshot.ended() && snapshot.phase != RunPhase::Preparing);
    stepsPerEpoch_ = static_cast<double>(snapshot.stepsPerEpoch);
    if (!snapshot.history || snapshot.history == history_) return;
    history_ = snapshot.history;
    std::vector<MetricsRow> measured;
    std::ranges::copy_if(*history_, std::back_inserter(measured),
                         [](const MetricsRow& row) { return row.measures != nullptr; });
    const bool same = measured.size() == measured_.size() &&
                      (measured.empty() || measured.back().measures == measured_.back().measures);
    if (same) return;
    measured_ = std::move(measured);
    fill();
}

void MeasuresPanel::clear() {
    history_.reset();
    measured_.clear();
    now_->setEnabled(false);
    fill();
}

void MeasuresPanel::fill() {
    for (int row = 0; row < table_->rowCount(); ++row) fillRow(row);
    note_->setText(measured_.empty()
                       ? tr("Measured on the hold-out when an epoch ends.")
                       : tr("On the hold-out, epoch %1").arg(QLocale().toString(measured_.back().epoch, 'g', 4)));
    showCurve();
}

void MeasuresPanel::fillRow(int row) {
    const MeasureEntry& entry = measureCatalog()[static_cast<std::size_t>(row)];
    const double now = measured_.empty() ? MetricsRow::kNone : valueOf(measured_.back(), entry.id);
    const double before = measured_.size() < 2 ? MetricsRow::kNone : valueOf(*(measured_.end() - 2), entry.id);
    const double error = measured_.empty() ? 0 : valueOf(measured_.back(), entry.id + kError);
    table_->item(row, kNow)->setText(written(entry, now) + (error > 0 ? " ± " + shortNumber(error) : QString()));
    table_->item(row, kBest)->setText(written(entry, bestOf(measured_, entry)));
    table_->item(row, kChange)->setText(changeText(entry, now - before));
}

/// The chart is made anew for another measure: its name, scale and help are that measure's.
void MeasuresPanel::showCurve() {
    const int row = table_->currentRow();
    if (row < 0) return;
    if (row != charted_) {
        const MeasureEntry& entry = measureCatalog()[static_cast<std::size_t>(row)];
        delete chart_;
        Curve curve{tr("hold-out"), ChartInk::First};
        curve.measure = entry.id;
        curve.percent = isShare(entry);
        curve.points = true;
        curve.fromZero = false;
        chart_ = new CurveChart("measureCurve", QString::fromStdString(entry.label), helpOf(entry), {curve}, this);
        chart_->setEdges(false, true);
        column_->addWidget(chart_, 2);
        charted_ = row;
    }
    chart_->setHistory(measured_);
    if (!measured_.empty()) {
        const auto first = static_cast<double>(measured_.front().step);
        chart_->setSteps(first, std::max(static_cast<double>(measured_.back().step), first + 1), stepsPerEpoch_);
    }
    chart_->draw();
}

}  // namespace embedscope
