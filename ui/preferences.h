#pragma once

#include <QString>
#include <QVariant>

namespace embedscope {

// What the user chose, kept for the next start. Any thread. Answers come from memory: the file is read once, and a
// thread of its own writes what has changed as soon as the disk takes it, because a disk that is busy with thousands of
// images can keep a writer waiting for a second. At the end of the program all that is left is written.

/// @param standard Where nothing was chosen.
QVariant preference(const QString& key, const QVariant& standard = {});
/// Does not block.
void setPreference(const QString& key, const QVariant& value);
/// Forgets all. Does not block.
void clearPreferences();
/// Blocks until all that was set is in the file.
void writePreferences();

}  // namespace embedscope
