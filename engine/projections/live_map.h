#pragma once

#include "engine/projection.h"
#include "engine/projections/moving_map.h"

#include <memory>
#include <optional>

namespace embedscope {

/// A map found step by step that follows the banks of a run. Owns no thread: the caller asks for frame after frame.
class LiveMap {
public:
    LiveMap(Choice method, int dims, Workers& workers);

    /// The newest bank; one of other samples begins anew. Takes long only for the first.
    /// @return false if stopped.
    bool follow(std::shared_ptr<const BankFrame> bank, std::stop_token stop);
    /// Whether follow() goes on with the map: a bank of the samples that it shows.
    bool goesOnWith(const BankFrame& bank) const;
    void setParameters(const ParameterValues& parameters);
    void setFrozen(bool frozen) { frozen_ = frozen; }

    /// Works for about `milliseconds` of this thread's time: a slice of the new neighbours, then steps, one at least. A
    /// rough map takes slices and steps in turns, so that neighbours get as much time as steps.
    /// @return false if there is no new frame.
    bool work(double milliseconds, std::stop_token stop);
    /// Nothing is left to do for the newest bank.
    bool settled() const;

    /// See MovingMap::setRough(). A map of up to 20,000 points that is no longer rough looks for its neighbours once
    /// more, among everybody; one that is rough again looks among some candidates.
    void setRough(bool rough);

    /// Aligned with the frame before and of the same size. What moves far, as from another method's picture or while
    /// the first steps throw points about, is shown on its way: no frame moves the points by more than a little.
    /// @param before What is drawn now.
    std::vector<float> frame(std::span<const float> before);
    const std::shared_ptr<const BankFrame>& bank() const { return shown_; }
    std::int64_t step() const { return map_->step(); }
    const NeighborGraph& graph() const { return map_->graph(); }

private:
    void beginRefresh();
    void lookFor(std::shared_ptr<const BankFrame> bank);
    bool looksAmongEverybody() const;
    bool wantsTrueNeighbors() const { return approximate_ && looksAmongEverybody(); }
    void refresh(double milliseconds);

    Choice method_;
    int dims_;
    Workers& workers_;
    std::unique_ptr<MovingMap> map_;
    std::shared_ptr<const BankFrame> shown_;       ///< Whose neighbours the map has.
    std::shared_ptr<const BankFrame> refreshing_;  ///< Whose neighbours are being looked for.
    std::shared_ptr<const BankFrame> waiting_;     ///< Newer than that.
    bool frozen_ = false;
    bool begun_ = false;
    bool parametersChanged_ = false;
    bool approximate_ = false;  ///< The neighbours were looked for among some candidates.
    bool rough_ = false, firstFrame_ = true;
    bool slicedLast_ = false;
    bool arrived_ = true;  ///< The frame shows the map, not the way there.
    double radius_ = 1;    ///< Of every frame: that of the picture before the first, as a map's own scale says nothing.
    double stepMilliseconds_ = 5;
};

}  // namespace embedscope
