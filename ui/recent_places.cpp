#include "ui/recent_places.h"

#include <QDateTime>
#include <QDir>
#include <QSettings>
#include <QStandardPaths>

namespace embedscope {
namespace {

constexpr int kMost = 8;

QStringList listOf(const QString& key) {
    QStringList existing;
    for (const QString& place : QSettings().value(key).toStringList())
        if (QFileInfo::exists(place)) existing << place;
    return existing;
}

void remember(const QString& key, const QString& place) {
    QStringList places = listOf(key);
    places.removeAll(place);
    places.prepend(place);
    QSettings().setValue(key, QStringList(places.mid(0, kMost)));
}

const QString kPlaces = QStringLiteral("recentPlaces");
const QString kRuns = QStringLiteral("recentRuns");
const QString kRunsFolder = QStringLiteral("runsFolder");

}  // namespace

QStringList recentPlaces() {
    return listOf(kPlaces);
}
void rememberPlace(const QString& place) {
    remember(kPlaces, QFileInfo(place).absoluteFilePath());
}
QStringList recentRuns() {
    return listOf(kRuns);
}
void rememberRun(const QString& folder) {
    remember(kRuns, folder);
}

QString runsFolder() {
    const QString own = QStandardPaths::writableLocation(QStandardPaths::AppLocalDataLocation) + "/runs";
    return QSettings().value(kRunsFolder, own).toString();
}
void setRunsFolder(const QString& folder) {
    QSettings().setValue(kRunsFolder, folder);
}

QString newRunFolder(const QString& dataName) {
    const QString stamp = QDateTime::currentDateTime().toString(QStringLiteral("yyyy-MM-dd HH-mm-ss"));
    return QDir::cleanPath(runsFolder() + '/' + dataName + ' ' + stamp);
}

}  // namespace embedscope
