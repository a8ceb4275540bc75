#pragma once

#include "engine/data_set.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>

class QMenu;
class QWidget;

namespace embedscope {

/// Calls choose(label) when one of the classes, or "No label", is triggered. Of many classes the last entry opens a
/// list. @param images How many get the label, to be told.
void fillRelabelMenu(QMenu& menu, std::shared_ptr<const DataSet> data, std::size_t images,
                     const std::function<void(int label)>& choose);

/// A list of the classes and "No label", for the keyboard; returns at once.
/// @param likely Chosen at first, with the remark that the nearest neighbours say so; none: no class is.
void askForClass(QWidget* parent, const DataSet& data, std::size_t images, const std::function<void(int label)>& choose,
                 std::optional<int> likely = {});

}  // namespace embedscope
