#pragma once

#include <QImage>
#include <QWidget>

namespace embedscope {

/// One picture, as large as the widget allows.
class PictureView : public QWidget {
    Q_OBJECT
public:
    explicit PictureView(QWidget* parent = nullptr);
    void setImage(const QImage& image);
    const QImage& image() const { return image_; }
    QSize sizeHint() const override { return {150, 150}; }

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void scale();

    QImage image_;
    QImage scaled_;  ///< In device pixels, so that a repaint costs a copy.
};

}  // namespace embedscope
