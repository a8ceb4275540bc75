#pragma once

#include "engine/encoders/encoder.h"
#include "engine/encoders/head.h"
#include "engine/run_state.h"

#include <memory>
#include <stop_token>

namespace embedscope {

/// The second network of BYOL and MoCo. No gradient reaches it: its weights are those of the trained one, averaged over
/// the steps.
class Follower {
public:
    /// Made like the trained ones; starts with their weights.
    Follower(std::unique_ptr<Encoder> encoder, std::unique_ptr<Head> head, const Encoder& trained,
             const Head& trainedHead);

    /// @param views [N, C, H, W]. @return [N, head's output]. @throws StopRequested
    torch::Tensor rows(const torch::Tensor& views, const std::stop_token& stop) const;
    /// w <- kept * w + (1 - kept) * trained.
    void follow(const Encoder& trained, const Head& trainedHead, double kept);

    void save(const StateWriter& state) const;
    void load(const StateReader& state);

    const Encoder& encoder() const { return *encoder_; }
    const Head& head() const { return *head_; }

private:
    std::unique_ptr<Encoder> encoder_;
    std::unique_ptr<Head> head_;
};

}  // namespace embedscope
