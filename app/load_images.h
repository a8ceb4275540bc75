#pragma once

#include "app/doorbell.h"
#include "app/interrupt.h"
#include "app/progress.h"
#include "engine/data_set.h"
#include "engine/image_cache.h"

#include <memory>

namespace embedscope {

/// Blocks until the images are read. @return Null if interrupted. @throws std::runtime_error
std::shared_ptr<const DataSet> loadImages(const DataSettings& settings, const ImageCache& cache, Doorbell& bell,
                                          const Interrupt& interrupt, Progress& progress);

/// With the hold-out of the experiment. @throws std::runtime_error with every reason why it cannot be trained on.
std::shared_ptr<const DataSet> preparedFor(const Experiment& experiment, const DataSet& data);

}  // namespace embedscope
