#include "engine/viewed_embeddings.h"

#include <utility>

namespace embedscope {
namespace {

class ShownEmbeddings : public Run {
public:
    ShownEmbeddings(RunStart start, ViewedEmbeddings viewed) {
        viewed.bank->runId = start.runId;
        auto shown = std::make_shared<Snapshot>();
        shown->runId = start.runId;
        shown->phase = RunPhase::Finished;
        shown->settings = std::move(start.experiment);
        shown->deviceName = "embeddings from a file";
        shown->history = std::make_shared<const std::vector<MetricsRow>>();
        shown->distances = std::move(viewed.distances);
        shown->bank = std::move(viewed.bank);
        shown_ = std::move(shown);
    }

    void post(Request) override {}
    void requestStop() override {}
    std::shared_ptr<const Snapshot> latest() const override { return shown_; }
    std::vector<std::shared_ptr<const Checkpoint>> checkpoints() const override { return {}; }

private:
    std::shared_ptr<const Snapshot> shown_;
};

}  // namespace

std::unique_ptr<Run> showEmbeddings(RunStart start, ViewedEmbeddings viewed) {
    return std::make_unique<ShownEmbeddings>(std::move(start), std::move(viewed));
}

}  // namespace embedscope
