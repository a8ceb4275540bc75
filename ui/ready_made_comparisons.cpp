#include "ui/ready_made_comparisons.h"

#include "ui/ready_made.h"

#include <QDir>
#include <QFile>

#include <exception>
#include <stdexcept>

namespace embedscope {

std::vector<Comparison> readyMadeComparisons() {
    loadResources();
    std::vector<Comparison> all;
    const QDir folder(":/comparisons");
    for (const QString& name : folder.entryList({"*.json"}, QDir::Files, QDir::Name)) try {
            QFile file(folder.filePath(name));
            if (!file.open(QFile::ReadOnly)) throw std::runtime_error("it is missing.");
            all.push_back(comparisonFromJson(file.readAll().toStdString()));
        } catch (const std::exception& problem) {
            throw std::runtime_error("\"" + name.toStdString() + "\": " + problem.what());
        }
    return all;
}

}  // namespace embedscope
