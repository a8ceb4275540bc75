#pragma once

#include "engine/run_recorder.h"

#include <functional>
#include <memory>
#include <string>

namespace embedscope {

/// Hands all on, and tells of what could not be written before it throws it on. A throw of begin() is not told: it ends
/// the run with its sentence.
/// @param inner Null: then so is the result. @param tell On the run's thread, with the sentence.
std::unique_ptr<RunRecorder> watched(std::unique_ptr<RunRecorder> inner,
                                     std::function<void(const std::string& sentence)> tell);

}  // namespace embedscope
