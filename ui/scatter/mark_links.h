#pragma once

#include "engine/marks.h"
#include "ui/scatter/view_overlay.h"

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace embedscope {

/// Pairs of a mark that are drawn: all, or of too many some, the same ones every time.
std::vector<std::pair<std::int32_t, std::int32_t>> linksOf(const Mark& mark, std::size_t most);

/// What is marked by hand: lines between similar images, dashed ones between dissimilar images, with a loop around both
/// where they lie so near that their points hide the line, a ring in the colour of its new class around a relabelled
/// image, a cross on an ignored one.
class MarkLinks : public ViewOverlay {
public:
    static constexpr std::size_t kMostLinksOfMark = 60, kMostLinks = 600, kMostSigns = 2000;

    void show(const Marks& marks);
    /// Pairs pointed at elsewhere, e.g. of a row of the pair lab; with a triplet's anchor first.
    void point(std::int32_t anchor, std::int32_t positive, std::int32_t negative);
    void paint(QPainter& painter, const EmbeddingView& view) const override;

private:
    struct Link {
        std::int32_t first, second;
        bool similar;
    };
    struct Sign {
        std::int32_t sample;
        std::int32_t label;
        bool ignored;
    };
    std::vector<Link> links_;
    std::vector<Link> pointed_;
    std::vector<Sign> signs_;
};

}  // namespace embedscope
