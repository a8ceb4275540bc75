#pragma once

#include "engine/data_set.h"

#include <functional>
#include <memory>
#include <optional>

class QMenu;
class QWidget;

namespace embedscope {

/// Calls choose(label) when one of the classes, or "No label", is triggered. Of many classes the last entry opens a
/// list.
void fillRelabelMenu(QMenu& menu, std::shared_ptr<const DataSet> data, const std::function<void(int label)>& choose);

/// A list of the classes and "No label", for the keyboard; returns at once.
/// @param likely Chosen at first, with the remark that the nearest neighbours say so; none: no class is.
void askForClass(QWidget* parent, const DataSet& data, const std::function<void(int label)>& choose,
                 std::optional<int> likely = {});

}  // namespace embedscope
