#include "ui/scatter/svg_picture.h"

#include <QBuffer>
#include <QGradient>
#include <QPaintEngine>
#include <QPainterPath>
#include <QTextItem>
#include <QTextStream>

#include <algorithm>

namespace embedscope {
namespace {

constexpr int kDotsPerInch = 96;

QString number(double value) {
    return QString::number(value, 'g', 7);
}

QString colorText(const QColor& color) {
    return color.name(QColor::HexRgb);
}

QString pathText(const QPainterPath& path) {
    QString text;
    const auto add = [&text](const char* command, const QPainterPath::Element& point) {
        text += command + number(point.x) + ' ' + number(point.y) + ' ';
    };
    for (int i = 0; i < path.elementCount(); ++i) {
        const QPainterPath::Element element = path.elementAt(i);
        switch (element.type) {
            case QPainterPath::MoveToElement:
                add("M", element);
                break;
            case QPainterPath::LineToElement:
                add("L", element);
                break;
            case QPainterPath::CurveToElement:
                add("C", element);
                break;
            case QPainterPath::CurveToDataElement:
                add("", element);
                break;
        }
    }
    return text.trimmed();
}

}  // namespace

class SvgPicture::Engine : public QPaintEngine {
public:
    Engine()
        : QPaintEngine(PrimitiveTransform | Antialiasing | AlphaBlend | PainterPaths | ConstantOpacity |
                       LinearGradientFill | PixmapTransform) {}

    bool begin(QPaintDevice*) override { return true; }
    bool end() override { return true; }
    Type type() const override { return QPaintEngine::User; }

    void updateState(const QPaintEngineState& next) override {
        const DirtyFlags flags = next.state();
        if (flags & DirtyPen) pen_ = next.pen();
        if (flags & DirtyBrush) brush_ = next.brush();
        if (flags & DirtyTransform) transform_ = next.transform();
        if (flags & DirtyOpacity) opacity_ = next.opacity();
    }

    using QPaintEngine::drawPolygon;

    void drawPath(const QPainterPath& path) override {
        const QString fill = brushText();  // may write a gradient first
        stream_ << "<path d=\"" << pathText(path) << '"' << transformText() << fill << penText() << "/>\n";
    }

    void drawPolygon(const QPointF* points, int count, PolygonDrawMode mode) override {
        QPainterPath path(points[0]);
        for (int i = 1; i < count; ++i) path.lineTo(points[i]);
        const QBrush brush = brush_;
        if (mode == PolylineMode) {
            brush_ = Qt::NoBrush;
        } else {
            path.closeSubpath();
        }
        drawPath(path);
        brush_ = brush;
    }

    void drawTextItem(const QPointF& place, const QTextItem& item) override {
        const QFont font = item.font();
        const double size = font.pixelSize() > 0 ? font.pixelSize() : font.pointSizeF() * kDotsPerInch / 72;
        stream_ << "<text x=\"" << number(place.x()) << "\" y=\"" << number(place.y()) << '"' << transformText()
                << " font-family=\"" << font.family().toHtmlEscaped() << ", sans-serif\" font-size=\"" << number(size)
                << "\" font-weight=\"" << font.weight() << "\" fill=\"" << colorText(pen_.color()) << '"'
                << opacityText("fill-opacity", pen_.color().alphaF()) << " xml:space=\"preserve\">"
                << item.text().toHtmlEscaped() << "</text>\n";
    }

    void drawPixmap(const QRectF& room, const QPixmap& pixmap, const QRectF& part) override {
        drawImage(room, pixmap.toImage(), part, Qt::AutoColor);
    }

    void drawImage(const QRectF& room, const QImage& image, const QRectF& part, Qt::ImageConversionFlags) override {
        QByteArray bytes;
        QBuffer buffer(&bytes);
        image.copy(part.toAlignedRect()).save(&buffer, "PNG");
        stream_ << "<image x=\"" << number(room.x()) << "\" y=\"" << number(room.y()) << "\" width=\""
                << number(room.width()) << "\" height=\"" << number(room.height()) << '"' << transformText()
                << opacityText("opacity", 1) << " href=\"data:image/png;base64," << bytes.toBase64() << "\"/>\n";
    }

