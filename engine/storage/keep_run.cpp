#include "engine/keep_run.h"

#include "engine/marks.h"
#include "engine/run_recorder.h"
#include "engine/storage/live_points_file.h"

#include <system_error>
#include <utility>

namespace embedscope {
namespace {

namespace fs = std::filesystem;

void writeAll(RunRecorder& run, const fs::path& folder, const DataSet& data, const Snapshot& shown,
              std::shared_ptr<const Checkpoint> state, const Marks* marks) {
    run.begin(state->settings, data);
    if (shown.history)
        for (const MetricsRow& row : *shown.history)
            if (row.step <= state->step) run.report(row);
    run.event(state->step, "kept", std::to_string(state->step));
    if (marks && !marks->list.empty()) run.marks(*marks, data);
    const bool epochEnd = shown.bank && shown.bank->exact && shown.bank->step == state->step && state->endsEpoch();
    if (epochEnd)
        run.epochEnd(static_cast<int>(state->step / state->stepsPerEpoch), *shown.bank);
    else if (shown.bank)
        writeLivePoints(livePointsFile(folder), *shown.bank);
    Snapshot last = shown;
    last.step = state->step;
    last.phase = shown.phase == RunPhase::Finished ? RunPhase::Finished : RunPhase::Stopped;
    run.checkpoint(std::move(state));
    run.end(last);
}

}  // namespace

void keepRun(const fs::path& folder, const DataSet& data, const Snapshot& shown,
             std::shared_ptr<const Checkpoint> state, const Marks* marks) {
    std::error_code none;
    const bool others = fs::exists(folder, none);
    std::unique_ptr<RunRecorder> run;
    try {
        run = createRunFolder(folder);
        writeAll(*run, folder, data, shown, std::move(state), marks);
    } catch (...) {
        run.reset();
        if (!others) fs::remove_all(folder, none);
        throw;
    }
}

}  // namespace embedscope
