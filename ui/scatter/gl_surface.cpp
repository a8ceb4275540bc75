#include "ui/scatter/gl_surface.h"

#include "engine/thread_clock.h"

#include <QElapsedTimer>
#include <QGuiApplication>
#include <QOffscreenSurface>
#include <QOpenGLContext>
#include <QOpenGLFunctions>
#include <QOpenGLPaintDevice>
#include <QPainter>
#include <QVector2D>
#include <QVector3D>

#include <algorithm>
#include <cmath>
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

// Orbit and depth levels as in orbit.h.
const char* const kVertexShader = R"(#version 330 core
layout(location = 0) in vec2 from;
layout(location = 1) in vec2 to;
layout(location = 2) in vec3 color;
layout(location = 3) in float style;
layout(location = 4) in vec2 depths;  // the third coordinate at both ends of the glide
uniform vec2 centre;       // world
uniform vec2 clipPerUnit;  // clip coordinates for one unit of the embedding
uniform float glide;
uniform int only;
uniform float radius;
uniform float opacity;
uniform bool inSpace;
uniform vec2 yaw;          // cosine, sine
uniform vec2 pitch;
uniform vec3 pivot;
uniform float perReach;
uniform float nearness;
uniform float levels;
uniform float leastDistance;
uniform float farthestOpacity;
flat out vec3 pointColor;
flat out int pointStyle;
flat out vec4 pointSize;   // radius, widths of the halo and of a hollow mark's ring, from the middle to the halo's end
flat out float pointOpacity;
vec2 seen(vec3 place, out float depth) {
    vec3 p = place - pivot;
    float across = yaw.x * p.x + yaw.y * p.z, inwards = yaw.x * p.z - yaw.y * p.x;
    float upwards = pitch.x * p.y - pitch.y * inwards;
    depth = (pitch.y * p.y + pitch.x * inwards) * perReach;
    return pivot.xy + vec2(across, upwards) / max(leastDistance, 1.0 - nearness * depth);
}
void main() {
    pointColor = color;
    pointStyle = int(style);
    vec2 world = mix(from, to, glide);
    float size = radius;
    pointOpacity = opacity;
    if (inSpace) {
        float depth;
        world = seen(vec3(world, mix(depths.x, depths.y, glide)), depth);
        float share = (clamp(floor((depth + 1.0) * levels / 2.0), 0.0, levels - 1.0) + 0.5) / levels;
        size = radius / (1.0 - nearness * (2.0 * share - 1.0));
        pointOpacity = opacity * mix(farthestOpacity, 1.0, share);
    }
    float halo = clamp(size * 0.25, 0.0, 1.0);
    pointSize = vec4(size, halo, max(1.0, size * 0.4), size + halo + 1.0);
    bool drawn = (pointStyle & 24) == only;  // neither hidden nor, in this pass, dimmed
    gl_Position = drawn ? vec4((world - centre) * clipPerUnit, 0.0, 1.0) : vec4(2.0, 2.0, 0.0, 1.0);
    gl_PointSize = 2.0 * pointSize.w;
}
)";

// The same shapes and coverage as the raster surface (mark_cache.cpp).
const char* const kFragmentShader = R"(#version 330 core
flat in vec3 pointColor;
flat in int pointStyle;
flat in vec4 pointSize;
flat in float pointOpacity;
uniform vec2 haloes;   // opacity of the halo and of a hollow mark's inside
uniform vec3 ground;
out vec4 fragment;
float edgeDistance(int shape, vec2 p) {
    if (shape == 1) return max(abs(p.x), abs(p.y)) - 0.86;
    if (shape == 2) return max(0.866 * abs(p.x) - 0.5 * p.y, p.y) - 0.6;
    if (shape == 3) return (abs(p.x) + abs(p.y)) * 0.7071 - 0.82;
    return length(p) - 1.0;
}
float cover(float edge) { return clamp(0.5 - edge, 0.0, 1.0); }
void main() {
    vec2 p = (gl_PointCoord * 2.0 - 1.0) * pointSize.w / pointSize.x;
    float edge = edgeDistance(pointStyle & 3, p) * pointSize.x;
    bool hollow = (pointStyle & 4) != 0;
    float ink = cover(edge) - (hollow ? cover(edge + pointSize.z) : 0.0);
    float halo = (cover(edge - pointSize.y) - ink) * (hollow ? haloes.y : haloes.x);
    if (ink + halo <= 0.0) discard;
    fragment = vec4(pointColor * ink + ground * halo, ink + halo) * pointOpacity;
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
    depths_.destroy();
    order_.destroy();
    array_.destroy();
    stale_ = true;
    ordered_ = 0;
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
                       program_->link() && array_.create() && buffer_.create() && depths_.create() && order_.create();
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
    const PointDepths& depths = source_.depths();
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
    inSpace_ = !depths.empty();
    if (inSpace_) {
        depths_.bind();
        depths_.setUsagePattern(QOpenGLBuffer::DynamicDraw);
        depths_.allocate(depths.data(), static_cast<int>(depths.size() * sizeof(PointDepth)));
        gl->glEnableVertexAttribArray(4);
        gl->glVertexAttribPointer(4, 2, GL_FLOAT, GL_FALSE, sizeof(PointDepth), nullptr);
        depths_.release();
    } else {
        gl->glDisableVertexAttribArray(4);
    }
    array_.release();
    uploaded_ = static_cast<int>(points.size());
    stale_ = false;
}

