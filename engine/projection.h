#pragma once

#include "engine/snapshot.h"
#include "engine/wake_up.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace embedscope {

/// Where the points are drawn. Rows match the bank frame it was made from.
struct Layout {
    std::uint64_t runId = 0;
    std::int64_t step = 0;
    std::shared_ptr<const std::vector<std::int32_t>> samples;  ///< [N] index into DataSet::samples.
    std::vector<float> coordinates;                            ///< [N, 2] row-major.
    std::vector<std::string> axisNames;                        ///< e.g. "PC 1 (34 %)".
    std::shared_ptr<const BankFrame> bank;                     ///< What it shows, for neighbours and the inspector.
};

/// Follows a bank on a thread of its own: newest wins, older frames are dropped. Its axes keep sign and order from
/// frame to frame; a frame with numbers that are not finite leaves the last layout standing. Destroying it stops and
/// waits (below 0.1 s for 10,000 x 512).
class ProjectionRun {
public:
    explicit ProjectionRun(WakeUp wakeUp);
    ~ProjectionRun();
    ProjectionRun(const ProjectionRun&) = delete;
    ProjectionRun& operator=(const ProjectionRun&) = delete;

    /// Any thread. Does not block.
    void follow(std::shared_ptr<const BankFrame> bank);
    /// Any thread. Null before the first layout.
    std::shared_ptr<const Layout> latest() const;
    /// True: keep the axes of the newest layout, so that frames compare exactly. False: track the data.
    void setFrozen(bool frozen);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// The same projection at once, for the command line: the layout of one frame. Null if a number in it is not finite.
std::shared_ptr<const Layout> projectOnce(std::shared_ptr<const BankFrame> bank);

}  // namespace embedscope
