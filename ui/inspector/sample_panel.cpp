#include "ui/inspector/sample_panel.h"

#include "ui/charts/chart_theme.h"
#include "ui/charts/frame_limit.h"
#include "ui/charts/help_button.h"
#include "ui/inspector/map_neighbors.h"
#include "ui/inspector/neighbor_grid.h"
#include "ui/inspector/path_label.h"
#include "ui/inspector/picture_view.h"
#include "ui/inspector/pixels.h"
#include "ui/paths.h"
#include "ui/plural.h"
#include "ui/steady_width.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QScrollArea>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <exception>
#include <map>

namespace embedscope {
namespace {

// Neighbours that change faster cannot be read.
constexpr int kNeighborFramesPerSecond = 5;
constexpr int kPictureSide = 512;

QString counted(std::int64_t number) {
    return QLocale(QLocale::English).toString(static_cast<qlonglong>(number));
}

QLabel* makeLabel(const QString& name, QWidget* parent) {
    auto* label = new QLabel(parent);
    label->setObjectName(name);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

}  // namespace

SamplePanel::SamplePanel(QWidget* parent)
    : QWidget(parent),
      pictureTask_([this](const Picture& picture) { showPicture(picture); }),
      neighborTask_([this](const Found& found) { showNeighbors(found); }) {
    setObjectName("samplePanel");
    fillWithGround(*this);
    frames_ = std::make_unique<FrameLimit>(kNeighborFramesPerSecond, [this] { searchNeighbors(); });
    build();
}

SamplePanel::~SamplePanel() = default;

void SamplePanel::build() {
    auto* note = makeLabel("sampleNote", this);
    note->setText(tr("Click a point to see its image and its nearest neighbours."));
    note->setAlignment(Qt::AlignCenter);
    picture_ = new PictureView(this);
    picture_->setObjectName("samplePicture");
    picture_->setFixedSize(128, 128);
    title_ = makeLabel("sampleTitle", this);
    facts_ = new PathLabel(this);
    facts_->setObjectName("sampleFacts");
    facts_->setWordWrap(true);
    age_ = makeLabel("sampleAge", this);
    age_->setToolTip(
        tr("<p>During training each embedding is the one last computed: an old one was computed with "
           "earlier weights. At the end of an epoch all are new.</p>"));
    loss_ = makeLabel("sampleLoss", this);
    summary_ = makeLabel("neighborSummary", this);
    mapSummary_ = makeLabel("mapNeighborSummary", this);
    grid_ = new NeighborGrid(kNeighbors, this);
    mapGrid_ = new NeighborGrid(kNeighbors, this);
    mapGrid_->setObjectName("map_neighbors");
    for (NeighborGrid* grid : {grid_, mapGrid_})
        connect(grid, &NeighborGrid::sampleActivated, this, &SamplePanel::sampleActivated);
    for (QLabel* label : {facts_, age_, loss_, summary_, mapSummary_}) label->setFont(chartTheme(*this).small);
    auto* text = new QVBoxLayout;
    text->setSpacing(4);
    for (QLabel* label : {title_, facts_}) text->addWidget(label);
    pin_ = new QToolButton(this);
    pin_->setObjectName("pin_sample");
    pin_->setProperty("toggle", true);
    pin_->setCheckable(true);
    pin_->setToolTip(
        tr("Watch the distances between this image and other pinned ones: lines in the picture, curves "
           "beside it (P)."));
    connect(pin_, &QToolButton::clicked, this, [this] { Q_EMIT pinRequested(sample_); });
    keepWidth(*pin_, {tr("Pin"), tr("Pinned")});
    path_ = new QToolButton(this);
    path_->setObjectName("sample_path");
    path_->setProperty("toggle", true);
    path_->setCheckable(true);
    path_->setText(tr("Path"));
    path_->setToolTip(
        tr("Draws the way of this image over the map, through the recorded frames up to the one shown: from the ring, "
           "where it was in the first recorded frame of this map, along the arrowheads to where it is."));
    connect(path_, &QToolButton::toggled, this, &SamplePanel::pathToggled);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(pin_);
    buttons->addWidget(path_);
    buttons->addStretch(1);
    text->addStretch(1);
    auto* top = new QHBoxLayout;
    top->setSpacing(10);
    top->addWidget(picture_, 0, Qt::AlignTop);
    top->addLayout(text, 1);
    auto* head = new QHBoxLayout;
    head->addWidget(summary_, 1);
    head->addWidget(makeHelpButton("neighborHelp",
                                   tr("The images whose embeddings have the smallest Euclidean distance to this one, "
                                      "nearest first, among the tracked images. ✓ and a solid frame: the same class; "
                                      "✗ and a dashed frame: another class. They follow the training."),
                                   this),
                    0, Qt::AlignTop);
    auto* page = new QWidget(this);
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(8, 8, 8, 8);
    column->addLayout(top);
    column->addLayout(buttons);  // beside the picture there is no room for both, nor for long lines
    for (QLabel* label : {age_, loss_}) column->addWidget(label);
    column->addLayout(head);
    column->addWidget(grid_);
    auto* mapHead = new QHBoxLayout;
    mapHead->addWidget(mapSummary_, 1);
    mapHead->addWidget(
        makeHelpButton("mapNeighborHelp",
                       tr("The images that are nearest on the map, at distances in its units. Where few of them are "
                          "nearest in the embedding space as well, do not trust the picture here."),
                       this),
        0, Qt::AlignTop);
    column->addLayout(mapHead);
    column->addWidget(mapGrid_);
    column->addStretch(1);
    auto* scroll = new QScrollArea(this);
    scroll->setWidget(page);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    pages_ = new QStackedWidget(this);
    pages_->addWidget(note);
    pages_->addWidget(scroll);
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(pages_);
}

void SamplePanel::setDataSet(std::shared_ptr<const DataSet> dataSet) {
    data_ = std::move(dataSet);
    layout_.reset();
    shownStep_.reset();
    clear();
}

void SamplePanel::setLabels(std::shared_ptr<const DataSet> relabelled) {
    data_ = std::move(relabelled);
    if (sample_ < 0) return;
    describe();
    searchNeighbors();
}

void SamplePanel::clear() {
    sample_ = -1;
    bank_.reset();
    shown_.clear();
    grid_->clear();
    mapGrid_->clear();
    pages_->setCurrentIndex(0);
}

void SamplePanel::showSample(int sample, std::shared_ptr<const BankFrame> bank) {
    if (!data_ || sample < 0 || static_cast<std::size_t>(sample) >= data_->size()) return clear();
    const bool otherSample = sample != sample_;
    const bool otherBank = bank != bank_;
    sample_ = sample;
    bank_ = std::move(bank);
    if (otherSample) {
        pictureSize_.clear();
        describe();
        readPicture();
        searchNeighbors();
    } else if (otherBank) {
        frames_->request();
    }
}

void SamplePanel::showMap(std::shared_ptr<const Layout> layout, std::optional<std::int64_t> shownStep) {
    if (layout == layout_ && shownStep == shownStep_) return;
    layout_ = std::move(layout);
    shownStep_ = shownStep;
    if (sample_ >= 0) frames_->request();
}

void SamplePanel::setLoss(const QString& text, const QString& help) {
    loss_->setText(text);  // empty it keeps its line, so that nothing below moves
    loss_->setToolTip(help);
}

bool SamplePanel::showsPath() const {
    return path_->isChecked();
}

void SamplePanel::describe() {
    const Sample& sample = data_->samples[static_cast<std::size_t>(sample_)];
    const QString path = QString::fromStdString(sample.path);
    title_->setText("<b>" + className(*data_, sample_).toHtmlEscaped() + "</b>");
    facts_->setText(foldable(path).toHtmlEscaped() + "<br>" +
                    (sample.split == Split::Train ? tr("training image") : tr("held-out image")) + pictureSize_);
    facts_->setToolTip(QString::fromStdU16String((data_->root / sample.path).u16string()));
    age_->clear();
    summary_->clear();
    mapSummary_->clear();
    grid_->clear();
    mapGrid_->clear();
    shown_.clear();
    showPinned();
    pages_->setCurrentIndex(1);
}

void SamplePanel::setPinned(std::vector<int> samples) {
    pinned_ = std::move(samples);
    showPinned();
}

void SamplePanel::showPinned() {
    const bool pinned = std::ranges::find(pinned_, sample_) != pinned_.end();
    pin_->setVisible(sample_ >= 0);  // a picture of the user's own is no sample
    path_->setVisible(sample_ >= 0);
    pin_->setChecked(pinned);
    pin_->setText(pinned ? tr("Pinned") : tr("Pin"));
}

void SamplePanel::readPicture() {
    const auto index = static_cast<std::size_t>(sample_);
    picture_->setImage(imageFromPixels(data_->image(index), data_->shape));
    picture_->setToolTip({});
    pictureTask_.start([data = data_, sample = sample_] {
        Picture picture;
        picture.sample = sample;
        try {
            const Image original = originalImage(*data, static_cast<std::size_t>(sample), kPictureSide);
            picture.image = imageFromPixels(original.pixels, original.shape);
        } catch (const std::exception& failure) {
            picture.problem = QString::fromStdString(failure.what());
        }
        return picture;
    });
}

void SamplePanel::showPicture(const Picture& picture) {
    if (picture.sample != sample_) return;
    // The decoded pixels stay when the file is gone; the tooltip says why there is no more.
    picture_->setToolTip(picture.problem.toHtmlEscaped());
    if (picture.image.isNull()) return;
    picture_->setImage(picture.image);
    // A larger one was made smaller: its own size is not known here.
    if (std::max(picture.image.width(), picture.image.height()) >= kPictureSide) return;
    pictureSize_ = tr("<br>%1 × %2 pixels").arg(picture.image.width()).arg(picture.image.height());
    facts_->setText(facts_->text() + pictureSize_);
}

void SamplePanel::searchNeighbors() {
    if (sample_ < 0) return;
    if (!bank_) {
        summary_->setText(tr("Neighbours appear when training starts."));
        return;
    }
    neighborTask_.start([sample = sample_, bank = bank_, layout = layout_] { return search(sample, bank, layout); });
}

SamplePanel::Found SamplePanel::search(int sample, const std::shared_ptr<const BankFrame>& bank,
                                       const std::shared_ptr<const Layout>& layout) {
    Found found;
    found.sample = sample;
    found.bank = bank;
    if (layout) {
        const auto dot = std::ranges::find(*layout->samples, sample);
        found.onMap = dot != layout->samples->end();
        if (found.onMap)
            for (const Neighbor& neighbor :
                 nearestOnMap(*layout, static_cast<std::size_t>(dot - layout->samples->begin()), kNeighbors)) {
                found.mapNeighbors.push_back((*layout->samples)[static_cast<std::size_t>(neighbor.row)]);
                found.mapDistances.push_back(neighbor.distance);
            }
    }
    const auto place = std::ranges::find(*bank->samples, sample);
    if (place == bank->samples->end()) return found;
    const auto row = static_cast<std::size_t>(std::distance(bank->samples->begin(), place));
    found.tracked = true;
    found.computedAtStep = bank->computedAtStep[row];
    found.neighbors = nearestNeighbors(*bank, row, kNeighbors);
    return found;
}

void SamplePanel::showNeighbors(const Found& found) {
    if (found.sample != sample_ || !bank_ || found.bank->runId != bank_->runId) return;
    if (!found.tracked) {
        grid_->clear();
        summary_->setText(
            tr("This image is not among the tracked ones, so its neighbours are not known. Track more "
               "samples to include it."));
        return;
    }
    std::vector<int> samples;
    std::vector<float> distances;
    for (const Neighbor& neighbor : found.neighbors) {
        samples.push_back((*found.bank->samples)[static_cast<std::size_t>(neighbor.row)]);
        distances.push_back(neighbor.distance);
    }
    const std::int64_t old = found.bank->step - found.computedAtStep;
    age_->setText(old == 0 ? tr("embedding of step %1, now").arg(counted(found.computedAtStep))
                           : tr("embedding of step %1, %2 old")
                                 .arg(counted(found.computedAtStep),
                                      amount(static_cast<std::size_t>(old), tr("step"), tr("steps"))));
    summary_->setText(summaryOf(samples));
    if (shownStep_)
        summary_->setText(
            summary_->text() +
            tr("<br>now, at step %1; the picture shows step %2").arg(counted(found.bank->step), counted(*shownStep_)));
    grid_->showNeighbors(*data_, sample_, samples, distances);
    showMapNeighbors(found);
    if (samples == shown_) return;
    shown_ = std::move(samples);
    Q_EMIT neighborsFound(shown_);
}

void SamplePanel::showMapNeighbors(const Found& found) {
    if (!found.onMap) {
        mapGrid_->clear();
        return mapSummary_->setText(
            shownStep_ ? tr("The recorded map of step %1 does not hold this image.").arg(counted(*shownStep_))
                       : QString());
    }
    const auto alsoTrue = std::ranges::count_if(found.mapNeighbors, [&](int other) {
        return std::ranges::any_of(found.neighbors, [&](const Neighbor& neighbor) {
            return (*found.bank->samples)[static_cast<std::size_t>(neighbor.row)] == other;
        });
    });
    const QString when = shownStep_ ? tr(", at step %1").arg(counted(*shownStep_)) : QString();
    mapSummary_->setText(tr("<b>%1 nearest on the map</b>%2 &nbsp; %3 of them also above")
                             .arg(found.mapNeighbors.size())
                             .arg(when)
                             .arg(alsoTrue));
    mapGrid_->showNeighbors(*data_, sample_, found.mapNeighbors, found.mapDistances);
}

void SamplePanel::showPictureOfOwn(const QImage& picture, const QString& about, const std::vector<int>& neighbors,
                                   const std::vector<float>& distances) {
    if (!data_) return;
    sample_ = -1;
    bank_.reset();
    shown_ = neighbors;
    showPinned();
    title_->setText(tr("<b>Your picture</b>"));
    facts_->setText(about);
    facts_->setToolTip({});
    age_->setText(likeliestClass(neighbors));
    picture_->setImage(picture);
    picture_->setToolTip({});
    summary_->setText(tr("<b>%1 nearest</b>").arg(neighbors.size()));
    setLoss({}, {});
    mapSummary_->clear();
    mapGrid_->clear();
    grid_->showNeighbors(*data_, -1, neighbors, distances);
    pages_->setCurrentIndex(1);
}

/// "9 of 12 neighbours: boot"
QString SamplePanel::likeliestClass(const std::vector<int>& samples) const {
    std::map<std::int32_t, int> votes;
    for (const int sample : samples)
        if (const std::int32_t label = data_->samples[static_cast<std::size_t>(sample)].label; label != kUnlabelled)
            ++votes[label];
    if (votes.empty()) return {};
    const auto most = std::ranges::max_element(votes, {}, [](const auto& each) { return each.second; });
    return tr("%1 of %2 neighbours: %3")
        .arg(most->second)
        .arg(samples.size())
        .arg(QString::fromStdString(data_->classNames[static_cast<std::size_t>(most->first)]));
}

QString SamplePanel::summaryOf(const std::vector<int>& samples) const {
    const std::int32_t label = data_->samples[static_cast<std::size_t>(sample_)].label;
    const QString title = tr("<b>%1 nearest</b>").arg(samples.size());
    if (label == kUnlabelled || samples.empty()) return title;
    const auto same = std::ranges::count_if(
        samples, [&](int other) { return data_->samples[static_cast<std::size_t>(other)].label == label; });
    return title + tr(" &nbsp; %1 of the same class (%2)")
                       .arg(same)
                       .arg(percentText(static_cast<double>(same) / static_cast<double>(samples.size())));
}

}  // namespace embedscope
