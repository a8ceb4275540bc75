#pragma once

#include "engine/run_list.h"
#include "engine/run_notes.h"

#include <QImage>
#include <QString>

#include <filesystem>
#include <stop_token>
#include <vector>

namespace embedscope {

/// A kept run as the library shows it.
struct ShelvedRun {
    KeptRun run;
    RunNotes notes;
    QImage map;        ///< Its newest points in small; null if there are none.
    QString modified;  ///< "2026-11-24 21:05"
};

/// All runs of a folder.
struct RunShelf {
    std::vector<ShelvedRun> runs;
    QString problem;  ///< A sentence if the folder cannot be read.
};

/// Blocks: reads every run, and draws the maps that are not in the user's cache yet. Any thread. Never throws. After a
/// stop runs are missing.
RunShelf readShelf(const std::filesystem::path& folder, bool dark, const std::stop_token& stop);

}  // namespace embedscope
