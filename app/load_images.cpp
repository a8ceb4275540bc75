#include "app/load_images.h"

#include "engine/data_load.h"

#include <stdexcept>

namespace embedscope {

std::shared_ptr<const DataSet> loadImages(const DataSettings& settings, const ImageCache& cache, Doorbell& bell,
                                          const Interrupt& interrupt, Progress& progress) {
    DataLoad loading(
        settings, [&bell] { bell.ring(); }, cache);
    while (true) {
        const std::shared_ptr<const LoadState> state = loading.latest();
        progress.show(*state);
        if (state->phase == LoadPhase::Failed) throw std::runtime_error(state->message);
        if (state->phase == LoadPhase::Done) return state->dataSet;
        if (interrupt.raised()) return nullptr;
        bell.wait();
    }
}

std::shared_ptr<const DataSet> preparedFor(const Experiment& experiment, const DataSet& data) {
    std::shared_ptr<const DataSet> prepared = withHoldOut(data, experiment.data, experiment.seed);
    std::string wrong;
    for (const std::string& problem : problems(*prepared, experiment)) wrong += (wrong.empty() ? "" : "\n") + problem;
    if (!wrong.empty()) throw std::runtime_error(wrong);
    return prepared;
}

}  // namespace embedscope
