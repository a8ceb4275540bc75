#include "ui/health_panel.h"

#include "ui/plural.h"

#include <QFrame>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>
#include <cctype>
#include <string>
#include <variant>

namespace embedscope {
namespace {

QString textOf(std::string_view text) {
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

QString numbered(std::int64_t step) {
    return QLocale(QLocale::English).toString(static_cast<qlonglong>(step));
}

QString whenOf(const Alarm& alarm) {
    return alarm.holds()
               ? HealthPanel::tr("since step %1").arg(numbered(alarm.sinceStep))
               : HealthPanel::tr("steps %1 to %2, over").arg(numbered(alarm.sinceStep), numbered(alarm.overAtStep));
}

QLabel* makeText(const QString& text) {
    auto* label = new QLabel(text);
    label->setWordWrap(true);
    label->setTextFormat(Qt::RichText);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

/// The cure without its way back.
Cure onTheSpot(Cure cure) {
    static const std::string kWayBack = "Go back and ";
    std::erase_if(cure.requests, [](const Request& request) { return std::holds_alternative<GoBack>(request); });
    if (cure.label.starts_with(kWayBack)) {
        cure.label.erase(0, kWayBack.size());
        cure.label.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(cure.label.front())));
    }
    return cure;
}

}  // namespace

HealthPanel::HealthPanel(QWidget* parent) : QWidget(parent), note_(makeText({})), cards_(new QWidget) {
    setObjectName("health_panel");
    note_->setObjectName("health_note");
    column_ = new QVBoxLayout(cards_);
    column_->setContentsMargins(8, 8, 8, 8);
    column_->setSpacing(8);
    column_->addWidget(note_);
    column_->addStretch(1);
    auto* scroll = new QScrollArea;
    scroll->setWidget(cards_);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(scroll);
    rebuild();
}

void HealthPanel::showHealth(std::shared_ptr<const HealthState> health, bool live) {
    if (health == health_ && live == live_) return;
    health_ = std::move(health);
    live_ = live;
    rebuild();
}

int HealthPanel::raised() const {
    return health_ ? static_cast<int>(std::ranges::count_if(health_->alarms, &Alarm::holds)) : 0;
}

void HealthPanel::rebuild() {
    while (QLayoutItem* item = column_->count() > 2 ? column_->takeAt(1) : nullptr) {
        item->widget()->deleteLater();
        delete item;
    }
    note_->setText(raised() > 0 ? tr("<b>Something keeps this run from learning.</b>")
                                : tr("<b>No alarm.</b> Every report is watched for collapse, batches without pairs, "
                                     "gradients and learning rate, over-fitting, doubtful labels and images that lie "
                                     "on both sides of the hold-out."));
    if (!health_) return;
    int place = 1;
    for (const bool holds : {true, false})
        for (std::size_t i = health_->alarms.size(); i-- > 0;)
            if (health_->alarms[i].holds() == holds) column_->insertWidget(place++, makeCard(health_->alarms[i]));
}

QWidget* HealthPanel::makeCard(const Alarm& alarm) {
    auto* card = new QFrame;
    card->setObjectName("alarm_" + QString::fromStdString(alarm.id));
    card->setFrameShape(QFrame::StyledPanel);
    card->setProperty("card", true);
    auto* column = new QVBoxLayout(card);
    column->setContentsMargins(10, 8, 10, 8);
    column->setSpacing(4);
    column->addWidget(makeText("<b>" + textOf(entryOf(alarm.family).label) + "</b> &nbsp; " + whenOf(alarm)));
    column->addWidget(makeText(QString::fromStdString(alarm.sentence).toHtmlEscaped()));
    if (!alarm.holds()) {
        card->setEnabled(false);
        return card;
    }
    column->addWidget(makeText("<i>" + QString::fromStdString(alarm.advice).toHtmlEscaped() + "</i>"));
    auto* buttons = new QHBoxLayout;
    if (alarm.cure) {
        const Cure cure = goesBack_ ? *alarm.cure : onTheSpot(*alarm.cure);
        auto* apply = new QPushButton(QString::fromStdString(cure.label));
        apply->setObjectName("cure_" + QString::fromStdString(alarm.id));
        apply->setToolTip(!live_      ? tr("The run has ended; make the change in the settings of a new one.")
                          : goesBack_ ? tr("Asked of the running training and written into its log.")
                                      : tr("Asked of the running training and written into its log. A run beside "
                                           "others does not go back alone: fork it from a step before the alarm."));
        apply->setEnabled(live_ && !cure.requests.empty());
        connect(apply, &QPushButton::clicked, this, [this, cure] { Q_EMIT cureRequested(cure); });
        buttons->addWidget(apply);
    }
    if (!alarm.samples.empty()) {
        auto* images = new QPushButton(tr("Show %1").arg(amount(alarm.samples.size(), tr("image"), tr("images"))));
        images->setObjectName("samples_of_" + QString::fromStdString(alarm.id));
        images->setToolTip(tr("Selects them in the picture."));
        std::vector<int> samples(alarm.samples.begin(), alarm.samples.end());
        std::ranges::sort(samples);
        samples.erase(std::ranges::unique(samples).begin(), samples.end());
        connect(images, &QPushButton::clicked, this, [this, samples] { Q_EMIT samplesRequested(samples); });
        buttons->addWidget(images);
    }
    buttons->addStretch(1);
    column->addLayout(buttons);
    return card;
}

}  // namespace embedscope
