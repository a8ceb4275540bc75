#include "ui/form/images_card.h"

#include "ui/number_box.h"

#include <QComboBox>
#include <QSpinBox>

namespace embedscope {

ImagesCard::ImagesCard() : SettingsCard(tr("Images")) {
    holdOut_ =
        makeListBox("hold_out",
                    {tr("Automatic"), tr("The folder's own split"), tr("A share of every class"), tr("Whole classes"),
                     tr("Nothing")},
                    tr("Images that are not trained on; Recall@1 is measured on them. Automatic: the folder's own "
                       "split if it has one, else a share of every class."));
    holdOutShare_ = new NumberBox;
    holdOutShare_->setObjectName("hold_out_share");
    holdOutShare_->setRange(1, 90);
    holdOutShare_->setDecimals(6);  // so that a share becomes per cent and back without a trace
    holdOutShare_->setSuffix(" %");
    imageSize_ = makeSpinBox("image_size", 0, 512, tr("Side of the images that the encoder sees, in pixels."));
    imageSize_->setSpecialValueText(tr("Automatic"));
    imageSize_->setSuffix(tr(" px"));
    imageSize_->setKeyboardTracking(false);
    channels_ =
        makeListBox("channels", {tr("Automatic"), tr("Grey"), tr("Colour")}, tr("Automatic: grey images stay grey."));
    addField(tr("Held out"), holdOut_);
    addField(tr("Share"), holdOutShare_);
    addFieldForMore(tr("Image size"), imageSize_);
    addFieldForMore(tr("Channels"), channels_);
    connect(holdOut_, &QComboBox::currentIndexChanged, this, &SettingsCard::changed);
    connect(holdOutShare_, &NumberBox::valueChanged, this, &SettingsCard::changed);
    connect(imageSize_, &QSpinBox::editingFinished, this, [this] {
        if (imageSize_->value() != filledSize_) Q_EMIT reloadWanted();
    });
    connect(channels_, &QComboBox::activated, this, &ImagesCard::reloadWanted);
}

void ImagesCard::fill(const Experiment& experiment) {
    filledSize_ = experiment.data.imageSize;
    imageSize_->setValue(experiment.data.imageSize);
    channels_->setCurrentIndex(static_cast<int>(experiment.data.channels));
    holdOut_->setCurrentIndex(static_cast<int>(experiment.data.holdOut));
    holdOutShare_->setValue(experiment.data.holdOutShare * 100);
}

void ImagesCard::write(Experiment& experiment) const {
    experiment.data.imageSize = imageSize_->value();
    experiment.data.channels = static_cast<Channels>(channels_->currentIndex());
    experiment.data.holdOut = static_cast<HoldOut>(holdOut_->currentIndex());
    experiment.data.holdOutShare = holdOutShare_->value() / 100;
}

void ImagesCard::adapt(const Experiment& experiment) {
    const HoldOut held = experiment.data.holdOut;
    holdOutShare_->setEnabled(held != HoldOut::None && held != HoldOut::FolderSplit);
}

void ImagesCard::fixReading() {
    for (QWidget* field : {static_cast<QWidget*>(imageSize_), static_cast<QWidget*>(channels_)}) {
        field->setEnabled(false);
        field->setToolTip(tr("Runs side by side are trained on the same images, as they were opened."));
    }
}

}  // namespace embedscope
