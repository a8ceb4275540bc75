#include "app/ready_made_comparisons.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <ostream>
#include <stdexcept>

// Resources of a static library are linked only when asked for; the macro must stand outside of namespaces.
static void loadResources() {
    Q_INIT_RESOURCE(resources);
}

namespace embedscope {
namespace {

QDir resources() {
    loadResources();
    return QDir(":/comparisons");
}

QStringList files() {
    return resources().entryList({"*.json"}, QDir::Files, QDir::Name);
}

/// "2_margins.json" -> "margins".
std::string idOf(const QString& file) {
    return file.section('_', 1).section('.', 0, 0).toStdString();
}

Comparison read(const QString& name) {
    QFile file(resources().filePath(name));
    if (!file.open(QFile::ReadOnly)) throw std::runtime_error('"' + name.toStdString() + "\" is missing.");
    return comparisonFromJson(file.readAll().toStdString());
}

}  // namespace

Comparison readyMadeComparison(const std::string& id) {
    std::string known;
    for (const QString& file : files()) {
        if (idOf(file) == id) return read(file);
        known += (known.empty() ? "" : ", ") + idOf(file);
    }
    throw std::invalid_argument('"' + id + "\" is no file and no ready-made comparison; choose one of: " + known + ".");
}

void printReadyMadeComparisons(bool json, std::ostream& out) {
    QJsonArray rows;
    for (const QString& file : files()) {
        const Comparison comparison = read(file);
        QJsonArray names;
        for (const ComparedRun& run : comparison.runs) names.append(QString::fromStdString(run.name));
        rows.append(QJsonObject{{"id", QString::fromStdString(idOf(file))},
                                {"label", QString::fromStdString(comparison.name)},
                                {"help", QString::fromStdString(comparison.about)},
                                {"runs", names}});
        if (json) continue;
        out << idOf(file) << "  (" << comparison.name << ")\n    " << comparison.about << '\n';
        for (const ComparedRun& run : comparison.runs) out << "    - " << run.name << '\n';
    }
    if (json) out << QJsonDocument(rows).toJson(QJsonDocument::Compact).toStdString() << '\n';
}

}  // namespace embedscope
