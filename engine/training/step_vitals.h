#pragma once

#include "engine/health_monitor.h"
#include "engine/run_state.h"

#include <cstdint>
#include <span>

namespace embedscope {

/// Means of what steps say of a run's health, since the last report.
class StepVitals {
public:
    /// @param rows [B, dimension] that the step embedded, finite.
    /// @param updateRatio NaN: not measured. @param empty The batch held nothing that the loss could compare.
    void add(std::span<const float> rows, int dimension, double updateRatio, bool empty);
    /// Writes the means and starts anew; none of them without steps.
    void moveInto(Vitals& vitals);

    void save(const StateWriter& state) const;
    void load(const StateReader& state);

private:
    double steps_ = 0, empty_ = 0;
    double spread_ = 0, scale_ = 0;
    double updates_ = 0, ratio_ = 0;
};

}  // namespace embedscope
