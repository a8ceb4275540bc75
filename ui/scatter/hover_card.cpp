#include "ui/scatter/hover_card.h"

#include "ui/scatter/thumbnail.h"

#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>

namespace embedscope {
namespace {

constexpr int kPicture = 88;
constexpr QPoint kOffset(16, 16);

QString describe(const DataSet& data, const Layout& layout, std::size_t row) {
    const Sample& sample = data.samples[static_cast<std::size_t>((*layout.samples)[row])];
    const QString label = sample.label == kUnlabelled
                              ? QObject::tr("unlabelled")
                              : QString::fromStdString(data.classNames[static_cast<std::size_t>(sample.label)]);
    const QString split = sample.split == Split::HoldOut ? QObject::tr("held out") : QObject::tr("training");
    QString text = QString("<b>%1</b><br>%2<br>%3")
                       .arg(label.toHtmlEscaped(),
                            QFileInfo(QString::fromStdString(sample.path)).fileName().toHtmlEscaped(), split);
    if (layout.bank) {
        const qlonglong age = layout.bank->step - layout.bank->computedAtStep[row];
        text += age == 0   ? QObject::tr("<br>embedding is new")
                : age == 1 ? QObject::tr("<br>embedding is 1 step old")
                           : QObject::tr("<br>embedding is %1 steps old").arg(age);
    }
    return text;
}

}  // namespace

HoverCard::HoverCard(QWidget* parent) : QFrame(parent), picture_(new QLabel), text_(new QLabel) {
    setObjectName("hover_card");
    setProperty("card", true);
    setAttribute(Qt::WA_TransparentForMouseEvents);
    picture_->setFixedSize(kPicture, kPicture);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(8, 8, 12, 8);
    layout->addWidget(picture_);
    layout->addWidget(text_);
    hide();
}

void HoverCard::showPoint(const DataSet& dataSet, const Layout& layout, std::size_t row, QPoint cursor) {
    const QImage image = thumbnailOf(dataSet, static_cast<std::size_t>((*layout.samples)[row]));
    const QSize pixels = picture_->size() * devicePixelRatioF();
    QPixmap pixmap = QPixmap::fromImage(image.scaled(pixels, Qt::KeepAspectRatio, Qt::SmoothTransformation));
    pixmap.setDevicePixelRatio(devicePixelRatioF());
    picture_->setPixmap(pixmap);
    text_->setText(describe(dataSet, layout, row));
    adjustSize();

    QPoint place = cursor + kOffset;  // turned to the other side where the window ends
    if (place.x() + width() > parentWidget()->width()) place.setX(cursor.x() - kOffset.x() - width());
    if (place.y() + height() > parentWidget()->height()) place.setY(cursor.y() - kOffset.y() - height());
    move(place);
    show();
    raise();
}

}  // namespace embedscope
