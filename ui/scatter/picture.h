#pragma once

#include "engine/data_set.h"
#include "engine/projection.h"
#include "ui/scatter/camera_follow.h"

#include <QImage>

namespace embedscope {

/// The embedding view as a picture with its legend; needs a QGuiApplication for its fonts, but no window.
QImage renderPicture(const Layout& layout, const DataSet& data, QSize size, bool dark);

/// The pictures of a film: as renderPicture(), by a camera that moves no more than the window's.
class PictureSequence {
public:
    PictureSequence(QSize size, bool dark) : size_(size), dark_(dark) {}
    /// @param milliseconds Since the picture before.
    QImage next(const Layout& layout, const DataSet& data, double milliseconds);

private:
    QSize size_;
    bool dark_;
    Camera camera_;
    CameraFollow follow_;
    bool begun_ = false;
};

/// The points alone, small, for lists. Any thread.
QImage renderThumbnail(const Layout& layout, const DataSet& data, QSize size, bool dark);

}  // namespace embedscope
