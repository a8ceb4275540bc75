#pragma once

#include "engine/marks.h"

#include <memory>
#include <vector>

namespace embedscope {

/// The labels that a person sees: those of the data with what was marked by hand, of held-out images too, which
/// training leaves as they are.
struct ShownLabels {
    std::shared_ptr<const DataSet> data;  ///< The same images; `data` itself if no label changes.
    std::vector<int> changed;             ///< Samples whose label is another, rising.
};
ShownLabels shownLabels(std::shared_ptr<const DataSet> data, const Marks& marks);

}  // namespace embedscope
