#pragma once

#include <cstddef>
#include <vector>

namespace embedscope {

/// Frames in between. Where new places become known more seldom than ten times a second, the picture goes to them in
/// even pieces and arrives about when the next ones come, half a second later at most. Places in between are
/// interpolated on straight lines; nothing is known of them. Owns no clock.
class FrameGlide {
public:
    /// New places, of which those of the first piece are published now.
    /// @param places [N, dims]; of another size than before: there is no way. @param seconds Of the caller's clock.
    void aim(std::vector<float> places, double seconds);
    /// The next piece of the way.
    void advance();
    /// Ends the way.
    void arrive();
    /// Forgets how often places come, and the places.
    void clear();

    const std::vector<float>& places() const { return places_; }
    bool arrived() const { return piece_ == pieces_; }
    /// When the next piece is due, in seconds of the caller's clock.
    double nextAt() const;

private:
    std::vector<float> from_, to_, places_;
    double aimedAt_ = 0, usualSeconds_ = 0;  ///< Between two sets of places.
    bool wasLong_ = false;                   ///< The newest such time was one of an interruption.
    int piece_ = 0, pieces_ = 0;
};

}  // namespace embedscope
