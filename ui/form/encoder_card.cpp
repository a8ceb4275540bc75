#include "ui/form/encoder_card.h"

#include "ui/choice_field.h"

#include <QCheckBox>
#include <QSpinBox>

namespace embedscope {

EncoderCard::EncoderCard() : SettingsCard(tr("Encoder")) {
    encoder_ = new ChoiceField(encoderCatalog(), "encoder");
    dimension_ = makeSpinBox("embedding_dimension", 2, 512,
                             tr("Numbers in an embedding. With 2 the picture shows the embedding itself."));
    normalize_ = makeCheckBox("normalize", tr("Points on the unit sphere (L2-normalised)"),
                              tr("Keeps all embeddings at length 1, so that distances lie between 0 and 2."));
    addField(tr("Network"), encoder_);
    addField(tr("Dimension"), dimension_);
    addField(QString(), normalize_);
    connect(encoder_, &ChoiceField::changed, this, &SettingsCard::changed);
    connect(dimension_, &QSpinBox::valueChanged, this, &SettingsCard::changed);
    connect(normalize_, &QCheckBox::toggled, this, &SettingsCard::changed);
}

void EncoderCard::fill(const Experiment& experiment) {
    encoder_->setChoice(experiment.encoder);
    dimension_->setValue(experiment.embeddingDimension);
    normalize_->setChecked(experiment.normalizeEmbeddings);
}

void EncoderCard::write(Experiment& experiment) const {
    experiment.encoder = encoder_->choice();
    experiment.embeddingDimension = dimension_->value();
    experiment.normalizeEmbeddings = normalize_->isChecked();
}

}  // namespace embedscope
