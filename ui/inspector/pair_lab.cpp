#include "ui/inspector/pair_lab.h"

#include "engine/tuple_losses.h"
#include "ui/charts/chart_theme.h"
#include "ui/charts/help_button.h"
#include "ui/inspector/neighbor_grid.h"
#include "ui/inspector/pair_table.h"
#include "ui/inspector/tuple_marks.h"
#include "ui/plural.h"

#include <QComboBox>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <array>
#include <cmath>
#include <exception>
#include <iterator>

namespace embedscope {
namespace {

QString counted(std::size_t number) {
    return QLocale().toString(static_cast<qulonglong>(number));
}

/// "3.png (shirt)"
QString nameOf(const DataSet& data, std::int32_t sample) {
    const std::string& path = data.samples[static_cast<std::size_t>(sample)].path;
    return QString("%1 (%2)").arg(QFileInfo(QString::fromStdString(path)).fileName(), className(data, sample));
}

/// "Marked as similar: a.png (shirt) and b.png (coat)." The class is the one before.
QString sentenceOn(const Mark& mark, const DataSet& data) {
    QStringList names;
    for (const auto* side : {&mark.first, &mark.second})
        for (const std::int32_t sample : *side) names << nameOf(data, sample);
    if (mark.kind == MarkKind::Label && mark.label == kUnlabelled)
        return PairLab::tr("Marked as wrong label: %1.").arg(names.join(PairLab::tr(" and ")));
    const QString kind =
        QString::fromUtf8(entryOf(mark.kind).label.data(), static_cast<qsizetype>(entryOf(mark.kind).label.size()));
    return PairLab::tr("Marked as %1: %2.").arg(kind.toLower(), names.join(PairLab::tr(" and ")));
}

/// Training images with a label that no search sees.
std::size_t untracked(const DataSet& data, std::size_t tracked) {
    const auto labelled = std::ranges::count_if(
        data.samples, [](const Sample& sample) { return sample.split == Split::Train && sample.label != kUnlabelled; });
    return static_cast<std::size_t>(labelled) > tracked ? static_cast<std::size_t>(labelled) - tracked : 0;
}

}  // namespace

PairLab::PairLab(QWidget* parent)
    : QWidget(parent), marks_(std::make_shared<const Marks>()), task_([this](const Searched& found) { take(found); }) {
    setObjectName("pairLab");
    fillWithGround(*this);
    build();
    refresh();
}

PairLab::~PairLab() {
    stop_.request_stop();
}

void PairLab::build() {
    source_ = new QComboBox;
    source_->setObjectName("pair_lab_source");
    source_->addItems({tr("Mined of late"), tr("Hardest of all")});
    connect(source_, &QComboBox::currentIndexChanged, this, &PairLab::changeSource);
    class_ = new QComboBox;
    class_->setObjectName("pair_lab_class");
    class_->setToolTip(
        tr("Hardest of all: only anchors of this class are searched. Mined of late: only rows that hold an image of "
           "it."));
    connect(class_, &QComboBox::currentIndexChanged, this, &PairLab::changeClass);
    auto* renew = new QToolButton;
    renew->setObjectName("pair_lab_renew");
    renew->setText("⟳");
    renew->setToolTip(tr("New rows, now; what is marked leaves the list"));
    renew->setAutoRaise(true);
    connect(renew, &QToolButton::clicked, this, [this] {
        const bool chosen = table_->chosen().has_value();
        chooseNone();
        if (!chosen) refresh();  // else the table was released
        searchAnew();
    });
    note_ = new QLabel;
    note_->setObjectName("pair_lab_note");
    note_->setWordWrap(true);
    note_->setAlignment(Qt::AlignLeft | Qt::AlignTop);  // alone it has all the room
    table_ = new PairTable;
    table_->sortFirstBy(TupleColumn::Loss);
    connect(table_, &PairTable::markRequested, this, &PairLab::mark);
    connect(table_, &PairTable::markTakenBack, this, &PairLab::takeBack);
    connect(table_, &PairTable::released, this, [this] {
        refresh();
        search();
    });
    connect(table_, &PairTable::chosenChanged, this, [this] { note_->setText(noteText()); });
    connect(table_, &PairTable::tuplePointed, this, &PairLab::tuplePointed);
    connect(table_, &PairTable::sampleActivated, this, &PairLab::sampleActivated);
    auto* head = new QHBoxLayout;
    head->addWidget(source_);
    head->addWidget(class_);
    head->addWidget(renew);
    head->addStretch(1);
    head->addWidget(makeHelp());
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(6, 6, 6, 4);
    column->setSpacing(4);
    column->addLayout(head);
    column->addWidget(table_, 1);
    column->addWidget(note_);
}

QWidget* PairLab::makeHelp() {
    return makeHelpButton(
        "pairLabHelp",
        tr("Each row is an anchor with a similar and a dissimilar image, and their distances to it below them; below "
           "the anchor 3/12 if it was mined in 3 of the 12 batches that held it. <b>Mined of late</b>: some of what "
           "the miner chose in a batch about a second ago, with the loss of the row by itself and its share of the "
           "gradient of the rows. <b>Hardest of all</b>: the farthest similar and the nearest dissimilar image of "
           "every tracked training image, of very many of evenly chosen ones, with the loss that such a row would "
           "have; with a class chosen, of every image of that class. Often the hardest rows are wrong labels: say so "
           "with the buttons, and training follows at its next batch. A marked row stays, coloured, until the next "
           "rows come; ≈ and ≠ take their mark back, the others are taken back under Marks. A click on a heading "
           "sorts, a click on a row chooses it, on a picture selects that image. The row under the mouse, or the "
           "chosen one, is drawn in the picture, and the rows stand still meanwhile; Esc or ⟳ lets them go on. A row "
           "with <b>loss 0</b> is satisfied: the miner's margin, within which it looks for negatives, is larger than "
           "the margin of the loss, beyond which a row teaches nothing. Set both alike to mine only what teaches."),
        this);
}

void PairLab::setDataSet(std::shared_ptr<const DataSet> dataSet) {
    if (dataSet != data_) {
        marks_ = std::make_shared<const Marks>();
        class_->clear();
        class_->addItem(tr("All classes"));
        if (dataSet)
            for (const std::string& name : dataSet->classNames) class_->addItem(QString::fromStdString(name));
    }
    data_ = std::move(dataSet);
    table_->setDataSet(data_);
    table_->setMarks(marks_);
    marked_ = data_ ? withMarks(data_, *marks_) : nullptr;
    snapshot_.reset();
    mined_.reset();
    hardest_.reset();
    noLoss_.clear();
    dropSearch();
    refresh();
}

void PairLab::setMarks(std::shared_ptr<const Marks> marks) {
    if (!data_ || !problems(*marks, *data_).empty()) return;
    marks_ = std::move(marks);
    marked_ = withMarks(data_, *marks_);
    table_->setMarks(marks_);
    dropSearch();
    if (table_->isHeld()) return;
    refresh();
    search();
}

void PairLab::showTuples(std::shared_ptr<const MinedTuples> tuples) {
    mined_ = std::move(tuples);
    if (mined_ && hardest_)
        for (MinedTuple& row : hardest_->tuples) {
            const auto known =
                std::ranges::find_if(mined_->judged, [&row](const MinedTuple& judged) { return isSame(judged, row); });
            if (known == mined_->judged.end()) continue;
            // The distances stay those that the rows are sorted by.
            row.loss = known->loss;
            row.gradientShare = known->gradientShare;
        }
    if (isVisible() && !table_->isHeld()) refresh();
}

void PairLab::showSnapshot(std::shared_ptr<const Snapshot> snapshot) {
    snapshot_ = std::move(snapshot);
    search();
}

bool PairLab::showsHardest() const {
    return source_->currentIndex() == 1;
}

std::optional<std::int32_t> PairLab::chosenClass() const {
    return class_->currentIndex() > 0 ? std::optional(class_->currentIndex() - 1) : std::nullopt;
}

/// What it finds would be of other marks, images or a class that is not shown any more.
void PairLab::dropSearch() {
    stop_.request_stop();
    stop_ = std::stop_source();
    searched_.invalidate();
}

void PairLab::startSearch() {
    if (!showsHardest() || !isVisible() || !snapshot_ || !snapshot_->bank || !marked_) return;
    searched_.start();
    task_.start([data = data_, marked = marked_, marks = marks_, snapshot = snapshot_, wanted = chosenClass(),
                 stop = stop_.get_token()] {
        Searched searched{data, wanted, {}, {}};
        try {
            searched.hardest = hardestTuples(*snapshot->bank, *marked, *marks, {.anchorClass = wanted}, stop);
            if (!searched.hardest) return searched;
            // Embeddings of a file come without a run, whose loss would be asked.
            searched.noLoss = snapshot->stepsPerEpoch == 0
                                  ? tr("These are embeddings without a run, so no loss is known.")
                                  : QString::fromStdString(judgeTuples(snapshot->settings, *snapshot->bank, *marked,
                                                                       searched.hardest->tuples));
        } catch (const std::exception& problem) {
            searched.noLoss = QString::fromUtf8(problem.what());
        }
        return searched;
    });
}

/// Now, whoever holds the rows.
void PairLab::searchAnew() {
    dropSearch();
    startSearch();
}

void PairLab::search() {
    if (table_->isHeld() || (searched_.isValid() && searched_.elapsed() < kSearchEvery)) return;
    startSearch();
}

void PairLab::take(const Searched& searched) {
    if (searched.data != data_ || searched.anchorClass != chosenClass()) return;
    if (!searched.hardest && searched.noLoss.isEmpty()) return;
    noLoss_ = searched.noLoss;
    if (!searched.hardest) return note_->setText(noteText());
    std::vector<MinedTuple> before = hardest_ ? std::move(hardest_->tuples) : std::vector<MinedTuple>{};
    hardest_ = *searched.hardest;
    for (MinedTuple& row : hardest_->tuples) {  // until the run has judged it anew
        if (std::isfinite(row.loss)) break;
        const auto known = std::ranges::find_if(before, [&row](const MinedTuple& old) { return isSame(old, row); });
        if (known == before.end()) continue;
        row.loss = known->loss;
        row.gradientShare = known->gradientShare;
    }
    askForLosses();
    if (!table_->isHeld()) refresh();
}

void PairLab::changeSource() {
    table_->sortFirstBy(showsHardest() ? TupleColumn::Violation : TupleColumn::Loss);
    table_->letGo();
    refresh();
    searchAnew();
    askForLosses();
}

/// The hardest of another class are others, which are to be found first.
void PairLab::changeClass() {
    hardest_.reset();
    noLoss_.clear();
    refresh();
    searchAnew();
}

/// Only the run can ask a loss with weights of its own.
void PairLab::askForLosses() {
    if (!isVisible()) return;
    const bool wanted = showsHardest() && hardest_ && !noLoss_.isEmpty();
    Q_EMIT lossesRequested(wanted ? hardest_->tuples : std::vector<MinedTuple>{});
}

void PairLab::mark(const Mark& wanted) {
    const std::size_t before = marks_->list.size();
    Q_EMIT markRequested(wanted);
    if (marks_->list.size() > before)  // it was not refused
        Q_EMIT told(sentenceOn(wanted, *data_) + tr(" Listed under Marks."));
}

void PairLab::takeBack(const Mark& unwanted) {
    const auto number = markOfPair(*marks_, unwanted);
    if (!number) return Q_EMIT told(tr("Marked as part of a group: it can be taken back under Marks."));
    Q_EMIT markRemovalRequested(*number);
    Q_EMIT told(tr("The mark is taken back."));
}

void PairLab::chooseNone() {
    table_->letGo();
    table_->chooseNone();
}

bool PairLab::isShown(const MinedTuple& tuple) const {
    if (showsHardest()) return true;
    if (marksOf(*marks_, tuple).any()) return false;
    const std::optional<std::int32_t> wanted = chosenClass();
    return !wanted ||
           std::ranges::any_of(std::array{tuple.anchor, tuple.positive, tuple.negative}, [&](std::int32_t s) {
               return s >= 0 && marked_->samples[static_cast<std::size_t>(s)].label == *wanted;
           });
}

void PairLab::refresh() {
    const std::vector<MinedTuple>* from =
        showsHardest() ? (hardest_ ? &hardest_->tuples : nullptr) : (mined_ ? &mined_->tuples : nullptr);
    std::vector<MinedTuple> rows;
    if (from && data_)
        std::ranges::copy_if(*from, std::back_inserter(rows), [this](const MinedTuple& each) { return isShown(each); });
    table_->setRows(std::move(rows), mined_);
    note_->setText(noteText());
}

const std::vector<MinedTuple>& PairLab::rows() const {
    return table_->rows();
}

/// Those that teach nothing, and why they are there.
QString PairLab::satisfiedText() const {
    const auto satisfied = static_cast<std::size_t>(std::ranges::count(rows(), 0.0F, &MinedTuple::loss));
    if (satisfied == 0) return {};
    return tr(" Loss 0 for %1 of %2: the margin of the loss is kept already.")
        .arg(counted(satisfied), amount(rows().size(), tr("row"), tr("rows")));
}

QString PairLab::noteText() const {
    QString text = showsHardest() ? hardestText() : minedText();
    if (table_->chosen() && snapshot_ && !snapshot_->ended())
        text += tr(" A row is chosen, so they stand still; Esc or ⟳ lets them go.");
    return text;
}

/// What was searched, exactly.
QString PairLab::hardestText() const {
    const bool labelled = snapshot_ && snapshot_->bank && data_ && !data_->classNames.empty();
    if (!hardest_ && !labelled) return tr("The hardest triplets appear here when labelled images are trained on.");
    if (!hardest_) return noLoss_.isEmpty() ? tr("Searching…") : noLoss_;
    const QString ofClass = chosenClass() ? tr(" of %1").arg(class_->currentText()) : QString();
    const QString asked = hardest_->anchors == hardest_->possible
                              ? tr("all %1 tracked training images%2").arg(counted(hardest_->possible), ofClass)
                              : tr("%1 of the %2 tracked training images%3, evenly chosen,")
                                    .arg(counted(hardest_->anchors), counted(hardest_->possible), ofClass);
    QString text = tr("The hardest %1, searched with %2 as anchors, each against all %3 tracked.")
                       .arg(counted(rows().size()), asked, counted(hardest_->rows));
    if (const std::size_t left = untracked(*marked_, hardest_->rows); left > 0)
        text += tr(" Not tracked: %1.").arg(amount(left, tr("training image"), tr("training images")));
    const bool judged = std::ranges::any_of(rows(), [](const MinedTuple& row) { return std::isfinite(row.loss); });
    if (!judged && !noLoss_.isEmpty() && !rows().empty()) text += ' ' + noLoss_;
    return text + satisfiedText();
}

QString PairLab::minedText() const {
    if (!mined_) return tr("What the miner chooses appears here with the next training step.");
    QString text = tr("Step %1: %2 of %3 that the miner chose in its batch, drawn at random.")
                       .arg(QLocale().toString(static_cast<qlonglong>(mined_->step)), counted(mined_->tuples.size()),
                            counted(mined_->chosen));
    if (chosenClass())
        text += tr(" Of these %1 hold an image of %2.").arg(counted(rows().size()), class_->currentText());
    if (!mined_->remark.empty()) text += ' ' + QString::fromStdString(mined_->remark);
    return text + satisfiedText();
}

void PairLab::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    table_->letGo();
    askForLosses();
    if (!table_->isHeld()) refresh();
    search();
}

void PairLab::hideEvent(QHideEvent* event) {
    QWidget::hideEvent(event);
    Q_EMIT lossesRequested({});
    Q_EMIT tuplePointed(-1, -1, -1);
}

}  // namespace embedscope
