// What a run is asked for while it goes on; taken between steps.

#include "engine/training/training_worker.h"

#include <stdexcept>
#include <utility>
#include <variant>

namespace embedscope {

void TrainingWorker::takeRequests(const std::stop_token& stop) {
    const std::vector<Request> requests = inbox_.take();
    for (const Request& request : requests) std::visit([this](const auto& one) { apply(one); }, request);
    if (std::exchange(measureWanted_, false)) {
        seat_.take(Work::Other, stop);
        seat_.compute([&] { measureNow(stop); });
        seat_.giveBack(step_);
    }
    if (requests.empty()) return;
    if (!permit_.mayStep()) keepCheckpoint();  // before the change is told: who sees it may fork from it
    publish(board_.now.phase);
}

void TrainingWorker::apply(SetPaused request) {
    permit_.set(request);
    log("paused", request.paused ? "true" : "false");
}

void TrainingWorker::apply(StepOnce request) {
    permit_.set(request);
    log("step_once", "1");
}

void TrainingWorker::apply(const SetLearningRate& request) {
    if (accept(changed(board_.now.settings, request))) trainer_.setLearningRate(request.learningRate);
}

void TrainingWorker::apply(const SetLossParameter& request) {
    if (accept(changed(board_.now.settings, request))) trainer_.setLossParameter(request.id, request.value);
}

void TrainingWorker::apply(const SetViewLossParameter& request) {
    if (accept(changed(board_.now.settings, request))) trainer_.setViewLossParameter(request.id, request.value);
}

void TrainingWorker::apply(const SetViewLossWeight& request) {
    if (accept(changed(board_.now.settings, request))) trainer_.setViewLossWeight(request.weight);
}

void TrainingWorker::apply(const SetMiner& request) {
    acceptIfFit(changed(board_.now.settings, request),
                [&](const Experiment& wanted) { trainer_.setMiner(wanted.miner); });
}

void TrainingWorker::apply(const SetAugmentation& request) {
    acceptIfFit(changed(board_.now.settings, request),
                [&](const Experiment& wanted) { trainer_.setAugmentation(wanted.augmentation); });
}

void TrainingWorker::apply(const SetLoss& request) {
    acceptIfFit(changed(board_.now.settings, request), [&](const Experiment& wanted) { trainer_.setLoss(wanted); });
}

/// @param use Changes nothing where it throws std::invalid_argument, e.g. for a loss that needs classes on data
/// without.
void TrainingWorker::acceptIfFit(LiveChange change, const std::function<void(const Experiment&)>& use) {
    if (change.refusal.empty()) try {
            use(change.settings);
        } catch (const std::invalid_argument& unfit) {
            change.refusal = unfit.what();
        }
    accept(change);
}

void TrainingWorker::apply(MeasureNow) {
    measureWanted_ = true;
    log("measure_now", "1");
}

bool TrainingWorker::accept(const LiveChange& change) {
    board_.now.message = change.refusal;
    if (!change.refusal.empty()) return false;
    board_.now.settings = change.settings;
    changed_ = true;
    log(change.kind, change.json);
    return true;
}

}  // namespace embedscope
