#include "ui/compare/shared_frame.h"

namespace embedscope {

SharedFrame::Layouts SharedFrame::aligned(const Layouts& layouts) {
    motions_.resize(layouts.size());
    Layouts result = layouts;
    if (layouts.empty() || !layouts.front()) return result;
    const std::shared_ptr<const Layout>& target = layouts.front();
    for (std::size_t run = 1; run < layouts.size(); ++run) {
        if (!layouts[run]) continue;
        std::optional<Turned>& last = motions_[run];
        // The same object as before, so that a view does not begin to glide towards where it is.
        if (!last || last->target != target || last->from != layouts[run]) {
            const RigidMotion motion = motionOnto(*target, *layouts[run], last ? &last->motion : nullptr);
            last = Turned{target, layouts[run], moved(*layouts[run], motion), motion};
        }
        result[run] = last->result;
    }
    return result;
}

}  // namespace embedscope
