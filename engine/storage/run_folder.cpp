#include "engine/marks.h"
#include "engine/run_recorder.h"
#include "engine/run_resume.h"
#include "engine/storage/atomic_file.h"
#include "engine/storage/checkpoint_file.h"
#include "engine/storage/csv.h"
#include "engine/storage/kept_epochs.h"
#include "engine/storage/metrics_columns.h"
#include "engine/storage/npy.h"
#include "engine/storage/run_lock.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cassert>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

namespace embedscope {
namespace {

using Json = nlohmann::ordered_json;
namespace fs = std::filesystem;

std::string utf8(const fs::path& path) {
    const std::u8string text = path.u8string();
    return {text.begin(), text.end()};
}

/// Text in which bytes that are not UTF-8 became the replacement character: JSON must be UTF-8, file names need not.
std::string dump(const Json& json, int indent) {
    return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

Json describe(const DataSet& data) {
    return {{"name", data.name},
            {"root", utf8(data.root)},
            {"fingerprint", data.fingerprint},
            {"samples", data.size()},
            {"skipped", data.skipped.size()},
            {"image_shape", {data.shape.height, data.shape.width, data.shape.channels}},
            {"classes", data.classNames.size()},
            {"class_names", data.classNames}};
}

std::string samplesCsv(const DataSet& data) {
    std::string text = "index,path,label,split\n";
    for (std::size_t i = 0; i < data.size(); ++i) {
        const Sample& sample = data.samples[i];
        const std::string label = sample.label >= 0 ? data.classNames.at(static_cast<std::size_t>(sample.label)) : "";
        text += csvLine({std::to_string(i), csvText(sample.path), csvText(label),
                         sample.split == Split::Train ? "train" : "hold_out"});
        text += '\n';
    }
    return text;
}

std::string_view nameOf(RunPhase phase) {
    switch (phase) {
        case RunPhase::Preparing:
            return "preparing";
        case RunPhase::Running:
            return "running";
        case RunPhase::Paused:
            return "paused";
        case RunPhase::Finished:
            return "finished";
        case RunPhase::Stopped:
            return "stopped";
        case RunPhase::Failed:
            return "failed";
    }
    throw std::logic_error("A run phase has no name.");
}

/// Where a resumed run takes up its files again.
struct Resumed {
    std::int64_t step = 0;
    std::int64_t epoch = -1;  ///< Complete; -1: none, so that all is written anew.
    std::uint64_t metricsBytes = 0, eventsBytes = 0;
};

constexpr std::uint64_t kCheckpointBytes = std::uint64_t{1} << 30;  ///< For those before the last two.
constexpr std::uint64_t kMostCheckpoints = 16;                      ///< As well.

class RunFolder : public RunRecorder {
public:
    explicit RunFolder(fs::path folder) : folder_(prepared(std::move(folder))), lock_(folder_) {
        metrics_.emplace(folder_ / "metrics.csv");
        events_.emplace(folder_ / "events.jsonl");
    }
    RunFolder(fs::path folder, Resumed resumed) : folder_(std::move(folder)), lock_(folder_), resumed_(resumed) {}
    /// A run that was refused before it began leaves its folder free for another one.
    ~RunFolder() override {
        if (begun_ || resumed_) return;
        std::error_code none;
        for (const char* name : {"metrics.csv", "events.jsonl", "samples.csv"}) fs::remove(folder_ / name, none);
    }
    RunFolder(const RunFolder&) = delete;
    RunFolder& operator=(const RunFolder&) = delete;

    void begin(const Experiment& experiment, const DataSet& data) override {
        if (resumed_) takeUp(*resumed_);
        if (resumed_ && resumed_->epoch >= 0) return keepEpochs(experiment.epochs);
        AtomicFile samples(folder_ / "samples.csv");
        samples.write(samplesCsv(data));
        samples.commit();
        writeSettings({{"program", "embedscope"},
                       {"program_version", programVersion()},
                       {"experiment", Json::parse(toJson(experiment))},
                       {"data", describe(data)}});
        begun_ = true;
        metrics_->append(metricsHeader());
    }

    void report(const MetricsRow& row) override { metrics_->append(metricsLine(row)); }

    void event(std::int64_t step, std::string_view kind, std::string_view json) override {
        append(step, kind, Json::parse(json));
    }

    void epochEnd(int epoch, const BankFrame& bank) override {
        const fs::path folder = epochFolder(epoch);
        createFolder(folder);
        const std::size_t count = bank.count();
        // The embeddings last: where they are, the epoch is complete.
        writeNpy(folder / "index.npy", *bank.samples, {count});
        writeNpy(folder / "embeddings.npy", bank.embeddings, {count, static_cast<std::size_t>(bank.dimension)});
        sync();
    }

    void weights(const EncoderWeights& weights) override { writeWeights(folder_ / "weights.safetensors", weights); }

    void marks(const Marks& marks, const DataSet& data) override { writeMarks(folder_ / "marks.csv", marks, data); }

    /// One within an epoch is written only if the run ends before the next, or has gone back: what it has left is the
    /// newest on the disk then.
    void checkpoint(std::shared_ptr<const Checkpoint> checkpoint) override {
        const bool within = !checkpoint->endsEpoch() && checkpoint->step >= savedStep_;
        within_ = Taken{std::move(checkpoint), metrics_->bytes(), events_->bytes()};
        if (within) return;
        save(*within_);
        within_.reset();
    }

    void end(const Snapshot& last) override {
        // A failed run would fail again from there: it goes on from the end of an epoch.
        if (within_ && within_->checkpoint->step <= last.step && last.phase != RunPhase::Failed) save(*within_);
        append(last.step, "end", {{"phase", nameOf(last.phase)}, {"message", last.message}});
        sync();
    }

private:
    static fs::path prepared(fs::path folder) {
        std::error_code ignored;  // what cannot be looked at cannot be created either: createFolder says why
        for (const char* name : {"experiment.json", "metrics.csv", "epochs"})
            if (fs::exists(folder / name, ignored))
                throw std::runtime_error("\"" + folder.string() + "\" already holds a run; choose another folder.");
        createFolder(folder);
        return folder;
    }

    fs::path epochFolder(std::int64_t epoch) const { return folder_ / "epochs" / ("epoch_" + std::to_string(epoch)); }

    void writeSettings(const Json& all) {
        AtomicFile settings(folder_ / "experiment.json");
        settings.write(dump(all, 2) + "\n");
        settings.commit();
    }

    /// How long it trains may change where it goes on; all else that changes is an event. A file that cannot be read
    /// stays as it is: the checkpoint has the settings.
    void keepEpochs(int epochs) {
        std::ifstream stream(folder_ / "experiment.json", std::ios::binary);
        Json all = Json::parse(stream, nullptr, /*allow_exceptions=*/false);
        if (!all.is_object() || !all.contains("experiment") || !all["experiment"].is_object()) return;
        Json& kept = all["experiment"]["epochs"];
        if (kept == epochs) return;
        kept = epochs;
        writeSettings(all);
    }

    /// Drops all that is newer than the checkpoint: the run makes it again.
    void takeUp(const Resumed& from) {
        std::error_code unknown;
        const std::uint64_t rows = fs::file_size(folder_ / "metrics.csv", unknown) - from.metricsBytes;
        metrics_.emplace(folder_ / "metrics.csv", from.metricsBytes);
        events_.emplace(folder_ / "events.jsonl", from.eventsBytes);
        std::error_code none;
        for (std::int64_t epoch = from.epoch + 1; fs::exists(epochFolder(epoch), none); ++epoch)
            fs::remove_all(epochFolder(epoch), none);
        for (const std::int64_t epoch : savedEpochs(folder_))
            if (epoch > from.epoch) fs::remove(checkpointFile(folder_, epoch), none);
        if (unknown || rows == 0) return;
        append(from.step, "dropped", {{"metrics_bytes", rows}});
    }

    /// With the length of the files at that moment: what is newer is dropped when the run goes on from there.
    struct Taken {
        std::shared_ptr<const Checkpoint> checkpoint;
        std::uint64_t metricsBytes = 0, eventsBytes = 0;
    };

    void save(const Taken& taken) {
        const Checkpoint& checkpoint = *taken.checkpoint;
        sync();  // what the checkpoint says of their length must be on the disk before it is
        createFolder(folder_ / "checkpoints");
        const fs::path file = checkpointFile(folder_, checkpoint);
        writeCheckpoint(file, checkpoint, taken.metricsBytes, taken.eventsBytes);
        savedStep_ = checkpoint.step;
        std::error_code none;
        const std::uint64_t size = std::max<std::uint64_t>(1, fs::file_size(file, none));
        const std::uint64_t most = none ? 0 : std::min(kMostCheckpoints, kCheckpointBytes / size);
        for (const std::int64_t epoch : passingEpochs(savedEpochs(folder_), most))
            fs::remove(checkpointFile(folder_, epoch), none);
        if (checkpoint.endsEpoch()) fs::remove(pausedFile(folder_), none);
        // Left over where a run has gone back: it would be taken for the newest.
        const std::int64_t reached = checkpoint.step / std::max<std::int64_t>(1, checkpoint.stepsPerEpoch);
        for (const std::int64_t epoch : savedEpochs(folder_))
            if (epoch > reached) fs::remove(checkpointFile(folder_, epoch), none);
        for (const std::int64_t epoch : keptEpochs(folder_))
            if (epoch > reached) fs::remove_all(epochFolder(epoch), none);
    }

    void sync() {
        metrics_->sync();
        events_->sync();
    }

    void append(std::int64_t step, std::string_view kind, const Json& value) {
        events_->append(dump({{"step", step}, {"kind", kind}, {"value", value}}, -1));
    }

    fs::path folder_;
    RunLock lock_;
    std::optional<Resumed> resumed_;
    bool begun_ = false;  ///< Its settings are there.
    std::optional<LineFile> metrics_, events_;
    std::optional<Taken> within_;  ///< The newest within an epoch; none since its end.
    std::int64_t savedStep_ = -1;  ///< Of the checkpoint that was written last.
};

}  // namespace

std::unique_ptr<RunRecorder> createRunFolder(const std::filesystem::path& folder) {
    return std::make_unique<RunFolder>(folder);
}

std::unique_ptr<RunRecorder> resumeRunFolder(const std::filesystem::path& folder, const Checkpoint* from) {
    if (!from) return std::make_unique<RunFolder>(folder, Resumed{});
    const CheckpointPlace saved = readCheckpointPlace(checkpointFile(folder, *from));
    if (saved.step != from->step)
        throw std::runtime_error("\"" + folder.string() + "\" was changed by another run meanwhile; open it again.");
    return std::make_unique<RunFolder>(
        folder, Resumed{from->step, from->step / from->stepsPerEpoch, saved.metricsBytes, saved.eventsBytes});
}

}  // namespace embedscope
