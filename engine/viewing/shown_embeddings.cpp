#include "engine/embedding_file.h"
#include "engine/latest.h"
#include "engine/viewed_embeddings.h"
#include "engine/viewing/epoch_pace.h"
#include "engine/viewing/point_distances.h"

#include <condition_variable>
#include <exception>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

namespace embedscope {
namespace {

class ShownEmbeddings : public Run {
public:
    ShownEmbeddings(RunStart start, ViewedEmbeddings viewed) : viewed_(std::move(viewed)), wakeUp_(start.wakeUp) {
        viewed_.bank->runId = now_.runId = start.runId;
        now_.settings = std::move(start.experiment);
        now_.deviceName = "embeddings from a file";
        now_.history = std::make_shared<const std::vector<MetricsRow>>();
        now_.stepsPerEpoch = 1;
        if (viewed_.before.empty()) {
            showNewest();
            return;
        }
        publish();
        thread_ = std::jthread([this](const std::stop_token& stop) { showTheWay(stop); });
    }

    void post(Request) override {}
    void requestStop() override { thread_.request_stop(); }
    std::shared_ptr<const Snapshot> latest() const override { return latest_.get(); }
    std::vector<std::shared_ptr<const Checkpoint>> checkpoints() const override { return {}; }

private:
    void showTheWay(const std::stop_token& stop) {
        std::unique_lock lock(mutex_);
        for (const ViewedEmbeddings::Epoch& epoch : viewed_.before) {
            if (stop.stop_requested()) break;
            if (!showEarlier(epoch)) continue;
            wake_.wait_for(lock, stop, paceOnTheWay(viewed_.before.size()), [] { return false; });
        }
        showNewest();
    }

    /// @return False for one that is damaged or of other rows: it is left out.
    bool showEarlier(const ViewedEmbeddings::Epoch& epoch) try {
        EmbeddingTable table = readEmbeddings(epoch.file);
        if (table.count != viewed_.bank->count() || table.dimension != viewed_.bank->dimension) return false;
        auto bank = std::make_shared<BankFrame>(*viewed_.bank);
        bank->step = epoch.number;
        bank->embeddings = std::move(table.rows);
        bank->computedAtStep.assign(bank->count(), epoch.number);
        now_.distances = std::make_shared<const DistanceStatistics>(
            pointDistances(*viewed_.data, *bank, /*seed=*/1, /*unitLength=*/false));
        now_.message = "The epochs that were kept: " + std::to_string(epoch.number);
        show(std::move(bank));
        publish();
        return true;
    } catch (const std::exception&) {
        return false;
    }

    void showNewest() {
        now_.phase = RunPhase::Finished;
        now_.message.clear();
        now_.distances = viewed_.distances;
        show(viewed_.bank);
        publish();
    }

    void show(std::shared_ptr<const BankFrame> bank) {
        now_.step = bank->step;
        now_.epoch = static_cast<double>(bank->step);
        now_.bank = std::move(bank);
    }

    void publish() {
        latest_.publish(std::make_shared<const Snapshot>(now_));
        if (wakeUp_) wakeUp_();
    }

    ViewedEmbeddings viewed_;
    WakeUp wakeUp_;
    Snapshot now_;
    Latest<Snapshot> latest_;
    std::mutex mutex_;
    std::condition_variable_any wake_;
    std::jthread thread_;  // Last: it is joined before what it uses dies.
};

}  // namespace

std::unique_ptr<Run> showEmbeddings(RunStart start, ViewedEmbeddings viewed) {
    return std::make_unique<ShownEmbeddings>(std::move(start), std::move(viewed));
}

}  // namespace embedscope
