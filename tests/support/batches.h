#pragma once

#include <ATen/CPUGeneratorImpl.h>
#include <torch/types.h>

namespace embedscope {

/// A seeded batch: noise round one centre a class, so that easy, semi-hard and hard triplets all occur.
struct Batch {
    torch::Tensor embeddings, labels;
};

inline Batch seededBatch(std::int64_t size, std::int64_t dimension, std::int64_t classes, std::uint64_t seed,
                         torch::ScalarType precision = torch::kFloat64) {
    at::Generator generator = at::make_generator<at::CPUGeneratorImpl>(seed);
    const torch::Tensor labels = torch::arange(size) % classes;
    const torch::Tensor centers = torch::randn({classes, dimension}, generator, torch::kFloat64);
    const torch::Tensor noise = torch::randn({size, dimension}, generator, torch::kFloat64);
    const torch::Tensor rows = 0.5 * centers.index_select(0, labels) + noise;
    return {rows.to(precision).requires_grad_(true), labels};
}

}  // namespace embedscope
