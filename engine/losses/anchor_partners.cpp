#include "engine/losses/anchor_partners.h"

#include <map>
#include <numeric>

namespace embedscope {
namespace {

torch::Tensor maskOf(const torch::Tensor& pairs, std::int64_t size) {
    torch::Tensor mask = torch::zeros({size, size}, torch::kBool);
    mask.index_put_({pairs[0].cpu(), pairs[1].cpu()}, torch::ones({}, torch::kBool));
    return mask;
}

}  // namespace

AnchorPartners::AnchorPartners(const torch::Tensor& labels, const Tuples& tuples) : labels_(labels.cpu().contiguous()) {
    if (tuples.similar.defined()) {
        similar_ = tuples.similar.cpu().contiguous();
        dissimilar_ = tuples.dissimilar.cpu().contiguous();
    } else if (tuples.kind == Tuples::Kind::Pairs) {
        similar_ = maskOf(tuples.positivePairs, count());
        dissimilar_ = maskOf(tuples.negativePairs, count());
    }
}

void AnchorPartners::list(std::int64_t anchor, std::vector<std::int64_t>& positives,
                          std::vector<std::int64_t>& negatives) const {
    positives.clear();
    negatives.clear();
    const std::int64_t rows = count();
    if (similar_.defined()) {
        const bool* similar = similar_.data_ptr<bool>() + anchor * rows;
        const bool* dissimilar = dissimilar_.data_ptr<bool>() + anchor * rows;
        for (std::int64_t i = 0; i < rows; ++i) {
            if (similar[i]) positives.push_back(i);
            if (dissimilar[i]) negatives.push_back(i);
        }
        return;
    }
    const std::int64_t* labels = labels_.data_ptr<std::int64_t>();
    if (labels[anchor] < 0) return;
    for (std::int64_t i = 0; i < rows; ++i) {
        if (labels[i] < 0 || i == anchor) continue;
        (labels[i] == labels[anchor] ? positives : negatives).push_back(i);
    }
}

std::vector<std::vector<std::int64_t>> AnchorPartners::groups() const {
    if (similar_.defined()) {
        std::vector<std::int64_t> everyone(count());
        std::iota(everyone.begin(), everyone.end(), 0);
        return {everyone};
    }
    std::map<std::int64_t, std::vector<std::int64_t>> classes;
    for (std::int64_t i = 0; i < count(); ++i) classes[labels_.data_ptr<std::int64_t>()[i]].push_back(i);
    std::vector<std::vector<std::int64_t>> groups;
    for (auto& [label, members] : classes) groups.push_back(std::move(members));
    return groups;
}

}  // namespace embedscope
