#pragma once

#include "ui/scatter/surface.h"

#include <QOpenGLBuffer>
#include <QOpenGLShaderProgram>
#include <QOpenGLVertexArrayObject>
#include <QOpenGLWidget>

#include <memory>

namespace embedscope {

/// True if an OpenGL 3.3 core context can be made here; asked once.
bool hasUsableOpenGl();

/// Point sprites; the glide between frames happens in the vertex shader.
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
    void drawPoints(const ScatterFrame& frame);

    SurfaceSource source_;
    QString name_;
    std::unique_ptr<QOpenGLShaderProgram> program_;
    QOpenGLBuffer buffer_{QOpenGLBuffer::VertexBuffer};
    QOpenGLVertexArrayObject array_;
    int uploaded_ = 0;
    bool stale_ = true;
};

}  // namespace embedscope
