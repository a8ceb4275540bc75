#pragma once

#include "engine/data_set.h"

#include <QImage>
#include <QWidget>

#include <memory>
#include <vector>

namespace embedscope {

/// Small pictures side by side, as many as fit.
class ImageMosaic : public QWidget {
    Q_OBJECT
public:
    explicit ImageMosaic(QWidget* parent = nullptr);

    void setImages(const std::vector<std::shared_ptr<const Image>>& images);
    QSize sizeHint() const override { return {720, 270}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    std::vector<QImage> images_;
};

}  // namespace embedscope
