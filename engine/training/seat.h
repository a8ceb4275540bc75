#pragma once

#include "engine/training/compute_thread.h"
#include "engine/training/shared_batches.h"
#include "engine/training/turns.h"
#include "engine/twins.h"

#include <torch/types.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>

namespace embedscope {

class Twins {
public:
    Twins(std::size_t runs, Pace pace) : turns(runs, pace) {}
    Turns turns;
    SharedBatches batches;
    ComputeThread computing;
};

/// One run's place among its twins. A run without twins has the turn always and makes its batches itself. Of the run's
/// thread, unless it says else.
class Seat {
public:
    /// Joins at once. @param twins Null: alone.
    Seat(std::shared_ptr<Twins> twins, std::size_t number);
    ~Seat() { leave(); }
    Seat(const Seat&) = delete;
    Seat& operator=(const Seat&) = delete;

    /// Blocks until the run may compute; at once if it may already. @return False: knocked at, before the turn came.
    /// @throws StopRequested
    bool take(Work work, const std::stop_token& stop);
    bool hasTurn() const { return hasTurn_; }
    /// @param step That the run has reached.
    void giveBack(std::int64_t step);
    void setPaused(bool paused);
    /// Runs what computes: beside twins on the one thread that all share, alone on this one.
    void compute(const std::function<void()>& work);
    /// Nobody waits for this run any more; it computes nothing from now on.
    void leave();

    /// Any thread. Makes take() look up: a request has arrived.
    void knock();

    /// The batch of `key`, from a twin or from `make`. It may be another's too: not to be written into.
    torch::Tensor batch(const BatchKey& key, const std::function<torch::Tensor()>& make);

private:
    std::shared_ptr<Twins> twins_;
    std::mutex leaving_;  ///< Between knock() and leave().
    Turns::Member* member_ = nullptr;
    SharedBatches::Taker taker_ = 0;
    bool hasTurn_ = false;
};

}  // namespace embedscope
