#include "ui/compare/comparison_table.h"

#include "engine/comparison_report.h"

#include <QFont>
#include <QLocale>

#include <cmath>
#include <limits>

namespace embedscope {
namespace {

/// The step comes before the columns of the engine's table.
constexpr std::size_t kStepColumns = 1;

std::size_t numberColumns() {
    return kStepColumns + comparisonColumns().size();
}

double valueOf(const ComparisonRow& row, std::size_t number) {
    return number == 0 ? static_cast<double>(row.step) : row.*comparisonColumns()[number - kStepColumns].number;
}

QString written(const ComparisonRow& row, std::size_t number) {
    if (number == 0) return QLocale().toString(static_cast<qlonglong>(row.step));
    return QString::fromStdString(writtenNumber(comparisonColumns()[number - kStepColumns], valueOf(row, number)));
}

}  // namespace

void ComparisonTable::show(const Comparison& comparison, std::vector<ComparisonRow> rows, std::vector<QColor> colors) {
    std::vector<QString> names;
    for (const ComparedRun& run : comparison.runs) names.push_back(QString::fromStdString(run.name));
    std::vector<SettingDifference> found = differences(comparison);
    std::erase_if(found, [](const SettingDifference& difference) { return difference.id == "name"; });
    const bool same = names.size() == names_.size() && found.size() == differences_.size();
    if (!same) beginResetModel();
    names_ = std::move(names);
    differences_ = std::move(found);
    rows_ = std::move(rows);
    colors_ = std::move(colors);
    findBest();
    if (!same)
        endResetModel();
    else
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
}

void ComparisonTable::findBest() {
    best_.assign(numberColumns(), std::vector<bool>(rows_.size(), false));
    for (std::size_t column = 0; column < comparisonColumns().size(); ++column)
        for (const std::size_t run : bestRows(comparisonColumns()[column], rows_))
            best_[kStepColumns + column][run] = true;
}

int ComparisonTable::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

int ComparisonTable::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(1 + differences_.size() + numberColumns());
}

QVariant ComparisonTable::data(const QModelIndex& index, int role) const {
    const auto run = static_cast<std::size_t>(index.row()), column = static_cast<std::size_t>(index.column());
    if (!index.isValid() || run >= rows_.size()) return {};
    if (column == 0) return nameData(run, role);
    if (column <= differences_.size()) return differenceData(run, column - 1, role);
    return numberData(run, column - 1 - differences_.size(), role);
}

QVariant ComparisonTable::nameData(std::size_t run, int role) const {
    if (role == Qt::DisplayRole || role == kSortRole) return names_[run];
    if (role == Qt::DecorationRole) return colors_[run];
    return {};
}

QVariant ComparisonTable::differenceData(std::size_t run, std::size_t difference, int role) const {
    const QString text = QString::fromStdString(differences_[difference].values[run]);
    if (role == Qt::DisplayRole) return text.isEmpty() ? QString("–") : text;
    if (role != kSortRole) return {};
    bool isNumber = false;
    const double number = text.toDouble(&isNumber);
    return isNumber ? QVariant(number) : QVariant(text);
}

QVariant ComparisonTable::numberData(std::size_t run, std::size_t number, int role) const {
    const double value = valueOf(rows_[run], number);
    switch (role) {
        case Qt::DisplayRole:
            return written(rows_[run], number);
        case kSortRole:
            return std::isfinite(value) ? value : std::numeric_limits<double>::lowest();
        case kBestRole:
            return static_cast<bool>(best_[number][run]);
        case Qt::TextAlignmentRole:
            return int(Qt::AlignRight | Qt::AlignVCenter);
        case Qt::FontRole: {
            if (!best_[number][run]) return {};
            QFont bold;
            bold.setBold(true);
            return bold;
        }
        default:
            return {};
    }
}

QVariant ComparisonTable::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || (role != Qt::DisplayRole && role != Qt::ToolTipRole)) return {};
    const auto column = static_cast<std::size_t>(section);
    const bool title = role == Qt::DisplayRole;
    if (column == 0) return title ? tr("Run") : QString();
    if (column <= differences_.size())
        return QString::fromStdString(title ? differences_[column - 1].label : differences_[column - 1].id);
    const std::size_t number = column - 1 - differences_.size();
    if (number == 0) return title ? tr("Step") : tr("Batches trained on so far");
    const ComparisonColumn& entry = comparisonColumns()[number - kStepColumns];
    return QString::fromStdString(title ? entry.label : entry.help);
}

}  // namespace embedscope
