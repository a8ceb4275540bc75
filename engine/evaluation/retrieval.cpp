#include "engine/retrieval.h"

#include "engine/evaluation/gallery.h"
#include "engine/evaluation/parallel_blocks.h"

#include <atomic>
#include <limits>

namespace embedscope {
namespace {

constexpr std::size_t kQueryBlock = 128;
constexpr std::size_t kGalleryBlock = 1024;

struct Nearest {
    std::size_t index = 0;                                       ///< In the gallery.
    double exact = std::numeric_limits<double>::infinity();      ///< Squared distance of the caller's own numbers.
    float approximate = std::numeric_limits<float>::infinity();  ///< Smallest score of the matrix product so far.
};

/// A matrix product is fast but rounds: scores that lie closer than its error bound say nothing about who is nearer.
/// So products only choose the candidates, and direct distances in double decide among them.
class NearestSearch {
public:
    NearestSearch(std::span<const float> embeddings, int dimension, const Gallery& gallery)
        : embeddings_(embeddings), dimension_(dimension), gallery_(gallery) {}

    /// The nearest other gallery row of each of [begin, end); ties: the lowest row.
    std::vector<Nearest> find(std::size_t begin, std::size_t end, std::stop_token stop) const {
        std::vector<Nearest> nearest(end - begin);
        const auto queries = gallery_.points.middleRows(begin, end - begin);
        RowMatrix products;
        for (std::size_t first = 0; first < gallery_.size() && !stop.stop_requested(); first += kGalleryBlock) {
            const std::size_t count = std::min(kGalleryBlock, gallery_.size() - first);
            products.noalias() = queries * gallery_.points.middleRows(first, count).transpose();
            for (std::size_t i = 0; i < nearest.size(); ++i) {
                if (nearest[i].exact == 0) continue;  // lower rows came first: no better tie can follow
                auto scores = products.row(i).array();
                scores = gallery_.squaredNorms.segment(first, count).transpose().array() - 2 * scores;
                const std::size_t self = begin + i;
                if (self >= first && self < first + count) scores[self - first] = kNever;
                refine(nearest[i], self, first, std::span(products.row(i).data(), count));
            }
        }
        return nearest;
    }

private:
    static constexpr float kNever = std::numeric_limits<float>::infinity();

    /// Two scores within this say nothing: twice the bound of a product's rounding for points in the unit ball
    /// (dimension · u · |x||y|, doubled by the factor 2) with room for the norms' and the centring's own rounding.
    float slack() const { return 4.0F * static_cast<float>(dimension_ + 16) * std::numeric_limits<float>::epsilon(); }

    void refine(Nearest& nearest, std::size_t query, std::size_t first, std::span<const float> scores) const {
        const float smallest = Eigen::Map<const Eigen::ArrayXf>(scores.data(), scores.size()).minCoeff();
        if (smallest == kNever || smallest > nearest.approximate + slack()) return;
        nearest.approximate = std::min(nearest.approximate, smallest);
        const float limit = nearest.approximate + slack();
        for (std::size_t j = 0; j < scores.size(); ++j) {
            if (scores[j] > limit) continue;
            const double distance = squaredDistance(gallery_.rows[query], gallery_.rows[first + j]);
            if (distance < nearest.exact) {
                nearest.exact = distance;
                nearest.index = first + j;
            }
            if (distance == 0) return;
        }
    }

    double squaredDistance(std::size_t a, std::size_t b) const {
        using Row = Eigen::Map<const Eigen::ArrayXf>;
        const auto dimension = static_cast<std::size_t>(dimension_);
        const Row first(embeddings_.data() + a * dimension, dimension_);
        const Row second(embeddings_.data() + b * dimension, dimension_);
        return (first.cast<double>() - second.cast<double>()).square().sum();
    }

    std::span<const float> embeddings_;
    int dimension_;
    const Gallery& gallery_;
};

}  // namespace

double recallAt1(std::span<const float> embeddings, int dimension, std::span<const std::int32_t> labels,
                 std::stop_token stop) {
    const Gallery gallery = makeGallery(embeddings, dimension, labels);
    const NearestSearch search(embeddings, dimension, gallery);
    std::atomic<std::size_t> queries = 0, hits = 0;
    forBlocks(gallery.size(), kQueryBlock, stop, [&](std::size_t begin, std::size_t end) {
        const std::vector<Nearest> nearest = search.find(begin, end, stop);
        for (std::size_t query = begin; query < end; ++query) {
            if (gallery.matches[query] == 0) continue;
            ++queries;
            const Nearest& found = nearest[query - begin];
            const bool any = gallery.isFinite(query) && found.exact < std::numeric_limits<double>::infinity();
            hits += any && gallery.labels[found.index] == gallery.labels[query];
        }
    });
    if (queries == 0 || stop.stop_requested()) return std::numeric_limits<double>::quiet_NaN();
    return static_cast<double>(hits) / static_cast<double>(queries);
}

}  // namespace embedscope
