#pragma once

#include "ui/scatter/surface.h"

#include <QOpenGLBuffer>
#include <QOpenGLShaderProgram>
#include <QOpenGLVertexArrayObject>
#include <QOpenGLWidget>

#include <cstdint>
#include <functional>
#include <memory>

namespace embedscope {

enum class OpenGlKind { None, Software, Hardware };

/// The OpenGL 3.3 core context that can be made here; asked once. In software it draws, but at four times the
/// processor time of the raster surface.
OpenGlKind openGlKind();

/// Point sprites; gliding between frames and turning happen in the vertex shader, and only a new order of points in
/// space is uploaded for a frame.
class GlSurface : public QOpenGLWidget, public ScatterSurface {
    Q_OBJECT
public:
    GlSurface(SurfaceSource source, QWidget* parent);
    ~GlSurface() override;

    QWidget* widget() override { return this; }
    void invalidatePoints() override;
    QString name() const override { return name_; }

Q_SIGNALS:
    void ready();
    /// The context or the shaders do not work after all.
    void failed();

protected:
    void initializeGL() override;
    void paintGL() override;

private:
    void release();
    void upload();
    void uploadOrder(const SeenPoints& seen);
    void setEye(const ScatterFrame& frame);
    void setLooks(const ScatterFrame& frame);
    void paintWith(const std::function<void(QPainter&)>& paint);
    void drawPoints(const ScatterFrame& frame);

    SurfaceSource source_;
    QString name_;
    std::unique_ptr<QOpenGLShaderProgram> program_;
    QOpenGLBuffer buffer_{QOpenGLBuffer::VertexBuffer}, depths_{QOpenGLBuffer::VertexBuffer};
    QOpenGLBuffer order_{QOpenGLBuffer::IndexBuffer};
    QOpenGLVertexArrayObject array_;
    int uploaded_ = 0, inOrder_ = 0;  ///< Points; those that are drawn, in space.
    bool stale_ = true;
    bool inSpace_ = false;
    std::uint64_t ordered_ = 0;  ///< Version of the order that was uploaded.
};

}  // namespace embedscope
