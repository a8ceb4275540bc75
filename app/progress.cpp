#include "app/progress.h"

#include "app/train_summary.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <span>
#include <unistd.h>
#include <utility>

namespace embedscope {
namespace {

constexpr int kBarWidth = 20;
constexpr std::chrono::milliseconds kShortestInterval{100};

std::string bar(double share) {
    const int full = static_cast<int>(std::clamp(share, 0.0, 1.0) * kBarWidth);
    return '[' + std::string(full, '#') + std::string(kBarWidth - full, '-') + ']';
}

template <typename... Values>
std::string written(const char* format, Values... values) {
    char text[160];
    std::snprintf(text, sizeof text, format, values...);
    return text;
}

/// "loss 0.123, Recall@1 86.7 %, 1612 images/s": what has been measured up to there.
/// @param loss Of the newest steps, or the mean of an epoch.
std::string measured(std::span<const MetricsRow> history, double loss) {
    const double recall = newest(history, &MetricsRow::recallAt1);
    const double speed = newest(history, &MetricsRow::imagesPerSecond);
    std::string text;
    const auto add = [&text](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
    if (std::isfinite(loss)) add(written("loss %.4f", loss));
    if (std::isfinite(recall)) add(written("Recall@1 %.1f %%", 100 * recall));
    if (std::isfinite(speed)) add(written("%.0f images/s", speed));
    return text;
}

/// The newest epoch whose end has been measured, with the rows up to it; -1 before the first. A row of that step may
/// stand there before its Recall@1 does, so without one it counts only when a later step has followed.
std::pair<int, std::span<const MetricsRow>> newestEpochEnd(const Snapshot& snapshot) {
    const std::span<const MetricsRow> history(*snapshot.history);
    for (std::size_t i = history.size(); i-- > 0 && snapshot.stepsPerEpoch > 0;) {
        const bool atEnd = history[i].step % snapshot.stepsPerEpoch == 0;
        const bool settled = std::isfinite(history[i].recallAt1) || snapshot.step > history[i].step || snapshot.ended();
        if (atEnd && settled) return {static_cast<int>(history[i].step / snapshot.stepsPerEpoch), history.first(i + 1)};
    }
    return {-1, {}};
}

}  // namespace

Progress::Progress(bool quiet) : quiet_(quiet), terminal_(isatty(STDERR_FILENO) == 1) {}

Progress::~Progress() {
    finishLine();
}

void Progress::show(const LoadState& state) {
    if (state.phase == LoadPhase::Scanning) return renew(written("scanning: %zu files", state.found));
    if (state.phase == LoadPhase::Decoding)
        return renew(
            bar(static_cast<double>(state.decoded) / static_cast<double>(std::max<std::size_t>(1, state.found))) +
            written(" reading images: %zu of %zu, %.0f images/s", state.decoded, state.found, state.imagesPerSecond));
    if (state.phase != LoadPhase::Done || loadSaid_) return;
    loadSaid_ = true;
    say(written("%zu images of %zu classes, %d x %d pixels, %s%s.", state.dataSet->size(),
                state.dataSet->classNames.size(), state.dataSet->shape.width, state.dataSet->shape.height,
                state.dataSet->shape.channels == 1 ? "grey" : "colour",
                state.dataSet->fromCache ? ", from the image cache" : "") +
        (state.message.empty() ? "" : ' ' + state.message));
}

void Progress::show(const Snapshot& snapshot) {
    if (quiet_ || !snapshot.history || sayEpoch(snapshot, "") || snapshot.ended()) return;
    renew(bar(snapshot.epoch / std::max(1, snapshot.epochs)) +
          written(" epoch %.2f of %d, ", snapshot.epoch, snapshot.epochs) +
          measured(*snapshot.history, newest(*snapshot.history, &MetricsRow::loss)));
}

void Progress::show(const std::vector<NamedSnapshot>& runs) {
    double done = 0;
    bool said = false;
    for (const auto& [name, snapshot] : runs) {
        said |= sayEpoch(*snapshot, name);
        done += snapshot->ended() ? 1 : snapshot->epoch / std::max(1, snapshot->epochs);
    }
    const double share = done / static_cast<double>(std::max<std::size_t>(1, runs.size()));
    if (!said && share < 1) renew(bar(share) + written(" %zu runs, %.0f %%", runs.size(), 100 * share));
}

/// @return True if an epoch has ended that was not said yet.
bool Progress::sayEpoch(const Snapshot& snapshot, const std::string& name) {
    if (quiet_ || !snapshot.history) return false;
    const auto [epoch, rows] = newestEpochEnd(snapshot);
    const auto said = epochSaid_.try_emplace(name, -1).first;
    if (epoch <= said->second) return false;
    said->second = epoch;
    say((name.empty() ? "" : name + ": ") + written("epoch %d of %d: ", epoch, snapshot.epochs) +
        measured(rows, meanLossOfLastEpoch(rows)));
    return true;
}

void Progress::say(const std::string& sentence) {
    if (quiet_) return;
    finishLine();
    std::fprintf(stderr, "%s\n", sentence.c_str());
}

void Progress::renew(const std::string& line) {
    const auto now = std::chrono::steady_clock::now();
    if (quiet_ || !terminal_ || now - renewed_ < kShortestInterval) return;
    renewed_ = now;
    lineOpen_ = true;
    std::fprintf(stderr, "\r%s\033[K", line.c_str());
    std::fflush(stderr);
}

void Progress::finishLine() {
    if (lineOpen_) std::fputs("\r\033[K", stderr);
    lineOpen_ = false;
}

}  // namespace embedscope
