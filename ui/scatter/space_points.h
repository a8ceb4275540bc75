#pragma once

#include "ui/scatter/seen_points.h"

#include <QThreadPool>

#include <cstdint>
#include <vector>

namespace embedscope {

/// Which points are looked at: about one of so many, spread evenly over the layout, whatever order its classes have.
struct PointShare {
    std::size_t every = 1;
    bool sparesSelected = false;  ///< Only dimmed points are left out.
    bool operator==(const PointShare&) const = default;

    bool holds(std::size_t row, const DrawnPoint& point) const {
        if (every == 1 || (sparesSelected && !(point.style & kDimmedStyle))) return true;
        // Multiples of the golden ratio: in any arithmetic progression of rows they are spread evenly too.
        return static_cast<std::uint32_t>(row) * 2654435769U < 0xffffffffU / every;
    }
};

/// The points of a map in space, seen through an orbit and sorted from back to front; points of one depth stay in the
/// layout's order. 34 bytes a point beside the points themselves.
class SpacePoints {
public:
    static constexpr std::size_t kFewPoints = 50'000;  ///< So many are sorted by the calling thread alone.

    /// @param threads 0: one a core, at most 8.
    explicit SpacePoints(int threads = 0);

    /// Blocks until all are sorted; costs nothing if nothing changed.
    /// @param depths As many as points. @param content Another number: other points. @return whether it changed.
    bool look(const DrawnPoints& points, const PointDepths& depths, const Orbit& orbit, float glide,
              std::uint64_t content, PointShare share = {});
    SeenPoints seen() const { return {sorted_, rows_, levelEnds_, version_}; }
    /// Gives the memory back.
    void clear();

private:
    struct Flat {
        float x, y;
        std::uint32_t key;  ///< Depth, growing towards the eye.
    };
    /// Calls work(band, begin, end) for parts of the points, on threads of their own where there are many.
    template <typename Work>
    void inBands(std::size_t points, Work work);
    void sort(const DrawnPoints& points, std::vector<std::vector<std::uint32_t>>& counts);

    Orbit orbit_;
    float glide_ = -1;
    std::uint64_t content_ = 0, version_ = 0;
    PointShare share_;
    std::size_t bands_ = 1;
    std::vector<Flat> flat_;  ///< Of each band's points one after the other, from where the band begins.
    DrawnPoints sorted_;
    std::vector<std::uint32_t> rows_;
    std::vector<std::size_t> levelEnds_;
    QThreadPool pool_;
};

}  // namespace embedscope
