// Cosine: Loshchilov, Hutter: SGDR: Stochastic Gradient Descent with Warm Restarts, ICLR 2017, without the restarts.
// Warm-up: Goyal et al.: Accurate, Large Minibatch SGD: Training ImageNet in 1 Hour, 2017.

#include "engine/training/schedule.h"

#include "engine/choice_table.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>
#include <utility>
#include <vector>

namespace embedscope {
namespace {

struct ScheduleRow {
    CatalogEntry entry;
    double (*factor)(const CatalogEntry& row, const ParameterValues& values, const ScheduleProgress& progress);
};

Parameter number(std::string id, std::string label, std::string unit, std::string help, double minimum, double maximum,
                 double step, double standard) {
    return numberParameter(std::move(id), std::move(label), std::move(unit), {minimum, maximum, step, standard},
                           std::move(help));
}

Parameter warmUp() {
    return number(
        "warm_up", "Warm-up", "epochs",
        "The learning rate rises evenly from 0 over these epochs. Keeps a large rate from throwing the points "
        "about before the encoder has found a direction.",
        0, 1000, 1, 0);
}

Parameter finalShare() {
    return number("final_share", "Share at the end", "",
                  "What is left of the learning rate in the last step. At 0 the points come to rest.", 0, 1, 0.01, 0);
}

/// Steps of the warm-up, never more than the run has.
double warmUpSteps(const CatalogEntry& row, const ParameterValues& values, const ScheduleProgress& progress) {
    return std::min(valueOf(row, values, "warm_up"), static_cast<double>(progress.epochs)) *
           static_cast<double>(progress.stepsPerEpoch);
}

/// Warm-up, then `shape` of how much of the rest is done, 0..1, scaled to end at the share.
template <double (*shape)(double)>
double warmedUp(const CatalogEntry& row, const ParameterValues& values, const ScheduleProgress& progress) {
    const double warm = warmUpSteps(row, values, progress);
    const auto step = static_cast<double>(progress.step);
    if (step < warm) return (step + 1) / std::max(warm, step + 1);
    const double last = static_cast<double>(progress.epochs) * static_cast<double>(progress.stepsPerEpoch);
    const double done = last > warm ? std::min(1.0, (step - warm) / (last - warm)) : 1;
    const double end = valueOf(row, values, "final_share");
    return end + (1 - end) * shape(done);
}

double cosine(double done) {
    return (1 + std::cos(std::numbers::pi * done)) / 2;
}
double line(double done) {
    return 1 - done;
}

double stairs(const CatalogEntry& row, const ParameterValues& values, const ScheduleProgress& progress) {
    const auto epoch = static_cast<double>(progress.step / progress.stepsPerEpoch);
    return std::pow(valueOf(row, values, "factor"), std::floor(epoch / valueOf(row, values, "every")));
}

ScheduleRow constantRow() {
    CatalogEntry entry;
    entry.id = "constant";
    entry.label = "Constant";
    entry.help = "The same learning rate to the end. The points keep moving; easy to judge while you watch.";
    return {entry, [](const CatalogEntry&, const ParameterValues&, const ScheduleProgress&) { return 1.0; }};
}

ScheduleRow cosineRow() {
    CatalogEntry entry;
    entry.id = "cosine";
    entry.label = "Cosine";
    entry.help = "Falls along half a cosine wave: long strides first, then the clusters settle and sharpen.";
    entry.formula = "end + (1 - end) (1 + cos(pi done)) / 2";
    entry.source = "Loshchilov, Hutter, SGDR: Stochastic Gradient Descent with Warm Restarts, ICLR 2017";
    entry.parameters = {warmUp(), finalShare()};
    return {entry, warmedUp<cosine>};
}

ScheduleRow linearRow() {
    CatalogEntry entry;
    entry.id = "linear";
    entry.label = "Linear";
    entry.help = "Falls evenly to the end of the run; settles earlier than the cosine.";
    entry.formula = "end + (1 - end) (1 - done)";
    entry.parameters = {warmUp(), finalShare()};
    return {entry, warmedUp<line>};
}

ScheduleRow stepRow() {
    CatalogEntry entry;
    entry.id = "step";
    entry.label = "Steps";
    entry.help = "Falls by a factor every so many epochs; each fall shows as a sudden calm.";
    entry.formula = "factor ^ floor(epoch / every)";
    entry.parameters = {
        number("every", "Every", "epochs", "Epochs between two falls.", 1, 100'000, 1, 10),
        number("factor", "Factor", "", "What is left of the learning rate after a fall.", 0.001, 1, 0.05, 0.1)};
    return {entry, stairs};
}

const std::vector<ScheduleRow>& rows() {
    static const std::vector<ScheduleRow> kRows = {constantRow(), cosineRow(), linearRow(), stepRow()};
    return kRows;
}

}  // namespace

const Catalog& scheduleCatalog() {
    static const Catalog kCatalog = catalogOf(rows());
    return kCatalog;
}

double scheduleFactor(const Choice& choice, const ScheduleProgress& progress) {
    const ScheduleRow& row = rowOf(rows(), choice, "schedule");
    return row.factor(row.entry, choice.parameters, progress);
}

}  // namespace embedscope
