#pragma once

#include "engine/checkpoint.h"
#include "engine/data_set.h"
#include "engine/encoder_weights.h"
#include "engine/snapshot.h"

#include <filesystem>
#include <memory>
#include <string_view>

namespace embedscope {

struct Marks;  // engine/marks.h

/// Where a run writes what must last. Called on the run's thread only. A throw of begin() fails the run with its
/// sentence; the others throw std::runtime_error for what could not be written, which is told while the run goes on.
class RunRecorder {
public:
    virtual ~RunRecorder() = default;
    virtual void begin(const Experiment& experiment, const DataSet& data) = 0;
    virtual void report(const MetricsRow& row) = 0;
    /// A change made while it ran. @param kind e.g. "learning_rate"; @param json a JSON value.
    virtual void event(std::int64_t step, std::string_view kind, std::string_view json) = 0;
    /// The exact bank at the end of an epoch; epoch 0 is the untrained encoder.
    virtual void epochEnd(int epoch, const BankFrame& bank) = 0;
    /// What the encoder has learned: at the end of an epoch, and before end() if steps were taken since.
    virtual void weights(const EncoderWeights&) {}
    /// What is marked by hand, whenever it has changed.
    virtual void marks(const Marks&, const DataSet&) {}
    /// From where the run can go on: at the end of an epoch, at some steps within it, in a pause and at a stop.
    virtual void checkpoint(std::shared_ptr<const Checkpoint>) {}
    /// After the last epoch, a stop, or a failure to train.
    virtual void end(const Snapshot& last) = 0;
};

/// Writes the run folder of DESIGN.md: experiment.json, metrics.csv, events.jsonl, epochs/epoch_<k>/*.npy,
/// weights.safetensors, checkpoints/epoch_<k>.safetensors, marks.csv.
/// @throws std::runtime_error if `folder` cannot be made or already holds a run.
std::unique_ptr<RunRecorder> createRunFolder(const std::filesystem::path& folder);

}  // namespace embedscope
