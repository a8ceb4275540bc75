#include "engine/evaluation/cures.h"

#include <cctype>
#include <cstdio>
#include <utility>

namespace embedscope {
namespace {

std::string written(const char* format, double value) {
    char text[32];
    std::snprintf(text, sizeof text, format, value);
    return text;
}

}  // namespace

std::string shortText(double value) {
    return written("%.3g", value);
}

std::string inPercent(double share) {
    return written(share < 0.0995 ? "%.1f %%" : "%.0f %%", 100 * share);
}

Cure lowerRate(const Experiment& settings, double divisor) {
    const double lower = settings.learningRate / divisor;
    return {"Lower the learning rate to " + shortText(lower), {SetLearningRate{lower}}};
}

Cure semiHardMining() {
    return {"Mine semi-hard triplets", {SetMiner{{"semi_hard", {}}}}};
}

Cure goingBack(std::int64_t step, Cure then) {
    Cure cure{std::move(then.label), {GoBack{step}}};
    cure.label.front() = static_cast<char>(std::tolower(static_cast<unsigned char>(cure.label.front())));
    cure.label.insert(0, "Go back and ");
    for (Request& request : then.requests) cure.requests.push_back(std::move(request));
    return cure;
}

}  // namespace embedscope
