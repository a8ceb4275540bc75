#pragma once

#include "engine/run_recorder.h"

#include <functional>
#include <memory>
#include <string>

namespace embedscope {

/// Lets a run go on when its folder can no longer be written, as hours of training are worth more than their log: what
/// fails is told, tried again at the next occasion, and noted in the run's events once that works. Only begin() still
/// throws: nothing is lost yet.
/// @param inner Null: then so is the result. @param tell Gets one sentence, on the run's thread.
std::unique_ptr<RunRecorder> forgiving(std::unique_ptr<RunRecorder> inner,
                                       std::function<void(const std::string& sentence)> tell);

}  // namespace embedscope
