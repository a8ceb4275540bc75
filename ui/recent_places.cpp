#include "ui/recent_places.h"

#include "ui/preferences.h"

#include <QDateTime>
#include <QDir>
#include <QStandardPaths>

namespace embedscope {
namespace {

constexpr int kMost = 8;

QStringList existing(const QStringList& places) {
    QStringList found;
    for (const QString& place : places)
        if (QFileInfo::exists(place)) found << place;
    return found;
}

QStringList listOf(const QString& key) {
    return existing(preference(key).toStringList());
}

/// Before those that other windows remembered meanwhile.
void remember(const QString& key, const QString& place) {
    changePreference(key, [place](const QVariant& before) {
        QStringList places = existing(before.toStringList());
        places.removeAll(place);
        places.prepend(place);
        return QVariant(QStringList(places.mid(0, kMost)));
    });
}

const QString kPlaces = QStringLiteral("recentPlaces");
const QString kRuns = QStringLiteral("recentRuns");
const QString kRunsFolder = QStringLiteral("runsFolder"), kKeepsRuns = QStringLiteral("keepsRuns");

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
    return preference(kRunsFolder, own).toString();
}
void setRunsFolder(const QString& folder) {
    setPreference(kRunsFolder, folder);
}

bool keepsRuns() {
    return preference(kKeepsRuns, true).toBool();
}
void setKeepsRuns(bool keep) {
    setPreference(kKeepsRuns, keep);
}

QString newRunFolder(const QString& name) {
    const QString stamp = QDateTime::currentDateTime().toString(QStringLiteral("yyyy-MM-dd HH-mm-ss"));
    const QString folder = QDir::cleanPath(runsFolder() + '/' + QString(name).replace('/', '-') + ' ' + stamp);
    QString unused = folder;
    for (int number = 2; QFileInfo::exists(unused); ++number) unused = folder + QString(" (%1)").arg(number);
    return unused;
}

}  // namespace embedscope
