#include "app/frame_recording.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <stdexcept>
#include <utility>

namespace embedscope {
namespace {

// Drawing and packing a frame takes some 60 ms of a core that the training would like to have.
constexpr std::chrono::milliseconds kBetweenFrames(250), kBetweenLastFrames(100);
constexpr std::chrono::seconds kLongestRest(10);

void makeFolder(const std::filesystem::path& folder) {
    std::error_code failure;
    std::filesystem::create_directories(folder, failure);
    if (failure)
        throw std::runtime_error("The folder \"" + folder.string() + "\" cannot be made: " + failure.message() + ".");
    if (std::filesystem::exists(folder / "frame_000001.png"))
        throw std::runtime_error("\"" + folder.string() + "\" already holds a recording; choose another folder.");
}

}  // namespace

FrameRecording::FrameRecording(std::filesystem::path folder, const Choice& method, std::shared_ptr<const DataSet> data,
                               const PictureStyle& style, WakeUp wakeUp)
    : folder_(std::move(folder)),
      data_(std::move(data)),
      pictures_(style.size, style.dark),
      projection_(std::move(wakeUp)) {
    entryOf(projectionCatalog(), method.id, "projection");
    makeFolder(folder_);
    projection_.setMethod(method);
    projection_.setLabels(trainingLabels(*data_));
    projection_.setQuiet(true);
    projection_.setMeasuring(true);
}

void FrameRecording::follow(const Snapshot& snapshot) {
    if (!snapshot.bank || snapshot.bank == followed_) return;
    // The map skips a bank that is not finite, and would be waited for in vain.
    if (!std::ranges::all_of(snapshot.bank->embeddings, [](float value) { return std::isfinite(value); })) return;
    followed_ = snapshot.bank;
    projection_.follow(followed_);
}

void FrameRecording::take(const Snapshot& snapshot) {
    follow(snapshot);
    std::shared_ptr<const Layout> layout = projection_.latest();
    if (!layout || layout == saved_) return;
    if (saved_ && Clock::now() - savedAt_ < (ended_ ? kBetweenLastFrames : kBetweenFrames)) return;
    save(std::move(layout));
}

bool FrameRecording::finish(const Snapshot& last) {
    if (!std::exchange(ended_, true)) {
        endedAt_ = Clock::now();
        projection_.setQuiet(false);
    }
    take(last);
    if (!followed_) return true;
    std::shared_ptr<const Layout> layout = projection_.latest();
    if (!layout || layout->bank != followed_) return false;
    if (!layout->settled && Clock::now() - endedAt_ < kLongestRest) return false;
    if (layout != saved_) save(std::move(layout));
    return true;
}

void FrameRecording::save(std::shared_ptr<const Layout> layout) {
    const Clock::time_point now = Clock::now();
    const double since = saved_ ? std::chrono::duration<double, std::milli>(now - savedAt_).count() : 0;
    char name[32];
    std::snprintf(name, sizeof name, "frame_%06d.png", ++frames_);
    savePicture(folder_ / name, pictures_.next(*layout, *data_, since));
    saved_ = std::move(layout);
    savedAt_ = now;
}

}  // namespace embedscope
