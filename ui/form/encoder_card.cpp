#include "ui/form/encoder_card.h"

#include "ui/choice_field.h"
#include "ui/file_field.h"

#include <QCheckBox>
#include <QSpinBox>

namespace embedscope {
namespace {

constexpr const char* kOwnFile = "torchscript";

}  // namespace

EncoderCard::EncoderCard() : SettingsCard(tr("Encoder")) {
    encoder_ = new ChoiceField(encoderCatalog(), "encoder");
    file_ = new FileField("encoder_file", tr("A network saved with torch.jit.save"),
                          tr("TorchScript (*.pt *.pth *.ts);;All files (*)"));
    file_->setToolTip(tr("The network that is trained further. Open only files that you trust."));
    weights_ = new FileField("initial_weights", tr("Weights that a run has saved"), tr("Weights (*.safetensors)"));
    weights_->setToolTip(
        tr("Starts where another run ended: its weights.safetensors. The encoder, its parameters, the "
           "dimension and the channels must be the same."));
    dimension_ = makeSpinBox("embedding_dimension", 2, 512,
                             tr("Numbers in an embedding. With 2 the picture shows the embedding itself."));
    normalize_ = makeCheckBox("normalize", tr("Points on the unit sphere (L2-normalised)"),
                              tr("Keeps all embeddings at length 1, so that distances lie between 0 and 2."));
    addField(tr("Network"), encoder_);
    addField(tr("File"), file_);
    addField(tr("Dimension"), dimension_);
    addField(QString(), normalize_);
    addFieldForMore(tr("Start from weights"), weights_);
    connect(encoder_, &ChoiceField::changed, this, &SettingsCard::changed);
    connect(file_, &FileField::changed, this, &SettingsCard::changed);
    connect(weights_, &FileField::changed, this, &SettingsCard::changed);
    connect(dimension_, &QSpinBox::valueChanged, this, &SettingsCard::changed);
    connect(normalize_, &QCheckBox::toggled, this, &SettingsCard::changed);
}

void EncoderCard::fill(const Experiment& experiment) {
    encoder_->setChoice(experiment.encoder);
    file_->setFile(experiment.encoderFile);
    weights_->setFile(experiment.initialWeights);
    dimension_->setValue(experiment.embeddingDimension);
    normalize_->setChecked(experiment.normalizeEmbeddings);
}

void EncoderCard::write(Experiment& experiment) const {
    experiment.encoder = encoder_->choice();
    // Another encoder reads no file; the field keeps it for when this one is chosen again.
    experiment.encoderFile = experiment.encoder.id == kOwnFile ? file_->file() : std::filesystem::path();
    experiment.initialWeights = weights_->file();
    experiment.embeddingDimension = dimension_->value();
    experiment.normalizeEmbeddings = normalize_->isChecked();
}

void EncoderCard::adapt(const Experiment& experiment) {
    showField(file_, experiment.encoder.id == kOwnFile);
}

}  // namespace embedscope
