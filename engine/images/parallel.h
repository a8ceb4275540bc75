#pragma once

#include <cstddef>
#include <functional>
#include <stop_token>

namespace embedscope {

/// Calls work(0) … work(count - 1), roughly in this order, on all cores; the calling thread is one of the workers.
/// Returns when all are done or, after a stop, when those begun are.
/// @throws the first exception that `work` threw; what had not begun by then is left out.
void forEachIndex(std::size_t count, std::stop_token stop, const std::function<void(std::size_t)>& work);

}  // namespace embedscope