    QString body() const { return body_; }

private:
    QString transformText() const {
        if (transform_.isIdentity()) return {};
        return QString(" transform=\"matrix(%1 %2 %3 %4 %5 %6)\"")
            .arg(number(transform_.m11()), number(transform_.m12()), number(transform_.m21()), number(transform_.m22()),
                 number(transform_.dx()), number(transform_.dy()));
    }

    QString opacityText(const char* name, double own) const {
        const double opacity = own * opacity_;
        return opacity >= 1 ? QString() : QString(" %1=\"%2\"").arg(QLatin1String(name), number(opacity));
    }

    QString brushText() {
        if (brush_.style() == Qt::NoBrush) return " fill=\"none\"";
        if (brush_.style() == Qt::LinearGradientPattern) return gradientText();
        return " fill=\"" + colorText(brush_.color()) + '"' + opacityText("fill-opacity", brush_.color().alphaF());
    }

    /// Writes the gradient itself first.
    QString gradientText() {
        const auto* gradient = static_cast<const QLinearGradient*>(brush_.gradient());
        const QString name = QString("gradient%1").arg(++gradients_);
        stream_ << "<linearGradient id=\"" << name << "\" gradientUnits=\"userSpaceOnUse\" x1=\""
                << number(gradient->start().x()) << "\" y1=\"" << number(gradient->start().y()) << "\" x2=\""
                << number(gradient->finalStop().x()) << "\" y2=\"" << number(gradient->finalStop().y()) << "\">";
        for (const auto& [place, color] : gradient->stops())
            stream_ << "<stop offset=\"" << number(place) << "\" stop-color=\"" << colorText(color) << "\"/>";
        stream_ << "</linearGradient>\n";
        return " fill=\"url(#" + name + ")\"" + opacityText("fill-opacity", 1);
    }

    QString penText() const {
        if (pen_.style() == Qt::NoPen) return {};
        QString text = " stroke=\"" + colorText(pen_.color()) + "\" stroke-width=\"" +
                       number(pen_.widthF() > 0 ? pen_.widthF() : 1) + '"' +
                       opacityText("stroke-opacity", pen_.color().alphaF());
        if (pen_.isCosmetic()) text += " vector-effect=\"non-scaling-stroke\"";
        if (pen_.style() != Qt::SolidLine) {
            QStringList dashes;
            for (const double dash : pen_.dashPattern()) dashes << number(dash * std::max(1.0, pen_.widthF()));
            text += " stroke-dasharray=\"" + dashes.join(' ') + '"';
        }
        return text;
    }

    QString body_;
    QTextStream stream_{&body_};
    QPen pen_;
    QBrush brush_;
    QTransform transform_;
    double opacity_ = 1;
    int gradients_ = 0;
};

SvgPicture::SvgPicture(QSizeF size) : size_(size), engine_(std::make_unique<Engine>()) {}

SvgPicture::~SvgPicture() = default;

QPaintEngine* SvgPicture::paintEngine() const {
    return engine_.get();
}

QString SvgPicture::text() const {
    const QString width = number(size_.width()), height = number(size_.height());
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + width + "\" height=\"" + height +
           "\" viewBox=\"0 0 " + width + ' ' + height + "\">\n" + engine_->body() + "</svg>\n";
}

int SvgPicture::metric(PaintDeviceMetric metric) const {
    switch (metric) {
        case PdmWidth:
            return static_cast<int>(size_.width());
        case PdmHeight:
            return static_cast<int>(size_.height());
        case PdmDpiX:
        case PdmDpiY:
        case PdmPhysicalDpiX:
        case PdmPhysicalDpiY:
            return kDotsPerInch;
        case PdmDepth:
            return 32;
        case PdmDevicePixelRatio:
            return 1;
        default:
            return QPaintDevice::metric(metric);
    }
}

}  // namespace embedscope
