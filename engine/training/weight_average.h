#pragma once

#include "engine/encoders/encoder.h"
#include "engine/run_state.h"

#include <memory>

namespace embedscope {

/// A second encoder whose weights and running statistics follow those of a trained one as moving averages.
class WeightAverage {
public:
    /// @param follower Made as the trained one was; it is set to its values.
    WeightAverage(const Encoder& trained, std::unique_ptr<Encoder> follower, double decay);

    /// Sets it to the trained encoder's values, whatever it was.
    void restart(const Encoder& trained);
    /// After a step. In the first steps less is kept, min(decay, (1 + t) / (10 + t)), or the random start would stay.
    void follow(const Encoder& trained);
    void save(const StateWriter& state) const;
    void load(const StateReader& state);
    Encoder& encoder() const { return *follower_; }

private:
    std::unique_ptr<Encoder> follower_;
    double decay_;
    double steps_ = 0;
};

}  // namespace embedscope
