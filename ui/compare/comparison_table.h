#pragma once

#include "engine/comparison.h"

#include <QAbstractTableModel>
#include <QColor>

#include <vector>

namespace embedscope {

/// The table of a comparison: a row a run; the settings in which they differ, then the numbers. The best number of a
/// column is bold. Sorts by the role kSortRole.
class ComparisonTable : public QAbstractTableModel {
    Q_OBJECT
public:
    static constexpr int kSortRole = Qt::UserRole;
    static constexpr int kBestRole = Qt::UserRole + 1;  ///< bool

    using QAbstractTableModel::QAbstractTableModel;

    /// @param rows, colors [Comparison::runs]
    void show(const Comparison& comparison, std::vector<ComparisonRow> rows, std::vector<QColor> colors);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QVariant nameData(std::size_t run, int role) const;
    QVariant differenceData(std::size_t run, std::size_t difference, int role) const;
    QVariant numberData(std::size_t run, std::size_t number, int role) const;
    void findBest();

    std::vector<QString> names_;
    std::vector<SettingDifference> differences_;
    std::vector<ComparisonRow> rows_;
    std::vector<QColor> colors_;
    std::vector<std::vector<bool>> best_;  ///< [numbers][runs]
};

}  // namespace embedscope
