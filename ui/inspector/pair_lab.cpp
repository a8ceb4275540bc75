#include "ui/inspector/pair_lab.h"

#include "ui/charts/chart_theme.h"
#include "ui/charts/help_button.h"
#include "ui/inspector/neighbor_grid.h"
#include "ui/inspector/pixels.h"

#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QMenu>
#include <QMouseEvent>
#include <QTableWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace embedscope {
namespace {

enum Column {
    kAnchor,
    kPositive,
    kNegative,
    kToPositive,
    kToNegative,
    kViolation,
    kLoss,
    kShare,
    kMined,
    kTruth,
    kColumns
};

constexpr int kPicture = 36, kButton = 24;
constexpr std::size_t kMostPictures = 400;  // kept

std::int32_t sampleIn(const MinedTuple& tuple, int column) {
    return column == kAnchor ? tuple.anchor : column == kPositive ? tuple.positive : tuple.negative;
}

/// What a column is sorted by; not known comes last either way.
float valueOf(const MinedTuple& tuple, int column, const MinedTuples* mined) {
    switch (column) {
        case kToPositive:
            return tuple.toPositive;
        case kToNegative:
            return tuple.toNegative;
        case kViolation:
            return tuple.toPositive - tuple.toNegative;
        case kLoss:
            return tuple.loss;
        case kShare:
            return tuple.gradientShare;
        case kMined: {
            const auto sample = static_cast<std::size_t>(tuple.anchor);
            return mined && tuple.anchor >= 0 && sample < mined->counts.mined.size()
                       ? static_cast<float>(mined->counts.mined[sample])
                       : MinedTuple::kNone;
        }
        default:
            return MinedTuple::kNone;
    }
}

bool isSame(const MinedTuple& a, const MinedTuple& b) {
    return a.anchor == b.anchor && a.positive == b.positive && a.negative == b.negative;
}

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
    buildTable();
    auto* head = new QHBoxLayout;
    head->addWidget(source_);
    head->addWidget(class_);
    head->addStretch(1);
    head->addWidget(makeHelpButton(
        "pairLabHelp",
        tr("Each row is an anchor with a similar and a dissimilar image. <b>Mined of late</b>: some of what the miner "
           "chose in a batch about a second ago, with the loss of the row by itself and its share of the gradient of "
           "the rows. <b>Hardest of all</b>: the farthest similar and the nearest dissimilar image of up to 1,000 "
           "anchors among all tracked training images. Often the hardest rows are wrong labels: say so with the "
           "buttons, and training follows at its next batch. A click on a heading sorts, a click on a picture "
           "selects it; the row under the mouse is drawn in the picture, and the rows stand still meanwhile."),
        this));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(6, 6, 6, 4);
    column->setSpacing(4);
    column->addLayout(head);
    column->addWidget(table_, 1);
    column->addWidget(note_);
}

void PairLab::buildTable() {
    table_ = new QTableWidget(0, kColumns);
    table_->setObjectName("pair_lab_table");
    table_->setHorizontalHeaderLabels({tr("Anchor"), tr("Similar"), tr("Dissim."), tr("d(a,p)"), tr("d(a,n)"),
                                       tr("p − n"), tr("Loss"), tr("Gradient"), tr("Mined"), tr("In truth")});
    const QString tips[] = {
        {},
        {},
        {},
        {},
        {},
        tr("d(a,p) − d(a,n): above 0 the dissimilar image is nearer than the similar one"),
        tr("Of the row by itself"),
        tr("Length of the gradient of the row, by the sum of those listed"),
        tr("In how many of the batches that were looked at the anchor was mined, and in how many it was")};
    for (int column = 0; column < static_cast<int>(std::size(tips)); ++column)
        table_->horizontalHeaderItem(column)->setToolTip(tips[column]);
    table_->verticalHeader()->hide();
    table_->verticalHeader()->setDefaultSectionSize(kPicture + 6);
    table_->horizontalHeader()->setSectionsClickable(true);
    table_->horizontalHeader()->setMinimumSectionSize(kPicture);
    table_->horizontalHeader()->moveSection(kTruth, kToPositive);  // in sight, however narrow the panel is
    table_->setIconSize({kPicture, kPicture});
    table_->setFont(chartTheme(*this).small);
    // Not by contents: each new text would measure all rows again.
    const QFontMetrics metrics(table_->font());
    const auto wide = [&metrics](const QString& text) { return metrics.horizontalAdvance(text) + 14; };
    for (int column = 0; column < kColumns; ++column)
        table_->setColumnWidth(column,
                               column <= kNegative ? kPicture + 10 : wide(column == kShare ? "Gradient" : "-0.0000"));
    table_->setColumnWidth(kMined, wide(tr("%1 of %2").arg(100).arg(100)));
    table_->setColumnWidth(kTruth, 4 * kButton + 8);
    table_->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table_->setSelectionBehavior(QAbstractItemView::SelectRows);
    table_->setSelectionMode(QAbstractItemView::SingleSelection);
    table_->setShowGrid(false);
    table_->setMouseTracking(true);
    table_->viewport()->installEventFilter(this);
    connect(table_->horizontalHeader(), &QHeaderView::sectionClicked, this, [this](int column) {
        if (column < kToPositive || column > kMined) return;
        rising_ = sortColumn_ == column && !rising_;
        sortColumn_ = column;
        refresh();
    });
    connect(table_, &QTableWidget::cellEntered, this, [this](int row, int) { point(row); });
    connect(table_, &QTableWidget::cellClicked, this, [this](int row, int column) {
        const std::int32_t sample = column <= kNegative ? sampleIn(rows_[static_cast<std::size_t>(row)], column) : -1;
        if (sample >= 0) Q_EMIT sampleActivated(sample);
    });
}

