#include "ui/charts/frame_limit.h"

#include <utility>

namespace embedscope {

FrameLimit::FrameLimit(int framesPerSecond, std::function<void()> draw) : draw_(std::move(draw)) {
    timer_.setSingleShot(true);
    timer_.setInterval(1000 / framesPerSecond);
    QObject::connect(&timer_, &QTimer::timeout, &timer_, [this] { drawNow(); });
}

void FrameLimit::request() {
    if (timer_.isActive()) return;
    if (!sinceLast_.isValid() || sinceLast_.elapsed() >= timer_.interval())
        drawNow();
    else
        timer_.start();
}

void FrameLimit::drawNow() {
    draw_();
    sinceLast_.start();  // After drawing, so that a slow chart leaves the window room to answer.
}

}  // namespace embedscope
