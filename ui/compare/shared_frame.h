#pragma once

#include "engine/layout_alignment.h"

#include <optional>
#include <vector>

namespace embedscope {

/// Turns the layouts of several runs onto that of the first one, so that the same cluster lies in the same place.
class SharedFrame {
public:
    using Layouts = std::vector<std::shared_ptr<const Layout>>;

    /// @param layouts [runs] null where there is none yet. @return [runs] turned; the first one as it is.
    Layouts aligned(const Layouts& layouts);
    /// Forgets how the layouts were turned before.
    void clear() { motions_.clear(); }

private:
    struct Turned {
        std::shared_ptr<const Layout> target, from, result;  ///< What was turned last.
        RigidMotion motion;
    };
    std::vector<std::optional<Turned>> motions_;
};

}  // namespace embedscope
