#include "ui/ready_made.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>

#include <stdexcept>

// Resources of a static library are linked only when asked for; the macro must stand outside of namespaces.
static void initResources() {
    Q_INIT_RESOURCE(resources);
}

namespace embedscope {

void loadResources() {
    initResources();
}

namespace {

ReadyMade readFile(const QString& path) {
    QFile file(path);
    if (!file.open(QFile::ReadOnly)) throw std::runtime_error("\"" + path.toStdString() + "\" is missing.");
    const QJsonObject json = QJsonDocument::fromJson(file.readAll()).object();
    const QByteArray experiment = QJsonDocument(json["experiment"].toObject()).toJson();
    return {json["title"].toString(), json["about"].toString(), experimentFromJson(experiment.toStdString())};
}

}  // namespace

std::vector<ReadyMade> readyMadeExperiments() {
    loadResources();
    std::vector<ReadyMade> all;
    const QDir folder(":/experiments");
    for (const QString& name : folder.entryList({"*.json"}, QDir::Files, QDir::Name))
        all.push_back(readFile(folder.filePath(name)));
    return all;
}

}  // namespace embedscope
