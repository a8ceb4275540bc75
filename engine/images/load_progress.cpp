#include "engine/images/load_progress.h"

#include <utility>

namespace embedscope {
namespace {

constexpr auto kPublishEvery = std::chrono::milliseconds(50);

}  // namespace

void throwIfStopped(const std::stop_token& stop) {
    if (stop.stop_requested()) throw Cancelled();
}

LoadProgress::LoadProgress(Latest<LoadState>& mailbox, WakeUp wakeUp)
    : mailbox_(mailbox), wakeUp_(std::move(wakeUp)), previews_(kPreviewImages) {
    mailbox_.publish(std::make_shared<const LoadState>());
}

void LoadProgress::setFound(std::size_t images) {
    {
        std::lock_guard lock(mutex_);
        state_.found = images;
    }
    publishIfDue();
}

void LoadProgress::beginDecoding(std::size_t images) {
    std::unique_lock lock(mutex_);
    state_.phase = LoadPhase::Decoding;
    state_.found = images;
    decodingSince_ = Clock::now();
    publish(std::move(lock));
}

void LoadProgress::addDecoded(std::size_t images) {
    decoded_ += images;
    publishIfDue();
}

void LoadProgress::restartDecoding() {
    decoded_ = 0;
    skipped_ = 0;
    publishIfDue();
}

void LoadProgress::addSkipped() {
    ++skipped_;
    publishIfDue();
}

void LoadProgress::addPreview(std::size_t place, Image image) {
    if (place >= kPreviewImages) return;
    auto shared = std::make_shared<const Image>(std::move(image));
    {
        std::lock_guard lock(mutex_);
        previews_[place] = std::move(shared);
        state_.preview.clear();
        for (const auto& picture : previews_)
            if (picture) state_.preview.push_back(picture);
    }
    publishIfDue();
}

void LoadProgress::remark(const std::string& text) {
    std::lock_guard lock(mutex_);
    state_.message += (state_.message.empty() ? "" : " ") + text;
}

void LoadProgress::finish(LoadPhase phase, std::shared_ptr<const DataSet> dataSet, const std::string& message) {
    if (phase != LoadPhase::Done) {
        std::lock_guard lock(mutex_);
        state_.message.clear();
    }
    if (!message.empty()) remark(message);
    std::unique_lock lock(mutex_);
    state_.phase = phase;
    state_.dataSet = std::move(dataSet);
    if (state_.dataSet) skipped_ = state_.dataSet->skipped.size();
    publish(std::move(lock));
}

void LoadProgress::publishIfDue() {
    std::unique_lock lock(mutex_, std::try_to_lock);  // if another thread is publishing, this news goes with the next
    if (lock.owns_lock() && Clock::now() - lastPublished_ >= kPublishEvery) publish(std::move(lock));
}

void LoadProgress::publish(std::unique_lock<std::mutex> lock) {
    state_.decoded = decoded_;
    state_.skipped = skipped_;
    const double seconds = std::chrono::duration<double>(Clock::now() - decodingSince_).count();
    if (state_.decoded > 0 && seconds > 0) state_.imagesPerSecond = static_cast<double>(state_.decoded) / seconds;
    mailbox_.publish(std::make_shared<const LoadState>(state_));
    lastPublished_ = Clock::now();
    lock.unlock();
    if (wakeUp_) wakeUp_();
}

}  // namespace embedscope