void GlSurface::uploadOrder(const SeenPoints& seen) {
    if (ordered_ == seen.version) return;
    array_.bind();
    order_.bind();
    order_.setUsagePattern(QOpenGLBuffer::DynamicDraw);
    order_.allocate(seen.rows.data(), static_cast<int>(seen.rows.size_bytes()));
    array_.release();
    ordered_ = seen.version;
    inOrder_ = static_cast<int>(seen.rows.size());
}

void GlSurface::setLooks(const ScatterFrame& frame) {
    const QColor ground = QColor::fromRgb(frame.ground);
    program_->setUniformValue("radius", static_cast<float>(frame.radius * devicePixelRatioF()));
    program_->setUniformValue("haloes", QVector2D(QPointF(kHaloOpacity, kHollowFill)));
    program_->setUniformValue("ground",
                              QVector3D(static_cast<float>(ground.redF()), static_cast<float>(ground.greenF()),
                                        static_cast<float>(ground.blueF())));
    program_->setUniformValue("opacity", frame.opacity);
}

void GlSurface::setEye(const ScatterFrame& frame) {
    const Camera& camera = frame.camera;
    program_->setUniformValue("centre", QVector2D(camera.centre));
    program_->setUniformValue("clipPerUnit",
                              QVector2D(static_cast<float>(2 * camera.pixelsPerUnit / camera.viewport.width()),
                                        static_cast<float>(2 * camera.pixelsPerUnit / camera.viewport.height())));
    program_->setUniformValue("inSpace", inSpace_);
    if (!inSpace_) return;
    const Orbit& orbit = frame.orbit;
    program_->setUniformValue("yaw", QVector2D(std::cos(orbit.yaw), std::sin(orbit.yaw)));
    program_->setUniformValue("pitch", QVector2D(std::cos(orbit.pitch), std::sin(orbit.pitch)));
    program_->setUniformValue("pivot", QVector3D(orbit.pivot.x, orbit.pivot.y, orbit.pivot.z));
    program_->setUniformValue("perReach", 1 / std::max(orbit.reach, kLeastReach));
    program_->setUniformValue("nearness", orbit.nearness);
    program_->setUniformValue("levels", static_cast<float>(kDepthLevels));
    program_->setUniformValue("leastDistance", OrbitLens::kLeastDistance);
    program_->setUniformValue("farthestOpacity", kFarthestOpacity);
}

void GlSurface::drawPoints(const ScatterFrame& frame) {
    QOpenGLFunctions* gl = context()->functions();
    gl->glEnable(GL_BLEND);
    gl->glBlendFunc(GL_ONE, GL_ONE_MINUS_SRC_ALPHA);  // premultiplied
    gl->glEnable(GL_PROGRAM_POINT_SIZE);
    gl->glDisable(GL_DEPTH_TEST);
    program_->bind();
    array_.bind();
    setEye(frame);
    program_->setUniformValue("glide", frame.glide);
    program_->setUniformValue("only", static_cast<GLint>(frame.only));
    setLooks(frame);
    if (inSpace_)
        gl->glDrawElements(GL_POINTS, inOrder_, GL_UNSIGNED_INT, nullptr);
    else
        gl->glDrawArrays(GL_POINTS, 0, uploaded_);
    array_.release();
    program_->release();
    gl->glDisable(GL_BLEND);
}

void GlSurface::paintGL() {
    const double begin = threadMilliseconds();
    QElapsedTimer clock;
    clock.start();
    const ScatterFrame frame = source_.frame();
    const QColor ground = QColor::fromRgb(frame.ground);
    QOpenGLFunctions* gl = context()->functions();
    gl->glClearColor(static_cast<float>(ground.redF()), static_cast<float>(ground.greenF()),
                     static_cast<float>(ground.blueF()), 1);
    gl->glClear(GL_COLOR_BUFFER_BIT);
    if (!program_) return;
    if (stale_) upload();
    if (inSpace_) uploadOrder(source_.seen());
    paintWith(source_.paintGround);
    for (const ScatterFrame& pass : passesOf(frame))
        if (uploaded_ > 0) drawPoints(pass);
    paintWith(source_.paintOverlay);
    paintMilliseconds_ = threadMilliseconds() - begin;
    paintDuration_ = static_cast<double>(clock.nsecsElapsed()) / 1e6;
}

void GlSurface::paintWith(const std::function<void(QPainter&)>& paint) {
    // Not a painter on the widget: while a parent is grabbed, Qt sends that one elsewhere and the painting is lost.
    QOpenGLPaintDevice device(size() * devicePixelRatioF());
    device.setDevicePixelRatio(devicePixelRatioF());
    QPainter painter(&device);
    paint(painter);
}

}  // namespace embedscope
