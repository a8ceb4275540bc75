#include "ui/library/run_shelf.h"

#include "engine/projection.h"
#include "engine/run_points.h"
#include "ui/paths.h"
#include "ui/scatter/picture.h"

#include <QCryptographicHash>
#include <QDateTime>
#include <QDir>
#include <QFile>
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

/// A file for each run and theme, so that they do not grow with every look.
QString cachedMap(const QString& folder, bool dark) {
    const QString key = folder + (dark ? "dark" : "light");
    const QByteArray name = QCryptographicHash::hash(key.toUtf8(), QCryptographicHash::Sha1).toHex();
    return QStandardPaths::writableLocation(QStandardPaths::CacheLocation) + "/maps/" + name + ".png";
}

/// Without it the map is drawn again. The file bears the run's time: another one as soon as the run was written on.
void keep(const QImage& map, const QString& cache, const QDateTime& written) {
    QDir().mkpath(QFileInfo(cache).path());
    if (!map.save(cache)) return;
    QFile file(cache);
    if (file.open(QFile::ReadWrite | QFile::ExistingOnly)) file.setFileTime(written, QFile::FileModificationTime);
}

QImage mapOf(const std::filesystem::path& folder, bool dark) try {
    const QString cache = cachedMap(textOf(folder), dark);
    const QDateTime written = changed(textOf(folder));
    if (QFileInfo(cache).lastModified() == written)
        if (QImage kept(cache); !kept.isNull()) return kept;
    const RunPoints points = newestPoints(folder);
    const std::shared_ptr<const Layout> layout = projectOnce(points.bank);
    if (!layout) return {};
    const QImage map = renderThumbnail(*layout, *points.data, kMapSize, dark);
    keep(map, cache, written);
    return map;
} catch (const std::exception&) {
    return {};  // the row says what is wrong with the run
}

}  // namespace

RunShelf readShelf(const std::filesystem::path& folder, bool dark, const std::stop_token& stop) {
    RunShelf shelf;
    std::error_code none;
    if (!std::filesystem::exists(folder, none)) return shelf;  // no run was kept yet
    try {
        for (KeptRun& run : keptRuns(folder)) {
            if (stop.stop_requested()) break;
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
