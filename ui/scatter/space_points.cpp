#include "ui/scatter/space_points.h"

#include <QThread>

#include <algorithm>
#include <utility>

namespace embedscope {
namespace {

constexpr int kMostThreads = 8;
/// Keys of depths from -2 to 2 reaches; every depth level is so many keys long.
constexpr std::uint32_t kKeys = 1024, kKeysPerLevel = kKeys / 2 / kDepthLevels, kFirstLevelKey = kKeys / 4;

std::uint32_t keyOf(float depth) {
    if (!(depth > -2)) return 0;
    return depth >= 2 ? kKeys - 1 : static_cast<std::uint32_t>((depth + 2) * (kKeys / 4));
}

/// The first key beyond a level.
std::uint32_t endOfLevel(std::uint32_t level) {
    return level + 1 == kDepthLevels ? kKeys : kFirstLevelKey + (level + 1) * kKeysPerLevel;
}

}  // namespace

SpacePoints::SpacePoints(int threads) {
    bands_ = static_cast<std::size_t>(std::clamp(threads > 0 ? threads : QThread::idealThreadCount(), 1, kMostThreads));
    pool_.setMaxThreadCount(std::max(1, static_cast<int>(bands_) - 1));
}

void SpacePoints::clear() {
    flat_ = {};
    sorted_ = {};
    rows_ = {};
    levelEnds_ = {};
    glide_ = -1;
}

template <typename Work>
void SpacePoints::inBands(std::size_t points, Work work) {
    const std::size_t bands = points > kFewPoints ? bands_ : 1;
    const auto edge = [&](std::size_t band) { return points * band / bands; };
    for (std::size_t band = 1; band < bands; ++band)
        pool_.start([&work, &edge, band] { work(band, edge(band), edge(band + 1)); });
    work(0, 0, edge(1));
    pool_.waitForDone();
}

bool SpacePoints::look(const DrawnPoints& points, const PointDepths& depths, const Orbit& orbit, float glide,
                       std::uint64_t content, PointShare share) {
    if (orbit == orbit_ && glide == glide_ && content == content_ && share == share_ && points.size() == flat_.size())
        return false;
    orbit_ = orbit;
    glide_ = glide;
    content_ = content;
    share_ = share;
    ++version_;
    flat_.resize(points.size());
    std::vector<std::vector<std::uint32_t>> counts(bands_, std::vector<std::uint32_t>(kKeys, 0));
    const OrbitLens lens(orbit);
    inBands(points.size(), [&](std::size_t band, std::size_t begin, std::size_t end) {
        Flat* flat = flat_.data() + begin;
        for (std::size_t i = begin; i < end; ++i) {
            const DrawnPoint& point = points[i];
            if (!share.holds(i, point)) continue;
            const float z = depths[i].from + (depths[i].to - depths[i].from) * glide;
            const OrbitLens::Seen seen = lens.see(point.fromX + (point.toX - point.fromX) * glide,
                                                  point.fromY + (point.toY - point.fromY) * glide, z);
            *flat = {seen.x, seen.y, keyOf(seen.depth)};
            ++counts[band][flat++->key];
        }
    });
    sort(points, counts);
    return true;
}

/// Counting sort, the bands side by side: within a key the first band's points come first.
void SpacePoints::sort(const DrawnPoints& points, std::vector<std::vector<std::uint32_t>>& counts) {
    levelEnds_.assign(kDepthLevels, 0);
    std::uint32_t next = 0, level = 0;
    for (std::uint32_t key = 0; key < kKeys; ++key) {
        for (std::vector<std::uint32_t>& own : counts) next += std::exchange(own[key], next);
        if (key + 1 == endOfLevel(level)) levelEnds_[level++] = next;
    }
    sorted_.resize(next);
    rows_.resize(next);
    inBands(points.size(), [&](std::size_t band, std::size_t begin, std::size_t end) {
        const Flat* flat = flat_.data() + begin;
        for (std::size_t i = begin; i < end; ++i) {
            if (!share_.holds(i, points[i])) continue;
            const auto [x, y, key] = *flat++;
            const std::uint32_t place = counts[band][key]++;
            DrawnPoint& drawn = sorted_[place];
            drawn = points[i];
            drawn.fromX = drawn.toX = x;
            drawn.fromY = drawn.toY = y;
            rows_[place] = static_cast<std::uint32_t>(i);
        }
    });
}

}  // namespace embedscope
