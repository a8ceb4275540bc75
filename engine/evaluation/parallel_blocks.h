#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

namespace embedscope {

/// Calls work(begin, end) for the blocks of [0, count) on all cores and waits for them. Blocks are handed out in any
/// order, so a result must not depend on it. @return false if stopped: some blocks may be missing or half done.
/// @throws what `work` threw first.
template <typename Work>
bool forBlocks(std::size_t count, std::size_t blockSize, std::stop_token stop, Work work) {
    std::atomic<std::size_t> next = 0;
    std::atomic<bool> failed = false;
    std::exception_ptr failure;
    std::mutex failureMutex;
    const auto worker = [&] {
        try {
            while (!stop.stop_requested() && !failed) {
                const std::size_t begin = next.fetch_add(blockSize);
                if (begin >= count) return;
                work(begin, std::min(begin + blockSize, count));
            }
        } catch (...) {
            std::lock_guard lock(failureMutex);
            if (!failed.exchange(true)) failure = std::current_exception();
        }
    };
    {
        const std::size_t blocks = (count + blockSize - 1) / blockSize;
        const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
        std::vector<std::jthread> threads;
        for (std::size_t i = 1; i < std::min(cores, blocks); ++i) threads.emplace_back(worker);
        worker();
    }
    if (failure) std::rethrow_exception(failure);
    return !stop.stop_requested();
}

}  // namespace embedscope
