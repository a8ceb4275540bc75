#pragma once

#include "engine/checkpoint.h"
#include "engine/data_set.h"

#include <cstdint>
#include <memory>
#include <stop_token>
#include <vector>

namespace embedscope {

/// The encoder of a run as it was at a checkpoint, in evaluation mode, for pictures that the run has not seen. On the
/// CPU. One thread at a time.
class ImageEmbedder {
public:
    /// @param threads Intra-op threads; 0: all cores.
    /// @throws std::runtime_error with one sentence if the checkpoint is damaged or of a version that did not keep how
    /// pixels are scaled, or if the encoder reads a file that is gone.
    explicit ImageEmbedder(const Checkpoint& checkpoint, int threads = 0);
    ~ImageEmbedder();
    ImageEmbedder(const ImageEmbedder&) = delete;
    ImageEmbedder& operator=(const ImageEmbedder&) = delete;

    /// Of the pictures that it takes.
    const ImageShape& shape() const;
    int dimension() const;
    std::int64_t step() const;

    /// Blocks. @param images Of shape(); labels are not read. @return [images, dimension()] row-major, or less if it
    /// was asked to stop. @throws std::runtime_error with one sentence.
    std::vector<float> embed(const DataSet& images, const std::stop_token& stop = {}) const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace embedscope
