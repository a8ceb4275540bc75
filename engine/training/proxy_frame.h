#pragma once

#include "engine/data_set.h"
#include "engine/losses/loss.h"
#include "engine/snapshot.h"

#include <memory>
#include <optional>

namespace embedscope {

/// The proxies of a loss as the window gets them, at most a few hundred, evenly over the classes; null without any.
std::shared_ptr<const ProxyFrame> proxyFrame(const std::optional<Proxies>& proxies, const DataSet& data);

/// The class that each label of the data set is in the training part, counted without gaps, or -1: whole classes may be
/// held out.
std::vector<std::int64_t> classNumbers(const DataSet& data);

}  // namespace embedscope
