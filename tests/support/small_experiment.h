#pragma once

#include "engine/experiment.h"

namespace embedscope::test {

/// A run of a second or less on the synthetic data, to the same bytes on every machine with one thread.
inline Experiment smallExperiment() {
    Experiment experiment;
    experiment.encoder = {"small_cnn", {{"width", 8}}};
    experiment.embeddingDimension = 8;
    experiment.sampler = {"p_by_k", {{"batch_size", 16}}};
    experiment.epochs = 2;
    experiment.threads = 1;
    experiment.trackedSamples = 60;
    return experiment;
}

}  // namespace embedscope::test
