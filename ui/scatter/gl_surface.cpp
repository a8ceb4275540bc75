#include "ui/scatter/gl_surface.h"

#include "engine/thread_clock.h"

#include <QGuiApplication>
#include <QOffscreenSurface>
#include <QOpenGLContext>
#include <QOpenGLFunctions>
#include <QOpenGLPaintDevice>
#include <QPainter>
#include <QVector2D>
#include <QVector3D>

#include <cstddef>

#ifndef GL_PROGRAM_POINT_SIZE
#define GL_PROGRAM_POINT_SIZE 0x8642
#endif

namespace embedscope {
namespace {

QSurfaceFormat coreFormat() {
    QSurfaceFormat format;
    format.setVersion(3, 3);
    format.setProfile(QSurfaceFormat::CoreProfile);
    format.setSwapInterval(1);
    return format;
}

const char* const kVertexShader = R"(#version 330 core
layout(location = 0) in vec2 from;
layout(location = 1) in vec2 to;
layout(location = 2) in vec3 color;
layout(location = 3) in float style;
uniform vec2 centre;       // world
uniform vec2 clipPerUnit;  // clip coordinates for one unit of the embedding
uniform float glide;
uniform int only;
uniform float reach;       // device pixels from the middle of a mark to the end of its halo
flat out vec3 pointColor;
flat out int pointStyle;
void main() {
    pointColor = color;
    pointStyle = int(style);
    vec2 world = mix(from, to, glide);
    bool drawn = (pointStyle & 24) == only;  // neither hidden nor, in this pass, dimmed
    gl_Position = drawn ? vec4((world - centre) * clipPerUnit, 0.0, 1.0) : vec4(2.0, 2.0, 0.0, 1.0);
    gl_PointSize = 2.0 * reach;
}
)";

// The same shapes and coverage as the raster surface (mark_cache.cpp).
const char* const kFragmentShader = R"(#version 330 core
flat in vec3 pointColor;
flat in int pointStyle;
uniform float radius;
uniform float reach;
uniform vec2 widths;   // of the halo and of a hollow mark's ring
uniform vec2 haloes;   // opacity of the halo and of a hollow mark's inside
uniform vec3 ground;
uniform float opacity;
out vec4 fragment;
float edgeDistance(int shape, vec2 p) {
    if (shape == 1) return max(abs(p.x), abs(p.y)) - 0.86;
    if (shape == 2) return max(0.866 * abs(p.x) - 0.5 * p.y, p.y) - 0.6;
    if (shape == 3) return (abs(p.x) + abs(p.y)) * 0.7071 - 0.82;
    return length(p) - 1.0;
}
float cover(float edge) { return clamp(0.5 - edge, 0.0, 1.0); }
void main() {
    vec2 p = (gl_PointCoord * 2.0 - 1.0) * reach / radius;
    float edge = edgeDistance(pointStyle & 3, p) * radius;
    bool hollow = (pointStyle & 4) != 0;
    float ink = cover(edge) - (hollow ? cover(edge + widths.y) : 0.0);
    float halo = (cover(edge - widths.x) - ink) * (hollow ? haloes.y : haloes.x);
    if (ink + halo <= 0.0) discard;
    fragment = vec4(pointColor * ink + ground * halo, ink + halo) * opacity;
}
)";

bool isSoftware(const QString& device) {
    for (const char* name : {"llvmpipe", "softpipe", "swrast", "SwiftShader", "Software Rasterizer"})
        if (device.contains(QLatin1String(name), Qt::CaseInsensitive)) return true;
    return false;
}

QString deviceOf(QOpenGLContext& context) {
    return QString::fromUtf8(reinterpret_cast<const char*>(context.functions()->glGetString(GL_RENDERER)));
}

OpenGlKind probe() {
    const QString platform = QGuiApplication::platformName();
    if (platform == "offscreen" || platform == "minimal") return OpenGlKind::None;
    QOpenGLContext context;
    context.setFormat(coreFormat());
    QOffscreenSurface surface;
    surface.setFormat(coreFormat());
    surface.create();
    if (!context.create() || !surface.isValid() || !context.makeCurrent(&surface)) return OpenGlKind::None;
    const bool software = isSoftware(deviceOf(context));
    const bool usable = context.format().version() >= std::pair(3, 3);
    context.doneCurrent();
    if (!usable) return OpenGlKind::None;
    return software ? OpenGlKind::Software : OpenGlKind::Hardware;
}

}  // namespace

OpenGlKind openGlKind() {
    static const OpenGlKind kKind = probe();
    return kKind;
}

GlSurface::GlSurface(SurfaceSource source, QWidget* parent) : QOpenGLWidget(parent), source_(std::move(source)) {
    QSurfaceFormat format = coreFormat();
    // For the overlay's rings and lines; the marks are smooth by themselves. llvmpipe draws multisampled points half a
    // pixel beside their place.
    if (openGlKind() == OpenGlKind::Hardware) format.setSamples(4);
    setFormat(format);
    setMouseTracking(true);
}

GlSurface::~GlSurface() {
    if (context()) {
        disconnect(context(), nullptr, this, nullptr);
        release();
    }
}

void GlSurface::release() {
    makeCurrent();
    program_.reset();
    buffer_.destroy();
    array_.destroy();
    stale_ = true;
    doneCurrent();
}

void GlSurface::invalidatePoints() {
    stale_ = true;
    update();
}

