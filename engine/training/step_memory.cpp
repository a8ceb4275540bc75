#include "engine/training/step_memory.h"

#include "engine/encoders/calibration.h"
#include "engine/gigabytes.h"

#include <c10/core/Allocator.h>
#include <c10/util/ThreadLocalDebugInfo.h>
#include <torch/version.h>

#include <algorithm>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>

namespace embedscope {
namespace {

constexpr int kMeasured = 2;       ///< Images: one alone has no batch statistics.
constexpr double kBackward = 1.3;  ///< What the way back holds beside what it reads.
constexpr double kLeastWorthMeasuring = 0.1;
constexpr double kMostFloats = 300;  ///< That any of our encoders keeps for a value of a picture.
constexpr double kUsableShare = 0.95;

/// Counts what the tensors of this thread hold.
class HeldBytes : public c10::MemoryReportingInfoBase {
public:
#if TORCH_VERSION_MAJOR >= 2
    void reportMemoryUsage(void*, std::int64_t bytes, std::size_t, std::size_t, c10::Device) override {
        add(bytes);
    }
#else
    void reportMemoryUsage(void*, std::int64_t bytes, std::int64_t, std::int64_t, c10::Device) override {
        add(bytes);
    }
#endif
    bool memoryProfilingEnabled() const override {
        return true;
    }
    double held() const {
        return static_cast<double>(held_);
    }

private:
    void add(std::int64_t bytes) {
        held_ += bytes;
    }
    std::int64_t held_ = 0;
};

}  // namespace

double stepBytesAnImage(Encoder& encoder, const ImageShape& shape, at::ScalarType type) {
    const StatisticsKept unchanged(encoder);
    const torch::Tensor images = torch::zeros({kMeasured, shape.channels, shape.height, shape.width})
                                     .contiguous(at::MemoryFormat::ChannelsLast)
                                     .to(type);
    const auto counter = std::make_shared<HeldBytes>();
    const c10::DebugInfoGuard counting(c10::DebugInfoKind::PROFILER_STATE, counter);
    const torch::Tensor kept = encoder.embed(images, {Pass::Mode::Train, {}});
    // While `kept` holds what the way back needs.
    return std::max(0.0, counter->held()) * kBackward / kMeasured;
}

void refuseTooLargeStep(Encoder& encoder, const ImageShape& shape, at::ScalarType type, std::int64_t images,
                        double available) {
    const double most = static_cast<double>(images) * static_cast<double>(shape.bytes()) * sizeof(float) * kMostFloats;
    if (available <= 0 || most < kLeastWorthMeasuring * available) return;
    const double each = stepBytesAnImage(encoder, shape, type);
    const double needed = each * static_cast<double>(images);
    if (needed <= kUsableShare * available) return;
    const auto fitting = static_cast<std::int64_t>(kUsableShare * available / each);
    throw std::runtime_error("A step with " + std::to_string(images) + " images of " + std::to_string(shape.width) +
                             "x" + std::to_string(shape.height) + " pixels needs about " + gigabytes(needed) +
                             " of memory, and " + gigabytes(available) + " are free; choose a batch size of at most " +
                             std::to_string(std::max<std::int64_t>(fitting, 2)) +
                             ", a smaller image size or a smaller encoder.");
}

double availableMemory() {
    std::ifstream memory("/proc/meminfo");
    std::string name, unit;
    for (double kibibytes = 0; memory >> name >> kibibytes; std::getline(memory, unit))
        if (name == "MemAvailable:") return kibibytes * 1024;
    return 0;
}

}  // namespace embedscope
