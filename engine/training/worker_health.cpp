// What a run does for its health: it measures, tells alarms, and goes back to an earlier state.

#include "engine/near_duplicates.h"
#include "engine/training/training_worker.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <iterator>
#include <ranges>
#include <utility>

namespace embedscope {
namespace {

std::string dumped(const nlohmann::json& json) {
    return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string jsonOf(const Alarm& alarm) {
    nlohmann::json json{{"id", alarm.id}, {"family", entryOf(alarm.family).id}, {"since", alarm.sinceStep}};
    if (alarm.holds()) {
        json["sentence"] = alarm.sentence;
        json["advice"] = alarm.advice;
        json["samples"] = alarm.samples;
    }
    return dumped(json);
}

/// Whether the batch is all that such a loss compares with.
bool needsPairs(const Experiment& settings) {
    const CatalogEntry& loss = entryOf(lossCatalog(), settings.loss.id, "loss");
    return settings.memory.id == "none" && overlaps(loss.grouping, Grouping::Pairs | Grouping::Triplets);
}

/// Weights, moments and the bank: what training computes with.
bool isFinite(const Checkpoint& checkpoint) {
    return std::ranges::all_of(checkpoint.state, [](const TypedTensor& tensor) {
        if (tensor.type != ElementType::Float32) return true;
        for (std::size_t at = 0; at < tensor.bytes.size(); at += sizeof(float)) {
            float value = 0;
            std::memcpy(&value, tensor.bytes.data() + at, sizeof value);
            if (!std::isfinite(value)) return false;
        }
        return true;
    });
}

}  // namespace

HealthSubject TrainingWorker::healthSubject() const {
    HealthSubject subject;
    subject.classes = static_cast<int>(std::ranges::count_if(classNumbers(*shown_), [](auto at) { return at >= 0; }));
    subject.batchSize = trainer_.imagesPerStep();
    subject.heldOut = static_cast<std::int64_t>(holdOut_.samples().size());
    return subject;
}

void TrainingWorker::addVitals(const StepResult& taken) {
    const bool empty = !taken.hasPairs && needsPairs(board_.now.settings);
    stepVitals_.add(taken.rows, bank_.dimension(), taken.updateRatio, empty);
}

/// At the beginning, and again where a run goes on: which images they are is not saved.
void TrainingWorker::lookForDuplicates(const std::stop_token& stop) {
    const auto found = nearDuplicatesAcrossSplits(*start_.data, stop);
    if (!found) throw StopRequested{};
    vitals_.checkedHeldOut = static_cast<double>(found->checkedHeldOut);
    vitals_.duplicates = static_cast<double>(found->pairs.size());
    std::vector<std::int32_t> samples;
    for (const NearDuplicate& pair : found->pairs) samples.insert(samples.end(), {pair.heldOut, pair.training});
    health_.setSamples("near_duplicates", std::move(samples));
}

void TrainingWorker::measureEpochVitals(const std::stop_token& stop) {
    const auto proxies = proxyFrame(trainer_.proxies(), *shown_);
    epochVitals_.measure(bank_, proxies.get(), stop, vitals_);
    health_.setSamples("doubted_labels", epochVitals_.doubted());
}

void TrainingWorker::judgeHealth(const MetricsRow& row) {
    Vitals vitals = std::exchange(vitals_, {});
    vitals.step = static_cast<double>(row.step);
    vitals.loss = row.loss;
    vitals.activeFraction = row.activeFraction;
    vitals.learningRate = row.learningRate;
    vitals.gradientNorm = row.gradientNorm;
    vitals.holdOutRecallAt1 = row.recallAt1;
    stepVitals_.moveInto(vitals);
    tell(health_.observe(vitals, board_.now.settings));
}

void TrainingWorker::tell(const std::vector<Alarm>& changes) {
    for (const Alarm& alarm : changes) log(alarm.holds() ? "alarm" : "alarm_over", jsonOf(alarm));
    if (health_.state() != board_.health.get()) board_.health.publish(health_.state());
}

/// The newest one that training can go on from. @return Null if none is left.
std::shared_ptr<const Checkpoint> TrainingWorker::goodCheckpoint(std::int64_t notAfter) const {
    for (const auto& checkpoint : board_.checkpoints.all() | std::views::reverse)
        if (checkpoint->step <= notAfter && isFinite(*checkpoint)) return checkpoint;
    return nullptr;
}

void TrainingWorker::goBackTo(const Checkpoint& checkpoint) {
    const std::int64_t left = step_;
    const auto marks = std::make_shared<const Marks>(trainer_.marks());
    trainer_.startOver(board_.now.settings);
    restore(checkpoint, keptParts(checkpoint, board_.now.settings));
    apply(SetMarks{marks});  // as the settings, they stay as they are now
    log("went_back", dumped({{"from", left}, {"to", step_}}));
    tell(health_.endAll(left));
    changed_ = true;
    keepCheckpoint();  // those of the steps that were left are forgotten
    changed_ = true;   // what is told of it comes after
}

void TrainingWorker::apply(const GoBack& request) {
    const auto checkpoint = goodCheckpoint(request.step);
    if (start_.twins) {
        board_.now.message = "A run beside others cannot go back alone; fork it from an earlier step.";
    } else if (!checkpoint) {
        board_.now.message = "No earlier state of this run is in memory any more; start it again.";
    } else {
        board_.now.message.clear();
        goBackTo(*checkpoint);
    }
}

bool TrainingWorker::stepsAreQuick() const {
    constexpr double kPatience = 1;  // seconds
    return step_ > 0 && stepping_.seconds() < kPatience * static_cast<double>(step_);
}

/// @return Nothing if the step could not be taken and the run has gone back and pauses.
/// @throws Diverged if it may not go back or has nowhere to go; StopRequested.
std::optional<StepResult> TrainingWorker::stepOrGoBack(const std::stop_token& stop) try {
    // Alone and as quick as usual, a step that has begun is ended: the run can then go on from there.
    return trainer_.step(!start_.twins && stepsAreQuick() ? std::stop_token() : stop);
} catch (const Diverged& diverged) {
    const auto checkpoint = start_.goesBackWhenDiverged && !start_.twins ? goodCheckpoint(step_) : nullptr;
    if (!checkpoint) throw;
    const std::int64_t at = step_ + 1;
    goBackTo(*checkpoint);
    std::string sentence = diverged.what();
    sentence.resize(std::min(sentence.find(';'), sentence.size()));
    sentence +=
        ": at step " + std::to_string(at) + ". The run has gone back to step " + std::to_string(step_) + " and waits.";
    tell({health_.tellDiverged(at, sentence, board_.now.settings)});
    board_.now.message = sentence;
    permit_.set(SetPaused{true});
    log("paused", "true");
    return std::nullopt;
}

}  // namespace embedscope
