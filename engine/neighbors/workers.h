#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <numeric>
#include <vector>

namespace embedscope {

/// Threads that wait for loops. Made by whoever owns an algorithm and lent to it, so that a live map runs on one
/// quiet thread and the command line on all cores with the same code.
///
/// Blocks do not depend on the number of threads: what is summed block by block has the same bits on any.
class Workers {
public:
    using Work = std::function<void(std::size_t begin, std::size_t end)>;

    /// @param threads The caller included; 0: one a core.
    explicit Workers(int threads = 0);
    ~Workers();
    Workers(const Workers&) = delete;
    Workers& operator=(const Workers&) = delete;

    int count() const;

    /// Calls work(begin, end) for the blocks of [0, count) and waits for them. One caller at a time.
    /// @throws what `work` threw first.
    void forBlocks(std::size_t count, std::size_t blockSize, const Work& work);

    /// Sum over the blocks of what `part(begin, end)` returns, in the order of the blocks.
    template <typename Part>
    double sum(std::size_t count, std::size_t blockSize, Part part) {
        std::vector<double> parts((count + blockSize - 1) / blockSize);
        forBlocks(count, blockSize,
                  [&](std::size_t begin, std::size_t end) { parts[begin / blockSize] = part(begin, end); });
        return std::accumulate(parts.begin(), parts.end(), 0.0);
    }

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace embedscope
