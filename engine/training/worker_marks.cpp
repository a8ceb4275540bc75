// What is marked by hand while a run goes on, and what its miner chose, for a person to see.

#include "engine/training/marks_state.h"
#include "engine/training/random.h"
#include "engine/training/training_worker.h"

#include <exception>
#include <utility>

namespace embedscope {

void TrainingWorker::apply(const SetMarks& request) {
    const Marks wanted = request.marks ? *request.marks : Marks{};
    const Marks before = trainer_.marks();
    if (wanted == before) return;
    try {
        trainer_.setMarks(wanted);
    } catch (const std::exception& unfit) {
        board_.now.message = unfit.what();
        return;
    }
    board_.now.message.clear();
    changed_ = true;
    log("marks", changeJson(before, wanted, *start_.data));
    followMarks();
}

/// What measures pairs and labels takes them as training does.
void TrainingWorker::followMarks() {
    const auto marks = std::make_shared<const Marks>(trainer_.marks());
    if (start_.recorder && !(marks->list.empty() && !board_.marks.get())) start_.recorder->marks(*marks, *start_.data);
    board_.marks.publish(marks);
    const std::shared_ptr<const DataSet> marked = withMarks(start_.data, *marks);
    pairDistances_ = PairDistances(*marked, bank_.samples(), start_.experiment.normalizeEmbeddings,
                                   seedOf(start_.experiment.seed, RandomStream::Pairs));
    epochVitals_ = EpochVitals(*marked, bank_);
    measured_ = false;
}

void TrainingWorker::apply(const WatchMining& request) {
    watching_ = request;
}

/// Before a step.
void TrainingWorker::keepTuplesIfDue() {
    tuplesKept_ = watching_.watched && minedClock_.due();
    if (tuplesKept_) trainer_.keepTuples();
}

/// After it.
void TrainingWorker::publishMined() {
    if (!std::exchange(tuplesKept_, false)) return;
    minedClock_.begin();
    minedCounts_.mined.resize(start_.data->size());
    minedCounts_.drawn.resize(start_.data->size());
    MinedTuples mined = trainer_.takeMined(minedCounts_);
    if (watching_.judged) mined.judged = trainer_.judged(*watching_.judged, bank_);
    board_.mined.publish(std::make_shared<const MinedTuples>(std::move(mined)));
    minedClock_.end();
}

}  // namespace embedscope
