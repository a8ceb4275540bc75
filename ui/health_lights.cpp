#include "ui/health_lights.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QIcon>
#include <QPainter>
#include <QPixmap>
#include <QToolButton>

#include <algorithm>

namespace embedscope {
namespace {

constexpr int kSide = 12;

enum class Look { Off, Calm, Raised };

/// A hollow ring, a disc, or a triangle: to be told apart without colours.
QIcon lightIcon(Look look, const QColor& off, qreal ratio) {
    QPixmap pixmap(QSize(kSide, kSide) * ratio);
    pixmap.setDevicePixelRatio(ratio);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF disc(2.5, 2.5, kSide - 5, kSide - 5);
    if (look == Look::Off) {
        painter.setPen(QPen(off, 1.2));
        painter.drawEllipse(disc);
    } else if (look == Look::Calm) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(QColor(0x2f, 0xa0, 0x6c));
        painter.drawEllipse(disc);
    } else {
        painter.setPen(Qt::NoPen);
        painter.setBrush(QColor(0xe0, 0x7a, 0x00));
        painter.drawPolygon(
            QPolygonF({QPointF(kSide / 2.0, 0.5), QPointF(kSide - 0.5, kSide - 1.0), QPointF(0.5, kSide - 1.0)}));
    }
    return QIcon(pixmap);
}

}  // namespace

HealthLights::HealthLights(QWidget* parent) : QWidget(parent) {
    setObjectName("health_lights");
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 6, 0);
    row->setSpacing(0);
    title_ = new QToolButton;
    title_->setObjectName("health_title");
    title_->setText(tr("Health"));
    title_->setToolTip(tr("Whether the run can learn: click for the alarms."));
    title_->setAutoRaise(true);
    title_->setFocusPolicy(Qt::NoFocus);
    connect(title_, &QToolButton::clicked, this, &HealthLights::clicked);
    row->addWidget(title_);
    for (std::size_t i = 0; i < lights_.size(); ++i) {
        const HealthFamilyEntry& family = healthFamilies()[i];
        auto* button = new QToolButton;
        button->setObjectName("health_light_" +
                              QString::fromUtf8(family.id.data(), static_cast<qsizetype>(family.id.size())));
        button->setText(QString::fromUtf8(family.label.data(), static_cast<qsizetype>(family.label.size())));
        button->setIconSize({kSide, kSide});
        button->setAutoRaise(true);
        button->setFocusPolicy(Qt::NoFocus);
        connect(button, &QToolButton::clicked, this, &HealthLights::clicked);
        row->addWidget(button);
        lights_[i].button = button;
    }
    draw();
}

void HealthLights::showHealth(const HealthState* health, bool watched) {
    watched_ = watched;
    for (std::size_t i = 0; i < lights_.size(); ++i) {
        const auto counts = [&](const Alarm& alarm) {
            return alarm.holds() && alarm.family == healthFamilies()[i].family;
        };
        lights_[i].raised = health ? static_cast<int>(std::ranges::count_if(health->alarms, counts)) : 0;
    }
    draw();
}

void HealthLights::draw() {
    for (std::size_t i = 0; i < lights_.size(); ++i) {
        const Light& light = lights_[i];
        const HealthFamilyEntry& family = healthFamilies()[i];
        const Look look = !watched_ ? Look::Off : light.raised > 0 ? Look::Raised : Look::Calm;
        light.button->setIcon(lightIcon(look, palette().color(QPalette::PlaceholderText), devicePixelRatioF()));
        QFont type = font();
        type.setBold(light.raised > 0);
        light.button->setFont(type);
        light.button->setToolButtonStyle(light.raised > 0 ? Qt::ToolButtonTextBesideIcon : Qt::ToolButtonIconOnly);
        const QString help = QString::fromUtf8(family.help.data(), static_cast<qsizetype>(family.help.size()));
        light.button->setToolTip(light.button->text() + "\n" + help + "\n" +
                                 (!watched_          ? tr("No run is going on.")
                                  : light.raised > 0 ? tr("Alarms: %1. Click to read them.").arg(light.raised)
                                                     : tr("No alarm.")));
    }
}

void HealthLights::changeEvent(QEvent* event) {
    if (event->type() == QEvent::PaletteChange && lights_.front().button) draw();
    QWidget::changeEvent(event);
}

}  // namespace embedscope
