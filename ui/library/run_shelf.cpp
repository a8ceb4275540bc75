#include "ui/library/run_shelf.h"

#include "engine/projection.h"
#include "engine/run_points.h"
#include "ui/paths.h"
#include "ui/scatter/picture.h"

#include <QCryptographicHash>
#include <QDateTime>
#include <QDir>
#include <QFileInfo>
#include <QStandardPaths>

#include <exception>

namespace embedscope {
namespace {

constexpr QSize kMapSize(96, 72);

QDateTime changed(const QString& folder) {
    const QFileInfo table(folder + "/metrics.csv");
    return table.exists() ? table.lastModified() : QFileInfo(folder).lastModified();
}

/// Another one as soon as the run was written on.
QString cachedMap(const QString& folder, bool dark) {
    const QString key = folder + changed(folder).toString(Qt::ISODateWithMs) + (dark ? "dark" : "light");
    const QByteArray name = QCryptographicHash::hash(key.toUtf8(), QCryptographicHash::Sha1).toHex();
    return QStandardPaths::writableLocation(QStandardPaths::CacheLocation) + "/maps/" + name + ".png";
}

QImage mapOf(const std::filesystem::path& folder, bool dark) try {
    const QString cache = cachedMap(textOf(folder), dark);
    if (QImage kept(cache); !kept.isNull()) return kept;
    const RunPoints points = newestPoints(folder);
    const std::shared_ptr<const Layout> layout = projectOnce(points.bank);
    if (!layout) return {};
    const QImage map = renderThumbnail(*layout, *points.data, kMapSize, dark);
    QDir().mkpath(QFileInfo(cache).path());
    map.save(cache);  // without it the map is drawn again
    return map;
} catch (const std::exception&) {
    return {};  // the row says what is wrong with the run
}

}  // namespace

RunShelf readShelf(const std::filesystem::path& folder, bool dark) {
    RunShelf shelf;
    std::error_code none;
    if (!std::filesystem::exists(folder, none)) return shelf;  // no run was kept yet
    try {
        for (KeptRun& run : keptRuns(folder)) {
            const std::filesystem::path place = run.folder;
            shelf.runs.push_back({std::move(run), readRunNotes(place), mapOf(place, dark),
                                  changed(textOf(place)).toString("yyyy-MM-dd HH:mm")});
        }
    } catch (const std::exception& problem) {
        shelf.problem = QString::fromUtf8(problem.what());
    }
    return shelf;
}

}  // namespace embedscope
