#pragma once

#include <QPaintDevice>
#include <QSizeF>
#include <QString>

#include <memory>

namespace embedscope {

/// A picture as SVG: paint on it, then take its text. Knows what this program draws (paths, texts, images, linear
/// gradients, opacity); clips are left out.
class SvgPicture : public QPaintDevice {
public:
    /// @param size Logical pixels.
    explicit SvgPicture(QSizeF size);
    ~SvgPicture() override;

    QPaintEngine* paintEngine() const override;
    /// The whole file, once painting has ended.
    QString text() const;

protected:
    int metric(PaintDeviceMetric metric) const override;

private:
    class Engine;
    QSizeF size_;
    std::unique_ptr<Engine> engine_;
};

}  // namespace embedscope
