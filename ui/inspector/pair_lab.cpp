#include "ui/inspector/pair_lab.h"

#include "ui/charts/chart_theme.h"
#include "ui/charts/help_button.h"
#include "ui/inspector/pair_table.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <array>
#include <iterator>

namespace embedscope {
namespace {

bool holds(const std::vector<std::int32_t>& samples, std::int32_t sample) {
    return std::ranges::find(samples, sample) != samples.end();
}

bool joins(const Mark& mark, std::int32_t a, std::int32_t b) {
    const auto& others = mark.second.empty() ? mark.first : mark.second;
    return (holds(mark.first, a) && holds(others, b)) || (holds(mark.first, b) && holds(others, a));
}

}  // namespace

PairLab::PairLab(QWidget* parent)
    : QWidget(parent), marks_(std::make_shared<const Marks>()), task_([this](const Searched& found) { take(found); }) {
    setObjectName("pairLab");
    fillWithGround(*this);
    build();
    refresh();
}

PairLab::~PairLab() = default;

void PairLab::build() {
    source_ = new QComboBox;
    source_->setObjectName("pair_lab_source");
    source_->addItems({tr("Mined of late"), tr("Hardest of all")});
    connect(source_, &QComboBox::currentIndexChanged, this, &PairLab::changeSource);
    class_ = new QComboBox;
    class_->setObjectName("pair_lab_class");
    connect(class_, &QComboBox::currentIndexChanged, this, &PairLab::refresh);
    note_ = new QLabel;
    note_->setObjectName("pair_lab_note");
    note_->setWordWrap(true);
    note_->setAlignment(Qt::AlignLeft | Qt::AlignTop);  // alone it has all the room
    table_ = new PairTable;
    connect(table_, &PairTable::markRequested, this, &PairLab::markRequested);
    connect(table_, &PairTable::tuplePointed, this, &PairLab::tuplePointed);
    connect(table_, &PairTable::sampleActivated, this, &PairLab::sampleActivated);
    auto* head = new QHBoxLayout;
    head->addWidget(source_);
    head->addWidget(class_);
    head->addStretch(1);
    head->addWidget(makeHelpButton(
        "pairLabHelp",
        tr("Each row is an anchor with a similar and a dissimilar image, and their distances to it below them; below "
           "the anchor 3/12 if it was mined in 3 of the 12 batches that held it. <b>Mined of late</b>: some of what "
           "the miner chose in a batch about a second ago, with the loss of the row by itself and its share of the "
           "gradient of the rows. <b>Hardest of all</b>: the farthest similar and the nearest dissimilar image of up "
           "to 1,000 anchors among all tracked training images. Often the hardest rows are wrong labels: say so with "
           "the buttons, and training follows at its next batch. A click on a heading sorts, a click on a picture "
           "selects it; the row under the mouse is drawn in the picture, and the rows stand still meanwhile. A row "
           "with <b>loss 0</b> is satisfied: the miner's margin, within which it looks for negatives, is larger than "
           "the margin of the loss, beyond which a row teaches nothing. Set both alike to mine only what teaches."),
        this));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(6, 6, 6, 4);
    column->setSpacing(4);
    column->addLayout(head);
    column->addWidget(table_, 1);
    column->addWidget(note_);
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
    marked_ = data_ ? withMarks(data_, *marks_) : nullptr;
    bank_.reset();
    mined_.reset();
    hardest_.reset();
    searched_.invalidate();
    refresh();
}

void PairLab::setMarks(std::shared_ptr<const Marks> marks) {
    if (!data_ || !problems(*marks, *data_).empty()) return;
    marks_ = std::move(marks);
    marked_ = withMarks(data_, *marks_);
    searched_.invalidate();
    table_->letGo();  // what was marked is to leave at once
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

void PairLab::showBank(std::shared_ptr<const BankFrame> bank) {
    bank_ = std::move(bank);
    search();
}

bool PairLab::showsHardest() const {
    return source_->currentIndex() == 1;
}

void PairLab::search() {
    if (!showsHardest() || !isVisible() || !bank_ || !marked_ || table_->isHeld()) return;
    if (searched_.isValid() && searched_.elapsed() < kSearchEvery) return;
    searched_.start();
    task_.start([data = data_, marked = marked_, marks = marks_, bank = bank_] {
        return Searched{data, hardestTuples(*bank, *marked, *marks, kMostAnchors, MinedTuples::kMost)};
    });
}

void PairLab::take(const Searched& searched) {
    if (searched.data != data_ || !searched.hardest) return;
    std::vector<MinedTuple> before = hardest_ ? std::move(hardest_->tuples) : std::vector<MinedTuple>{};
    hardest_ = *searched.hardest;
    for (MinedTuple& row : hardest_->tuples) {  // until it is judged anew
        const auto known = std::ranges::find_if(before, [&row](const MinedTuple& old) { return isSame(old, row); });
        if (known == before.end()) continue;
        row.loss = known->loss;
        row.gradientShare = known->gradientShare;
    }
    askForLosses();
    if (!table_->isHeld()) refresh();
}

void PairLab::changeSource() {
    searched_.invalidate();
    table_->forgetOrder();
    table_->letGo();
    refresh();
    search();
    askForLosses();
}

void PairLab::askForLosses() {
    if (isVisible()) Q_EMIT lossesRequested(showsHardest() && hardest_ ? hardest_->tuples : std::vector<MinedTuple>{});
}

bool PairLab::isMarked(const MinedTuple& tuple) const {
    return std::ranges::any_of(marks_->list, [&](const Mark& mark) {
        if (mark.kind == MarkKind::Similar) return joins(mark, tuple.anchor, tuple.negative);
        if (mark.kind == MarkKind::Dissimilar) return joins(mark, tuple.anchor, tuple.positive);
        return holds(mark.first, tuple.anchor) || holds(mark.first, tuple.positive) ||
               holds(mark.first, tuple.negative);
    });
}

bool PairLab::isShown(const MinedTuple& tuple) const {
    if (isMarked(tuple) && !showsHardest()) return false;
    const int wanted = class_->currentIndex() - 1;
    if (wanted < 0) return true;
    return std::ranges::any_of(std::array{tuple.anchor, tuple.positive, tuple.negative}, [&](std::int32_t sample) {
        return sample >= 0 && marked_->samples[static_cast<std::size_t>(sample)].label == wanted;
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
    const auto satisfied = std::ranges::count(rows(), 0.0F, &MinedTuple::loss);
    if (satisfied == 0) return {};
    return tr(" Loss 0: %1, which keep the margin of the loss already.")
        .arg(satisfied == 1 ? tr("1 row") : tr("%1 rows").arg(satisfied));
}

QString PairLab::noteText() const {
    const QLocale locale;
    const auto counted = [&locale](std::size_t number) { return locale.toString(static_cast<qulonglong>(number)); };
    if (showsHardest()) {
        if (!hardest_) return tr("The hardest triplets appear here when labelled images are trained on.");
        return tr("The hardest %1 of %2 anchors, each among %3 tracked training images.")
                   .arg(counted(rows().size()), counted(hardest_->anchors), counted(hardest_->rows)) +
               satisfiedText();
    }
    if (!mined_) return tr("What the miner chooses appears here with the next training step.");
    QString text = tr("Step %1: %2 of %3 that the miner chose.")
                       .arg(locale.toString(static_cast<qlonglong>(mined_->step)), counted(mined_->tuples.size()),
                            counted(mined_->chosen));
    if (!mined_->remark.empty()) text += ' ' + QString::fromStdString(mined_->remark);
    return text + satisfiedText();
}

void PairLab::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    table_->letGo();
    askForLosses();
    refresh();
    search();
}

void PairLab::hideEvent(QHideEvent* event) {
    QWidget::hideEvent(event);
    Q_EMIT lossesRequested({});
    Q_EMIT tuplePointed(-1, -1, -1);
}

}  // namespace embedscope
