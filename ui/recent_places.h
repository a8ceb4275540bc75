#pragma once

#include <QStringList>

namespace embedscope {

/// The folders opened last, newest first, kept between sessions. At most eight.
QStringList recentPlaces();
void rememberPlace(const QString& place);

/// The folders of runs written last, newest first.
QStringList recentRuns();
void rememberRun(const QString& folder);

/// Where runs are kept; the user may choose another folder.
QString runsFolder();
void setRunsFolder(const QString& folder);

/// Whether new runs are kept; true until the user says otherwise.
bool keepsRuns();
void setKeepsRuns(bool keep);

/// A folder for a new run that does not exist yet: "<name> <date> <time>" below the runs folder.
QString newRunFolder(const QString& name);

}  // namespace embedscope
