#pragma once

namespace embedscope {

/// What a person wants of a run that is kept nowhere and is about to be dropped.
enum class KeepAnswer { Keep, Discard, Cancel };

}  // namespace embedscope
