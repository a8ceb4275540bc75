#pragma once

#include "engine/projections/pca.h"
#include "engine/snapshot.h"

#include <functional>
#include <string>
#include <vector>

namespace embedscope {

/// The plane, or the space of three dimensions, in which a bank is drawn, followed from frame to frame.
///
/// Principal axes have no sign, and where two variances are close they turn freely: drawn as they come, the picture
/// would flip and spin. So each new plane is turned (orthogonal Procrustes on the points) until the points lie nearest
/// to where they were; then, while the two variances differ clearly, the axes slide slowly back onto the principal
/// ones. Their order is kept when the variances cross; the names say which is which.
class PlaneTracker {
public:
    struct Frame {
        std::vector<float> coordinates;      ///< [N, dims] row-major.
        std::vector<std::string> axisNames;  ///< "PC 1 (34 %)"; "x1", "x2" for embeddings of as many dimensions.
    };

    /// @param frozen Keep mean and axes of the frame before.
    /// @return nothing if stopped, or if the bank cannot be drawn because a number in it is not finite.
    std::optional<Frame> next(const BankFrame& bank, bool frozen, std::stop_token stop = {});

    /// The bank on mean and axes of the frame before, which names and shares stay those of; cheap.
    /// @return nothing if there are none for it.
    std::optional<std::vector<float>> onSameAxes(const BankFrame& bank);

    /// Forgets the frame before.
    void startFresh();
    /// 2 or 3. Forgets the frame before.
    void setDimensions(int dims);

    using Fit = std::function<std::optional<PcaBasis>(const RowsView<float>& rows, std::stop_token stop)>;
    /// Other axes than the principal ones, called "LD 1" for the name "LD". An empty fit: the principal ones.
    void setFit(std::string name, Fit fit);

private:
    std::optional<PcaBasis> fit(const BankFrame& bank, std::stop_token stop) const;
    void turnTowardsPrevious(const RowsView<float>& rows);

    int dims_ = 2;
    std::string name_ = "PC";
    Fit fit_;
    PcaBasis principal_;     ///< Of the newest frame that was not frozen; no axes before the first.
    Eigen::MatrixXd turn_;   ///< [dims, dims] drawn axes = principal axes * turn.
    Eigen::MatrixXd drawn_;  ///< [N, dims] newest coordinates.
};

}  // namespace embedscope
