#include "ui/compare/grid_settings.h"

#include "engine/learning.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>

namespace embedscope {
namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("GridSettings", text);
}

QString numbers(std::initializer_list<double> values) {
    QStringList texts;
    for (const double value : values) texts << QString::number(value, 'g', 6);
    texts.removeDuplicates();
    return texts.join(", ");
}

/// Half, once and twice the value, within the parameter's range.
QString proposalOf(const Parameter& parameter, double value) {
    if (!parameter.options.empty()) {
        QStringList names;
        for (const std::string& option : parameter.options) names << QString::fromStdString(option);
        return names.join(", ");
    }
    const auto within = [&parameter](double number) {
        return std::clamp(number, parameter.minimum, parameter.maximum);
    };
    if (value == 0) return numbers({0, within(parameter.step), within(2 * parameter.step)});
    return numbers({within(value / 2), within(value), within(value * 2)});
}

/// The choice itself with the one that is set and two others, then each of its parameters.
void addChoice(std::vector<GridSetting>& all, const std::string& kind, const QString& label, const Catalog& catalog,
               const Choice& choice) {
    QStringList ids{QString::fromStdString(choice.id)};
    for (const CatalogEntry& entry : catalog)
        if (ids.size() < 3 && entry.id != choice.id) ids << QString::fromStdString(entry.id);
    QStringList known;
    for (const CatalogEntry& entry : catalog) known << QString::fromStdString(entry.id);
    all.push_back({kind, label, ids.join(", "), tr("One of: %1").arg(known.join(", "))});
    const CatalogEntry& entry = entryOf(catalog, choice.id, kind);
    for (const Parameter& parameter : entry.parameters)
        all.push_back({kind + '.' + parameter.id,
                       QString::fromStdString(entry.label) + ": " + QString::fromStdString(parameter.label),
                       proposalOf(parameter, valueOf(entry, choice.parameters, parameter.id)),
                       QString::fromStdString(parameter.help)});
}

}  // namespace

std::vector<GridSetting> gridSettings(const Experiment& experiment) {
    std::vector<GridSetting> all;
    if (usesLabels(experiment)) {
        addChoice(all, "loss", tr("Loss"), lossCatalog(), experiment.loss);
        addChoice(all, "miner", tr("Mining"), minerCatalog(), experiment.miner);
    }
    if (usesViews(experiment)) addChoice(all, "view_loss", tr("Loss on views"), viewLossCatalog(), experiment.viewLoss);
    addChoice(all, "augmentation", tr("Random changes of the images"), augmentationCatalog(), experiment.augmentation);
    const double rate = experiment.learningRate;
    all.push_back({"learning_rate", tr("Learning rate"), numbers({rate / 3, rate, rate * 3}), {}});
    const int dimension = experiment.embeddingDimension;
    all.push_back({"embedding_dimension",
                   tr("Dimension"),
                   numbers({std::max(2.0, dimension / 4.0), static_cast<double>(dimension)}),
                   {}});
    // The first parameter of the loss, mostly its margin or temperature, is what most people vary.
    const auto parameter = std::ranges::find_if(all, [](const GridSetting& setting) {
        return setting.path.starts_with("loss.") || setting.path.starts_with("view_loss.");
    });
    if (parameter != all.end()) std::rotate(all.begin(), parameter, parameter + 1);
    all.push_back({"", tr("Nothing but the seed"), "", tr("How much of a difference is chance")});
    return all;
}

}  // namespace embedscope
