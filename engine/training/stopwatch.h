#pragma once

#include <chrono>

namespace embedscope {

/// Adds up the time between start() and stop().
class Stopwatch {
public:
    void start() { began_ = Clock::now(); }
    void stop() {
        if (began_ == Clock::time_point{}) return;
        total_ += Clock::now() - began_;
        began_ = {};
    }
    /// As if so many seconds had been measured before.
    void add(double seconds) {
        total_ += std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
    }
    double seconds() const {
        const auto open = began_ == Clock::time_point{} ? Clock::duration{} : Clock::now() - began_;
        return std::chrono::duration<double>(total_ + open).count();
    }

private:
    using Clock = std::chrono::steady_clock;
    Clock::duration total_{};
    Clock::time_point began_{};
};

}  // namespace embedscope
