#pragma once

#include <QString>
#include <QVariant>

#include <functional>

namespace embedscope {

// What the user chose, kept for the next start. Any thread. Answers come from memory: the file is read at the start and
// again with every writing, so that what other windows wrote is known from then on. A thread of its own writes what has
// changed as soon as the disk takes it, because a disk that is busy with thousands of images can keep a writer waiting
// for a second. At the end of the program all that is left is written.

/// @param standard Where nothing was chosen.
QVariant preference(const QString& key, const QVariant& standard = {});
/// Does not block.
void setPreference(const QString& key, const QVariant& value);
/// Makes a value from the one before: now from the one in memory, and once more, by the writing thread, from the one
/// that the file holds by then, which another window may have written. Does not block.
/// @param change Must not use preferences itself.
void changePreference(const QString& key, std::function<QVariant(const QVariant& before)> change);
/// Forgets all. Does not block.
void clearPreferences();
/// Blocks until all that was set is in the file.
void writePreferences();

}  // namespace embedscope
