#include "engine/machine.h"
#include "engine/run.h"
#include "engine/trace.h"
#include "engine/training/forgiving_recorder.h"
#include "engine/training/training_worker.h"

#include <ATen/Parallel.h>
#include <c10/util/Exception.h>

#include <algorithm>
#include <exception>
#include <memory>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace embedscope {
namespace {

torch::Device deviceFor(Device wanted) {
    const bool cuda = hasCuda();
    if (wanted == Device::Cuda && !cuda)
        throw std::runtime_error(
            "The device is set to CUDA, but this program finds no CUDA device on this machine; set it to automatic or "
            "CPU.");
    return cuda && wanted != Device::Cpu ? torch::kCUDA : torch::kCPU;
}

/// Threads are set for each thread that calls torch; the first parallel call takes the process-wide number instead,
/// so that call is provoked before.
int useThreads(int wanted) {
    const int threads = wanted > 0 ? wanted : availableCores();
    at::get_num_threads();
    at::set_num_threads(threads);
    return threads;
}

std::string nameOf(const torch::Device& device, int threads) {
    if (device.is_cuda()) return "CUDA device " + std::to_string(std::max<int>(0, device.index()));
    return "CPU, " + std::to_string(threads) + (threads == 1 ? " thread" : " threads");
}

void throwFirst(const std::vector<std::string>& problems) {
    if (!problems.empty()) throw std::runtime_error(problems.front());
}

constexpr const char* kNoMemory =
    "There is not enough memory for this run; choose a smaller image size, batch size or encoder.";

std::string sentenceOf(const c10::Error& error) {
    const std::string text = error.what_without_backtrace();
    if (text.find("allocate") != std::string::npos) return kNoMemory;
    return "The tensor library stopped the run: " + text.substr(0, text.find('\n'));
}

class TrainingRun : public Run {
public:
    explicit TrainingRun(RunStart start)
        : start_(prepared(std::move(start))),
          board_(firstSnapshot(start_), start_.wakeUp),
          seat_(start_.twins, start_.twin) {
        start_.recorder = forgiving(std::move(start_.recorder),
                                    [this](const std::string& sentence) { board_.now.message = sentence; });
        thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
    }

    void post(Request request) override {
        inbox_.post(std::move(request));
        seat_.knock();
    }
    void requestStop() override { thread_.request_stop(); }
    std::shared_ptr<const Snapshot> latest() const override { return board_.latest(); }
    std::vector<std::shared_ptr<const Checkpoint>> checkpoints() const override { return board_.checkpoints.all(); }
    std::shared_ptr<const HealthState> health() const override { return board_.health.get(); }
    std::shared_ptr<const Marks> marks() const override { return board_.marks.get(); }
    std::shared_ptr<const MinedTuples> minedTuples() const override { return board_.mined.get(); }

private:
    /// The checkpoint holds the weights: a file of initial ones may be gone by now.
    static RunStart prepared(RunStart start) {
        if (start.from) start.experiment.initialWeights.clear();
        return start;
    }

    static Snapshot firstSnapshot(const RunStart& start) {
        Snapshot first;
        first.runId = start.runId;
        first.epochs = start.experiment.epochs;
        first.settings = start.experiment;
        first.history = std::make_shared<const std::vector<MetricsRow>>();
        return first;
    }

    /// The edge of the thread: the one place that turns failures into sentences.
    void work(const std::stop_token& stop) {
        nameThreadInTraces("training");
        try {
            train(stop);
        } catch (const StopRequested&) {  // before its first turn
            board_.publish(RunPhase::Stopped);
        } catch (const c10::Error& error) {
            fail(sentenceOf(error));
        } catch (const std::bad_alloc&) {
            fail(kNoMemory);
        } catch (const std::exception& error) {
            fail(error.what());
        }
        seat_.leave();
    }

    void train(const std::stop_token& stop) {
        throwFirst(problems(start_.experiment));
        if (!start_.data) throw std::runtime_error("The run has no data; open a folder of images first.");
        throwFirst(problems(*start_.data, start_.experiment));
        if (start_.from) {
            throwFirst(problems(*start_.from, start_.experiment));
            throwFirst(problems(*start_.from, *start_.data));
        }
        const torch::Device device = deviceFor(start_.experiment.device);
        board_.now.deviceName = nameOf(device, useThreads(start_.experiment.threads));
        std::optional<TrainingWorker> worker;
        seat_.take(Work::Other, stop);  // making the networks computes too
        seat_.compute([&] { worker.emplace(start_, device, inbox_, board_, seat_); });
        worker->run(stop);
    }

    void fail(const std::string& sentence) {
        board_.now.message = sentence;
        board_.publish(RunPhase::Failed);
    }

    RunStart start_;
    RequestInbox inbox_;
    RunBoard board_;
    Seat seat_;
    std::jthread thread_;  // Last: it is joined before what it uses dies.
};

}  // namespace

std::unique_ptr<Run> startTrainingRun(RunStart start) {
    return std::make_unique<TrainingRun>(std::move(start));
}

}  // namespace embedscope
