#include "engine/losses/anchored.h"

namespace embedscope {
namespace {

/// The columns of a list of tuples whose first row is an anchor.
torch::Tensor listedFor(std::int64_t anchors, const torch::Tensor& list) {
    if (!list.defined()) return list;
    return list.index_select(1, (list[0] < anchors).nonzero().squeeze(1));
}

torch::Tensor rowsOf(std::int64_t anchors, torch::Tensor mask) {
    mask.slice(0, anchors).fill_(false);
    return mask;
}

/// The pairs that the labels allow, of the anchors.
void maskByLabels(std::int64_t anchors, const torch::Tensor& labels, Tuples& tuples) {
    const torch::Tensor labelled = labels >= 0;
    const torch::Tensor both = labelled.unsqueeze(0).logical_and(labelled.unsqueeze(1));
    const torch::Tensor same = labels.unsqueeze(0) == labels.unsqueeze(1);
    tuples.similar = rowsOf(anchors, same.logical_and(both).fill_diagonal_(false));
    tuples.dissimilar = rowsOf(anchors, same.logical_not().logical_and(both));
}

}  // namespace

Tuples anchoredOn(std::int64_t anchors, const torch::Tensor& labels, Tuples tuples) {
    tuples.anchors = anchors;
    switch (tuples.kind) {
        case Tuples::Kind::All:
            tuples.kind = Tuples::Kind::Masks;
            maskByLabels(anchors, labels, tuples);
            break;
        case Tuples::Kind::Window:
        case Tuples::Kind::Angle:
            maskByLabels(anchors, labels, tuples);
            break;
        case Tuples::Kind::Masks:
            tuples.similar = rowsOf(anchors, tuples.similar.clone());
            tuples.dissimilar = rowsOf(anchors, tuples.dissimilar.clone());
            break;
        case Tuples::Kind::Pairs:
            tuples.positivePairs = listedFor(anchors, tuples.positivePairs);
            tuples.negativePairs = listedFor(anchors, tuples.negativePairs);
            break;
        case Tuples::Kind::Triplets:
            tuples.triplets = listedFor(anchors, tuples.triplets);
            break;
    }
    return tuples;
}

}  // namespace embedscope
