#include "app/fork_starts.h"

#include <algorithm>
#include <stdexcept>

namespace embedscope {
namespace {

using Start = std::shared_ptr<const Checkpoint>;

/// Null if it has none of this step.
Start checkpointAt(const Run& run, std::int64_t step) {
    const std::vector<Start> all = run.checkpoints();
    const auto found = std::ranges::find_if(all, [step](const Start& each) { return each->step == step; });
    return found == all.end() ? nullptr : *found;
}

/// Trains from `start` up to `step`, and no further. @return Null if interrupted.
Start trainedTo(std::int64_t step, RunStart start, const RunFactory& startRun, Doorbell& bell,
                const Interrupt& interrupt, Progress& progress) {
    const std::int64_t first = start.from ? start.from->step : 0;
    start.wakeUp = [&bell] { bell.ring(); };
    const std::unique_ptr<Run> run = startRun(std::move(start));
    run->post(SetPaused{true});
    for (std::int64_t taken = first; taken < step; ++taken) run->post(StepOnce{});
    while (true) {
        const std::shared_ptr<const Snapshot> now = run->latest();
        progress.show({{"", now}});
        if (now->phase == RunPhase::Failed) throw std::runtime_error(now->message);
        const bool arrived = now->step == step && (now->phase == RunPhase::Paused || now->phase == RunPhase::Finished);
        if (const Start found = arrived ? checkpointAt(*run, step) : nullptr) return found;
        if (now->ended())
            throw std::runtime_error("it ends after " + std::to_string(now->step) + " steps, before step " +
                                     std::to_string(step) + "; choose an earlier step.");
        if (interrupt.raised()) return nullptr;
        bell.wait();
    }
}

}  // namespace

Starts forkStarts(const Comparison& comparison, const RunImages& images, const RunFactory& startRun, Doorbell& bell,
                  const Interrupt& interrupt, Progress& progress) {
    Starts starts;
    for (const ComparedRun& run : comparison.runs) {
        starts.push_back(nullptr);
        if (!run.fork) continue;
        const ComparedRun& parent = comparison.runs.at(run.fork->parent);
        const std::string where =
            "“" + run.name + "” leaves “" + parent.name + "” after step " + std::to_string(run.fork->step);
        progress.say(where + ": training up to there.");
        RunStart start;
        start.experiment = parent.experiment;
        start.data = images[run.fork->parent];
        start.from = starts[run.fork->parent];
        try {
            if (start.from && start.from->step > run.fork->step)
                throw std::runtime_error("it begins itself at step " + std::to_string(start.from->step) +
                                         "; choose a later step, or the run that it left.");
            starts.back() = trainedTo(run.fork->step, std::move(start), startRun, bell, interrupt, progress);
        } catch (const std::runtime_error& failure) {
            throw std::runtime_error(where + ", but of “" + parent.name + "”: " + failure.what());
        }
        if (!starts.back()) return {};
    }
    return starts;
}

}  // namespace embedscope