void GlSurface::initializeGL() {
    connect(context(), &QOpenGLContext::aboutToBeDestroyed, this, &GlSurface::release);
    program_ = std::make_unique<QOpenGLShaderProgram>();
    const bool works = program_->addShaderFromSourceCode(QOpenGLShader::Vertex, kVertexShader) &&
                       program_->addShaderFromSourceCode(QOpenGLShader::Fragment, kFragmentShader) &&
                       program_->link() && array_.create() && buffer_.create();
    if (!works) {
        program_.reset();
        Q_EMIT failed();
        return;
    }
    const QString device = deviceOf(*context());
    name_ = QString("OpenGL %1.%2 (%3)")
                .arg(context()->format().majorVersion())
                .arg(context()->format().minorVersion())
                .arg(device.section(' ', 0, 2).section('(', 0, 0).trimmed());
    stale_ = true;
    Q_EMIT ready();
}

void GlSurface::upload() {
    QOpenGLFunctions* gl = context()->functions();
    const DrawnPoints& points = source_.points();
    array_.bind();
    buffer_.bind();
    buffer_.setUsagePattern(QOpenGLBuffer::DynamicDraw);
    buffer_.allocate(points.data(), static_cast<int>(points.size() * sizeof(DrawnPoint)));
    const auto attribute = [&](GLuint location, GLint size, GLenum type, GLboolean normalized, std::size_t offset) {
        gl->glEnableVertexAttribArray(location);
        gl->glVertexAttribPointer(location, size, type, normalized, sizeof(DrawnPoint),
                                  reinterpret_cast<const void*>(offset));
    };
    attribute(0, 2, GL_FLOAT, GL_FALSE, offsetof(DrawnPoint, fromX));
    attribute(1, 2, GL_FLOAT, GL_FALSE, offsetof(DrawnPoint, toX));
    attribute(2, 3, GL_UNSIGNED_BYTE, GL_TRUE, offsetof(DrawnPoint, red));
    attribute(3, 1, GL_UNSIGNED_BYTE, GL_FALSE, offsetof(DrawnPoint, style));
    buffer_.release();
    array_.release();
    uploaded_ = static_cast<int>(points.size());
    stale_ = false;
}

void GlSurface::setLooks(const ScatterFrame& frame) {
    const double radius = frame.radius * devicePixelRatioF();
    const QColor ground = QColor::fromRgb(frame.ground);
    program_->setUniformValue("radius", static_cast<float>(radius));
    program_->setUniformValue("reach", static_cast<float>(radius + haloWidth(radius) + 1));
    program_->setUniformValue("widths", QVector2D(QPointF(haloWidth(radius), ringWidth(radius))));
    program_->setUniformValue("haloes", QVector2D(QPointF(kHaloOpacity, kHollowFill)));
    program_->setUniformValue("ground",
                              QVector3D(static_cast<float>(ground.redF()), static_cast<float>(ground.greenF()),
                                        static_cast<float>(ground.blueF())));
    program_->setUniformValue("opacity", frame.opacity);
}

void GlSurface::drawPoints(const ScatterFrame& frame) {
    QOpenGLFunctions* gl = context()->functions();
    gl->glEnable(GL_BLEND);
    gl->glBlendFunc(GL_ONE, GL_ONE_MINUS_SRC_ALPHA);  // premultiplied
    gl->glEnable(GL_PROGRAM_POINT_SIZE);
    gl->glDisable(GL_DEPTH_TEST);
    program_->bind();
    array_.bind();
    const Camera& camera = frame.camera;
    program_->setUniformValue("centre", QVector2D(camera.centre));
    program_->setUniformValue("clipPerUnit",
                              QVector2D(static_cast<float>(2 * camera.pixelsPerUnit / camera.viewport.width()),
                                        static_cast<float>(2 * camera.pixelsPerUnit / camera.viewport.height())));
    program_->setUniformValue("glide", frame.glide);
    program_->setUniformValue("only", static_cast<GLint>(frame.only));
    setLooks(frame);
    gl->glDrawArrays(GL_POINTS, 0, uploaded_);
    array_.release();
    program_->release();
    gl->glDisable(GL_BLEND);
}

void GlSurface::paintGL() {
    const double begin = threadMilliseconds();
    const ScatterFrame frame = source_.frame();
    const QColor ground = QColor::fromRgb(frame.ground);
    QOpenGLFunctions* gl = context()->functions();
    gl->glClearColor(static_cast<float>(ground.redF()), static_cast<float>(ground.greenF()),
                     static_cast<float>(ground.blueF()), 1);
    gl->glClear(GL_COLOR_BUFFER_BIT);
    if (!program_) return;
    if (stale_) upload();
    paintWith(source_.paintGround);
    for (const ScatterFrame& pass : passesOf(frame))
        if (uploaded_ > 0) drawPoints(pass);
    paintWith(source_.paintOverlay);
    paintMilliseconds_ = threadMilliseconds() - begin;
}

void GlSurface::paintWith(const std::function<void(QPainter&)>& paint) {
    // Not a painter on the widget: while a parent is grabbed, Qt sends that one elsewhere and the painting is lost.
    QOpenGLPaintDevice device(size() * devicePixelRatioF());
    device.setDevicePixelRatio(devicePixelRatioF());
    QPainter painter(&device);
    paint(painter);
}

}  // namespace embedscope
