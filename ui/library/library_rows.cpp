#include "ui/library/library_rows.h"

#include "engine/catalog.h"
#include "ui/paths.h"

#include <QFileInfo>
#include <QLocale>
#include <QObject>
#include <QPixmap>
#include <QStandardItem>
#include <QVariant>

#include <algorithm>
#include <cmath>

namespace embedscope {
namespace {

const char* const kTitles[] = {"Map",     "Name",   "State", "Recall@1", "Epochs", "Loss", "Mining",
                               "Encoder", "Images", "Size",  "Changed",  "Tags",   "Note"};

QStandardItem* textItem(const QString& text, const QVariant& order = {}) {
    auto* item = new QStandardItem(text);
    item->setData(order.isValid() ? order : text.toLower(), kSortRole);
    item->setEditable(false);
    item->setToolTip(text.toHtmlEscaped());
    return item;
}

QString stateText(const KeptRun& run) {
    if (!run.problem.empty()) return QObject::tr("damaged");
    if (run.state == "open") return QObject::tr("running elsewhere, or cut off");
    return QString::fromStdString(run.state);
}

/// "triplet_margin, margin 0.8": with what was chosen other than its standard.
QString lossText(const Experiment& settings) {
    QString text = QString::fromStdString(settings.loss.id);
    const auto entry = std::ranges::find(lossCatalog(), settings.loss.id, &CatalogEntry::id);
    const auto isStandard = [&](const std::string& id, double value) {
        if (entry == lossCatalog().end()) return false;
        const auto parameter = std::ranges::find(entry->parameters, id, &Parameter::id);
        return parameter != entry->parameters.end() && parameter->standard == value;
    };
    for (const auto& [id, value] : settings.loss.parameters)
        if (!isStandard(id, value)) text += QString(", %1 %2").arg(QString::fromStdString(id)).arg(value);
    return text;
}

}  // namespace

QStringList libraryTitles() {
    QStringList titles;
    for (const char* title : kTitles) titles << QObject::tr(title);
    return titles;
}

QString runName(const KeptRun& run) {
    return QFileInfo(textOf(run.folder)).fileName();
}

QList<QStandardItem*> libraryRow(const ShelvedRun& shelved, std::size_t index) {
    const KeptRun& run = shelved.run;
    const QLocale locale;
    const auto text = [](const std::string& value) { return QString::fromStdString(value); };
    const bool measured = !std::isnan(run.recallAt1);
    const bool whole = run.problem.empty();  // else its settings are those of nobody
    QString epochs = locale.toString(run.epochs, 'f', 1);
    if (run.epochs == std::floor(run.epochs)) epochs = locale.toString(run.epochs, 'f', 0);
    auto* map = textItem({});
    if (!shelved.map.isNull()) map->setIcon(QPixmap::fromImage(shelved.map));
    auto* name = textItem(runName(run));
    name->setData(static_cast<qulonglong>(index), kIndexRole);
    QList<QStandardItem*> row{
        map,
        name,
        textItem(stateText(run)),
        textItem(measured ? locale.toString(100 * run.recallAt1, 'f', 1) + " %" : QString(),
                 measured ? run.recallAt1 : -1.0),
        textItem(whole ? QObject::tr("%1 of %2").arg(epochs).arg(run.settings.epochs) : QString(), run.epochs),
        textItem(whole ? lossText(run.settings) : QString()),
        textItem(whole ? text(run.settings.miner.id) : QString()),
        textItem(whole ? text(run.settings.encoder.id) : QString()),
        textItem(QFileInfo(textOf(run.settings.data.folder)).fileName()),
        textItem(locale.formattedDataSize(static_cast<qint64>(run.bytes)), static_cast<qulonglong>(run.bytes)),
        textItem(shelved.modified),
        textItem(text(shelved.notes.tags)),
        textItem(text(shelved.notes.note))};
    if (!run.problem.empty()) row[kState]->setToolTip(text(run.problem).toHtmlEscaped());
    row[kTags]->setEditable(true);
    row[kNote]->setEditable(true);
    return row;
}

}  // namespace embedscope
