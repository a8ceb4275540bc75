#pragma once

#include "engine/latest.h"
#include "engine/run.h"
#include "engine/run_state.h"
#include "engine/training/metrics_history.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace embedscope {

/// Means over the training steps since the last report.
class StepMeans {
public:
    void add(double loss, double activeFraction, double gradientNorm, std::int64_t images);
    /// Writes loss, active fraction, gradient norm and images/s into `row` and starts anew; none of them without steps.
    /// @param seconds Spent on training since the run began.
    void moveInto(MetricsRow& row, double seconds);
    /// So many seconds have been spent since they were saved, on what they do not mean.
    void leaveOut(double seconds) { since_ += seconds; }

    void save(const StateWriter& state) const;
    void load(const StateReader& state);

private:
    std::int64_t steps_ = 0;
    std::int64_t measured_ = 0;  ///< Steps whose active fraction had a meaning.
    std::int64_t images_ = 0;
    double loss_ = 0, active_ = 0, gradient_ = 0;
    double since_ = 0;  ///< Seconds of training at the last report.
};

void writeDistances(const DistanceStatistics& distances, MetricsRow& row);
/// For Loss::marginMark.
double similarMeanSquare(const DistanceStatistics& distances);

/// When the next of something for the window is due: at a pace, and slower where making it is dear.
class SnapshotClock {
public:
    using Clock = std::chrono::steady_clock;
    /// @param share Of the time at most one in so many is spent on making it.
    explicit SnapshotClock(Clock::duration every, int share) : every_(every), share_(share) {}
    bool due() const { return Clock::now() >= next_; }
    /// Around the making of a snapshot.
    void begin() { began_ = Clock::now(); }
    void end();

private:
    Clock::duration every_;
    int share_;
    Clock::time_point began_{};
    Clock::time_point next_{};
};

}  // namespace embedscope
