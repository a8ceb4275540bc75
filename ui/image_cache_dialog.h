#pragma once

#include "engine/image_cache.h"
#include "ui/inspector/newest_task.h"

#include <QDialog>

#include <functional>
#include <string>

class QDoubleSpinBox;
class QLabel;
class QPushButton;

namespace embedscope {

/// The user's cache of decoded images with the limit that was set in the window.
ImageCache savedImageCache();

/// What the cache of decoded images holds, how much it may, and a button that empties it.
class ImageCacheDialog : public QDialog {
    Q_OBJECT
public:
    explicit ImageCacheDialog(QWidget* parent);

private:
    /// What was found, or why it could not be done.
    struct Found {
        ImageCacheContent content;
        std::string failure;
    };
    /// Lists the cache in the background, after `change` was done to it.
    void look(std::function<void(const ImageCache&)> change);
    void tell(const Found& found);

    QLabel* content_ = nullptr;
    QDoubleSpinBox* limit_ = nullptr;
    QPushButton* clear_ = nullptr;
    NewestTask<Found> task_;  ///< Last: it delivers to the others.
};

}  // namespace embedscope