void PairLab::setDataSet(std::shared_ptr<const DataSet> dataSet) {
    if (dataSet != data_) {
        marks_ = std::make_shared<const Marks>();
        pictures_.clear();
        class_->clear();
        class_->addItem(tr("All classes"));
        if (dataSet)
            for (const std::string& name : dataSet->classNames) class_->addItem(QString::fromStdString(name));
    }
    data_ = std::move(dataSet);
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
    held_ = false;  // what was marked is to leave at once
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
    if (isVisible() && !held_) refresh();
}

void PairLab::showBank(std::shared_ptr<const BankFrame> bank) {
    bank_ = std::move(bank);
    search();
}

bool PairLab::showsHardest() const {
    return source_->currentIndex() == 1;
}

void PairLab::search() {
    if (!showsHardest() || !isVisible() || !bank_ || !marked_ || held_) return;
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
    if (!held_) refresh();
}

void PairLab::changeSource() {
    searched_.invalidate();
    sortColumn_ = -1;
    held_ = false;
    refresh();
    search();
    askForLosses();
}

void PairLab::askForLosses() {
    if (isVisible())
        Q_EMIT watchRequested(true, showsHardest() && hardest_ ? hardest_->tuples : std::vector<MinedTuple>{});
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
    rows_.clear();
    if (from && data_)
        std::ranges::copy_if(*from, std::back_inserter(rows_),
                             [this](const MinedTuple& each) { return isShown(each); });
    sortRows();
    const int before = table_->rowCount(), count = static_cast<int>(rows_.size());
    table_->setRowCount(count);
    for (int row = before; row < count; ++row) makeButtons(row);
    for (int row = 0; row < count; ++row) fillRow(row);
    table_->setVisible(count > 0);
    note_->setText(noteText());
}

void PairLab::sortRows() {
    if (sortColumn_ < 0) return;
    std::ranges::stable_sort(rows_, [this](const MinedTuple& a, const MinedTuple& b) {
        const float x = valueOf(a, sortColumn_, mined_.get()), y = valueOf(b, sortColumn_, mined_.get());
        if (std::isnan(x) || std::isnan(y)) return std::isnan(y) && !std::isnan(x);
        return rising_ ? x < y : x > y;
    });
}

QString PairLab::noteText() const {
    const QLocale locale;
    const auto counted = [&locale](std::size_t number) { return locale.toString(static_cast<qulonglong>(number)); };
    if (showsHardest()) {
        if (!hardest_) return tr("The hardest triplets appear here when labelled images are trained on.");
        return tr("The hardest %1 of %2 anchors, each among %3 tracked training images.")
            .arg(counted(rows_.size()), counted(hardest_->anchors), counted(hardest_->rows));
    }
    if (!mined_) return tr("What the miner chooses appears here with the next training step.");
    QString text = tr("Step %1: %2 of %3 that the miner chose.")
                       .arg(locale.toString(static_cast<qlonglong>(mined_->step)), counted(mined_->tuples.size()),
                            counted(mined_->chosen));
    if (!mined_->remark.empty()) text += ' ' + QString::fromStdString(mined_->remark);
    return text;
}

QString PairLab::minedText(std::int32_t sample) const {
    if (!mined_ || sample < 0 || static_cast<std::size_t>(sample) >= mined_->counts.mined.size()) return {};
    const auto number = static_cast<std::size_t>(sample);
    if (mined_->counts.drawn[number] == 0) return {};
    return tr("%1 of %2").arg(mined_->counts.mined[number]).arg(mined_->counts.drawn[number]);
}

const QPixmap& PairLab::pictureOf(std::int32_t sample) {
    if (pictures_.size() > kMostPictures) pictures_.clear();
    const auto [place, isNew] = pictures_.try_emplace(sample);
    if (isNew)
        place->second = QPixmap::fromImage(fitted(
            imageFromPixels(data_->image(static_cast<std::size_t>(sample)), data_->shape), {kPicture, kPicture}));
    return place->second;
}

void PairLab::fillPicture(int row, int column, std::int32_t sample) {
    QTableWidgetItem* item = itemAt(row, column);
    if (sample < 0) {
        item->setData(Qt::DecorationRole, {});
        item->setToolTip({});
    } else {
        item->setData(Qt::DecorationRole, pictureOf(sample));
        const QString mined = minedText(sample);
        item->setToolTip(className(*data_, sample) +
                         (mined.isEmpty() ? QString() : tr("\nmined in %1 batches").arg(mined)));
    }
}

