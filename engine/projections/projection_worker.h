#pragma once

#include "engine/projections/frame_glide.h"
#include "engine/projections/live_map.h"
#include "engine/projections/map_measure.h"
#include "engine/projections/plane.h"

#include <memory>
#include <optional>

namespace embedscope {

/// What the thread of a ProjectionRun is asked for. Values; each is taken once.
struct ProjectionRequests {
    std::shared_ptr<const BankFrame> bank;
    std::optional<Choice> method;
    std::shared_ptr<const std::vector<std::int32_t>> labels;
    std::optional<bool> frozen;
    std::optional<int> dims;
    bool startOver = false, settle = false;
    bool quiet = false, measuring = false;  ///< States, not requests.
};

/// The work of that thread, piece by piece: owns no thread and waits for nothing.
class ProjectionWorker {
public:
    void take(ProjectionRequests requests);

    /// Works for a frame's time. @return A layout to publish, or null: nothing new.
    std::shared_ptr<const Layout> work(std::stop_token stop);
    /// After work() threw: gives this bank up. @return A layout that says why, for the thread to publish.
    std::shared_ptr<const Layout> giveUp(const std::string& sentence);
    /// There is something left to do without a further request.
    bool hasWork() const;
    /// Milliseconds to rest before the next piece.
    double rest() const;

private:
    std::shared_ptr<const Layout> workOnce(std::stop_token stop);
    bool isBetweenFrames(double now) const;
    void drop();
    bool isStepwise() const;
    bool drawLinear(std::stop_token stop);
    bool drawWithPca(std::stop_token stop);
    bool drawStepwise(std::stop_token stop);
    void measure(std::stop_token stop);
    std::vector<std::int32_t> labelsOfRows() const;
    bool drawsRawSpace() const;
    std::shared_ptr<const Layout> layout() const;
    bool inHurry() const { return settling_ || !quiet_; }

    Choice method_{"pca", {}};
    int dims_ = 2;
    std::shared_ptr<const std::vector<std::int32_t>> labels_;
    bool frozen_ = false, settling_ = false, quiet_ = false, measuring_ = false;
    std::shared_ptr<const BankFrame> bank_;  ///< The newest.
    bool bankIsNew_ = false;
    bool gaveUp_ = false;  ///< On this bank.

    double pieceDueAt_ = 0;           ///< Seconds of the clock; frames in between come earlier.
    double usualMilliseconds_ = 0;    ///< Of a core, of a piece, those left out that begin a map.
    double betweenMilliseconds_ = 0;  ///< Of a core, of the frames in between since the newest piece.
    bool beginsMap_ = false;          ///< The newest piece: it finds all neighbours.

    Workers workers_{1};
    PlaneTracker tracker_;
    double axesFittedAt_ = 0;    ///< Seconds of the clock.
    bool onFormerAxes_ = false;  ///< The newest bank was drawn on axes fitted to one before.
    std::unique_ptr<LiveMap> live_;
    std::shared_ptr<const BankFrame> drawnBank_;
    std::vector<float> drawn_;  ///< [N, dims_] the newest that was computed.
    FrameGlide glide_;          ///< To `drawn_`: what is published.
    std::vector<std::string> axisNames_;
    std::string problem_;
    MapMeasure measure_;
    double measureDueAt_ = 0;  ///< Seconds of the clock.
};

}  // namespace embedscope
