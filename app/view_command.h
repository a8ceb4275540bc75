#pragma once

#include "engine/viewed_embeddings.h"

#include <CLI/CLI.hpp>

namespace embedscope {

/// What `embedscope view` is told: embeddings with labels and pictures, or the folder of a run.
void addViewOptions(CLI::App& command, ViewSource& source);

}  // namespace embedscope