QTableWidgetItem* PairLab::itemAt(int row, int column) {
    if (!table_->item(row, column)) table_->setItem(row, column, new QTableWidgetItem);
    return table_->item(row, column);
}

void PairLab::fillRow(int row) {
    const MinedTuple& tuple = rows_[static_cast<std::size_t>(row)];
    const ChartTheme theme = chartTheme(*this);
    for (const int column : {kAnchor, kPositive, kNegative}) fillPicture(row, column, sampleIn(tuple, column));
    for (const int column : {kToPositive, kToNegative, kViolation, kLoss, kShare}) {
        const float value = valueOf(tuple, column, nullptr);
        QTableWidgetItem* item = itemAt(row, column);
        item->setText(column == kShare ? percentText(value) : shortNumber(value));
        item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
        if (column == kViolation) item->setForeground(value > 0 ? theme.dissimilar : theme.ink);
    }
    itemAt(row, kMined)->setText(minedText(tuple.anchor));
}

void PairLab::makeButtons(int row) {
    auto* buttons = new QWidget;
    auto* layout = new QHBoxLayout(buttons);
    layout->setContentsMargins(2, 0, 2, 0);
    layout->setSpacing(1);
    const auto add = [&](const char* name, const QString& text, const QString& help, auto act) {
        auto* button = new QToolButton;
        button->setObjectName(QString("%1_%2").arg(name).arg(row));
        button->setText(text);
        button->setToolTip(help);
        button->setAutoRaise(true);
        button->setFixedWidth(kButton);
        connect(
            button, &QToolButton::clicked, this, [act, button] { act(button); }, Qt::QueuedConnection);
        layout->addWidget(button);
    };
    add("really_similar", "≈", tr("Really similar: the anchor and the image called dissimilar belong together"),
        [this, row](QWidget*) { markPair(row, MarkKind::Similar); });
    add("really_dissimilar", "≠",
        tr("Really dissimilar: the anchor and the image called similar do not belong together"),
        [this, row](QWidget*) { markPair(row, MarkKind::Dissimilar); });
    add("wrong_label", "⚑", tr("Wrong label of one of the three"),
        [this, row](QWidget* at) { chooseImage(row, MarkKind::Label, at); });
    add("ignore", "⊘", tr("Leave one of the three out of the training"),
        [this, row](QWidget* at) { chooseImage(row, MarkKind::Ignored, at); });
    table_->setCellWidget(row, kTruth, buttons);
}

void PairLab::markPair(int row, MarkKind kind) {
    if (static_cast<std::size_t>(row) >= rows_.size()) return;
    const MinedTuple& tuple = rows_[static_cast<std::size_t>(row)];
    const std::int32_t other = kind == MarkKind::Similar ? tuple.negative : tuple.positive;
    if (tuple.anchor < 0 || other < 0) return;
    Mark mark;
    mark.kind = kind;
    mark.first = {tuple.anchor};
    mark.second = {other};
    Q_EMIT markRequested(mark);
}

void PairLab::chooseImage(int row, MarkKind kind, QWidget* at) {
    if (static_cast<std::size_t>(row) >= rows_.size()) return;
    const MinedTuple tuple = rows_[static_cast<std::size_t>(row)];
    auto* menu = new QMenu(this);
    menu->setObjectName("pair_lab_menu");
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const QString names[] = {tr("the anchor"), tr("the similar one"), tr("the dissimilar one")};
    for (const int column : {kAnchor, kPositive, kNegative}) {
        const std::int32_t sample = sampleIn(tuple, column);
        if (sample < 0) continue;
        const QString text = kind == MarkKind::Label
                                 ? tr("Wrong label: %1, %2").arg(names[column], className(*data_, sample))
                                 : tr("Ignore %1, %2").arg(names[column], className(*data_, sample));
        menu->addAction(QIcon(pictureOf(sample)), text, this, [this, kind, sample] {
            Mark mark;
            mark.kind = kind;
            mark.first = {sample};
            Q_EMIT markRequested(mark);
        });
    }
    menu->popup(at->mapToGlobal(QPoint(0, at->height())));
}

void PairLab::point(int row) {
    const auto number = static_cast<std::size_t>(row);
    if (row < 0 || number >= rows_.size()) return Q_EMIT tuplePointed(-1, -1, -1);
    Q_EMIT tuplePointed(rows_[number].anchor, rows_[number].positive, rows_[number].negative);
}

bool PairLab::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::Enter || event->type() == QEvent::MouseMove) held_ = true;
    if (event->type() == QEvent::Leave) {
        held_ = false;
        point(-1);
    }
    return QWidget::eventFilter(watched, event);
}

void PairLab::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    held_ = false;
    askForLosses();
    refresh();
    search();
}

void PairLab::hideEvent(QHideEvent* event) {
    QWidget::hideEvent(event);
    Q_EMIT watchRequested(false, {});
    point(-1);
}

}  // namespace embedscope
