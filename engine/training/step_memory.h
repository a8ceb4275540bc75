#pragma once

#include "engine/data_set.h"
#include "engine/encoders/encoder.h"

#include <cstdint>

namespace embedscope {

/// Bytes that a training step holds for each image until its gradient is there: measured on a forward pass of two grey
/// pictures on this thread. Running statistics are put back. On the CPU.
double stepBytesAnImage(Encoder& encoder, const ImageShape& shape, at::ScalarType type);

/// A step that is far from filling the memory is not measured. @param images That pass through the encoder in a step.
/// @param available Bytes of memory that are free; 0: unknown, nothing is refused.
/// @throws std::runtime_error naming the settings to lower if the step does not fit: a sentence instead of a process
/// that the system kills.
void refuseTooLargeStep(Encoder& encoder, const ImageShape& shape, at::ScalarType type, std::int64_t images,
                        double available);

/// What Linux says can be used without swapping; 0 where unknown.
double availableMemory();

}  // namespace embedscope
