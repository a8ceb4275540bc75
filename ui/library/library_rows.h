#pragma once

#include "ui/library/run_shelf.h"

#include <QList>
#include <QString>
#include <QStringList>

#include <cstddef>

class QStandardItem;

namespace embedscope {

/// Of the table of runs.
enum LibraryColumn {
    kMap,
    kName,
    kState,
    kRecall,
    kEpochs,
    kLoss,
    kMiner,
    kEncoder,
    kImages,
    kSize,
    kChanged,
    kTags,  ///< May be edited, as the note.
    kNote
};

inline constexpr int kSortRole = Qt::UserRole;       ///< What a column is sorted by.
inline constexpr int kIndexRole = Qt::UserRole + 1;  ///< Of the name: which run of the shelf.

QStringList libraryTitles();
/// A row of the table; the model owns the items. @param index Of the run on its shelf.
QList<QStandardItem*> libraryRow(const ShelvedRun& shelved, std::size_t index);

/// The name of its folder.
QString runName(const KeptRun& run);

}  // namespace embedscope
