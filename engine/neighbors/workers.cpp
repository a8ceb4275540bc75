#include "engine/neighbors/workers.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>

namespace embedscope {

struct Workers::Impl {
    explicit Impl(int threads) {
        for (int i = 1; i < threads; ++i) helpers.emplace_back([this](const std::stop_token& stop) { serve(stop); });
    }

    void serve(const std::stop_token& stop) {
        std::uint64_t seen = 0;
        while (true) {
            {
                std::unique_lock lock(mutex);
                if (!begun.wait(lock, stop, [&] { return round != seen; })) return;
                seen = round;
            }
            takeBlocks();
            std::lock_guard lock(mutex);
            if (--busy == 0) ended.notify_one();
        }
    }

    void takeBlocks() {
        try {
            for (std::size_t begin = next.fetch_add(blockSize); begin < count; begin = next.fetch_add(blockSize))
                (*work)(begin, std::min(begin + blockSize, count));
        } catch (...) {
            next = count;
            std::lock_guard lock(mutex);
            if (!failure) failure = std::current_exception();
        }
    }

    void run(std::size_t newCount, std::size_t newBlockSize, const Work& newWork) {
        {
            std::lock_guard lock(mutex);
            count = newCount;
            blockSize = newBlockSize;
            work = &newWork;
            next = 0;
            busy = helpers.size();
            failure = nullptr;
            ++round;
        }
        begun.notify_all();
        takeBlocks();
        std::unique_lock lock(mutex);
        ended.wait(lock, [&] { return busy == 0; });
        if (failure) std::rethrow_exception(failure);
    }

    std::mutex mutex;
    std::condition_variable_any begun;
    std::condition_variable ended;
    std::uint64_t round = 0;
    std::size_t busy = 0;
    std::size_t count = 0, blockSize = 1;
    const Work* work = nullptr;
    std::atomic<std::size_t> next = 0;
    std::exception_ptr failure;
    std::vector<std::jthread> helpers;  // last: end before the rest dies
};

namespace {

int threadsFor(int asked) {
    return asked > 0 ? asked : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
}

}  // namespace

Workers::Workers(int threads) : impl_(std::make_unique<Impl>(threadsFor(threads))) {}

Workers::~Workers() = default;

int Workers::count() const {
    return static_cast<int>(impl_->helpers.size()) + 1;
}

void Workers::forBlocks(std::size_t count, std::size_t blockSize, const Work& work) {
    if (impl_->helpers.empty() || count <= blockSize) {
        for (std::size_t begin = 0; begin < count; begin += blockSize) work(begin, std::min(begin + blockSize, count));
        return;
    }
    impl_->run(count, blockSize, work);
}

}  // namespace embedscope
