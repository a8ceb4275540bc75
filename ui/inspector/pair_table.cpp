#include "ui/inspector/pair_table.h"

#include "ui/charts/chart_theme.h"
#include "ui/inspector/neighbor_grid.h"
#include "ui/inspector/pixels.h"
#include "ui/inspector/truth_buttons.h"

#include <QEvent>
#include <QHeaderView>
#include <QMenu>
#include <QSignalBlocker>
#include <QStyledItemDelegate>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace embedscope {
namespace {

constexpr int kPicture = 34;                // logical pixels
constexpr std::size_t kMostPictures = 400;  // kept

constexpr std::array kPictures{TupleColumn::Anchor, TupleColumn::Positive, TupleColumn::Negative};

int at(TupleColumn column) {
    return static_cast<int>(column);
}

const QString kFalling = QStringLiteral("↓"), kRising = QStringLiteral("↑");

bool isSortable(int column) {
    return column >= 0 && column != at(TupleColumn::Truth);
}

/// A share that fits into a narrow column.
QString briefPercent(float share) {
    return std::isfinite(share) ? QString("%1 %").arg(100 * share, 0, 'f', share < 0.0995F ? 1 : 0) : "–";
}

/// A difference; 0.00 has no sign.
QString signedNumber(float value) {
    if (!std::isfinite(value)) return "–";
    const QString text = QString::number(value, 'f', 2);
    return text == "-0.00" ? QString("0.00") : text;
}

/// The number of an image stands below it, so that a row fits into a narrow panel.
class PictureCell : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

protected:
    void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override {
        QStyledItemDelegate::initStyleOption(option, index);
        option->decorationPosition = QStyleOptionViewItem::Top;
        option->displayAlignment = Qt::AlignHCenter | Qt::AlignTop;
    }
};

}  // namespace

PairTable::PairTable(QWidget* parent)
    : QTableWidget(0, kTupleColumns, parent), marks_(std::make_shared<const Marks>()) {
    setObjectName("pair_lab_table");
    setUpHeadings();
    setIconSize({kPicture, kPicture});
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setSelectionBehavior(QAbstractItemView::SelectRows);
    setSelectionMode(QAbstractItemView::SingleSelection);
    setShowGrid(false);
    setMouseTracking(true);
    viewport()->installEventFilter(this);
    connect(horizontalHeader(), &QHeaderView::sectionClicked, this, &PairTable::sortBy);
    connect(this, &QTableWidget::cellEntered, this, [this](int row, int) { point(row); });
    connect(this, &QTableWidget::itemSelectionChanged, this, &PairTable::choose);
    connect(this, &QTableWidget::cellClicked, this, [this](int row, int column) {
        const MinedTuple& tuple = rows_[static_cast<std::size_t>(row)];
        const std::int32_t sample = sampleIn(tuple, static_cast<TupleColumn>(column));
        Q_EMIT sampleActivated(sample >= 0 ? sample : tuple.anchor);
    });
}

void PairTable::setUpHeadings() {
    writeHeadings();
    const auto tip = [this](TupleColumn column, const QString& text) {
        horizontalHeaderItem(at(column))->setToolTip(text);
    };
    tip(TupleColumn::Anchor, tr("Below the anchor: 3/12 if it was mined in 3 of the 12 batches that held it"));
    tip(TupleColumn::Positive, tr("Below: p, its distance to the anchor"));
    tip(TupleColumn::Negative, tr("The dissimilar image. Below: n, its distance to the anchor"));
    tip(TupleColumn::Violation,
        tr("p less n: above 0 the dissimilar image is nearer to the anchor than the similar one."));
    tip(TupleColumn::Loss, tr("Of the row by itself. 0: the row keeps the margin of the loss already and teaches "
                              "nothing, though a miner with a larger margin of its own chose it"));
    tip(TupleColumn::GradientShare, tr("Length of the gradient of the row, by the sum of those listed"));
    verticalHeader()->hide();
    setFont(chartTheme(*this).small);
    const QFontMetrics metrics(font());
    verticalHeader()->setDefaultSectionSize(kPicture + metrics.height() + 6);
    horizontalHeader()->setFont(font());
    horizontalHeader()->setSectionsClickable(true);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setMinimumSectionSize(kPicture);
    // Not by contents: each new text would measure all rows again.
    for (const TupleColumn column : kPictures) {
        setItemDelegateForColumn(at(column), new PictureCell(this));
        setColumnWidth(at(column), metrics.horizontalAdvance(tr("Similar") + kFalling) + 14);
    }
    setColumnWidth(at(TupleColumn::Anchor), metrics.horizontalAdvance("100/100") + 10);
    setColumnWidth(at(TupleColumn::Truth), TruthButtons::kWidth);
    for (const TupleColumn column : {TupleColumn::Violation, TupleColumn::Loss, TupleColumn::GradientShare})
        horizontalHeader()->setSectionResizeMode(at(column), QHeaderView::Stretch);
}

/// The arrow stands in the text, as the style's own leaves no room for it.
void PairTable::writeHeadings() {
    QStringList texts{tr("Anchor"), tr("Similar"), tr("Dissim."), tr("In truth"), tr("p−n"), tr("Loss"), tr("Grad.")};
    if (isSortable(sortColumn_)) texts[sortColumn_] += rising_ ? kRising : kFalling;
    for (int column = 0; column < kTupleColumns; ++column) {
        if (!horizontalHeaderItem(column)) setHorizontalHeaderItem(column, new QTableWidgetItem);
        horizontalHeaderItem(column)->setText(texts[column]);
    }
}

void PairTable::setDataSet(std::shared_ptr<const DataSet> dataSet) {
    if (dataSet != data_) pictures_.clear();
    data_ = std::move(dataSet);
}

void PairTable::setRows(std::vector<MinedTuple> rows, std::shared_ptr<const MinedTuples> mined) {
    rows_ = std::move(rows);
    mined_ = std::move(mined);
    if (isSortable(sortColumn_)) sortTuples(rows_, static_cast<TupleColumn>(sortColumn_), rising_, mined_.get());
    fill();
}

void PairTable::setMarks(std::shared_ptr<const Marks> marks) {
    marks_ = std::move(marks);
    for (int row = 0; row < rowCount(); ++row) showMarksOf(row);
}

bool PairTable::isHeld() const {
    return hovered_ || menu_ || chosen_;
}

void PairTable::sortFirstBy(TupleColumn column) {
    sortColumn_ = at(column);
    rising_ = false;
    writeHeadings();
}

/// The largest first; at the second click the smallest.
void PairTable::sortBy(int column) {
    if (!isSortable(column)) return;
    rising_ = sortColumn_ == column && !rising_;
    sortColumn_ = column;
    writeHeadings();
    setRows(std::move(rows_), std::move(mined_));
}

void PairTable::fill() {
    {
        const QSignalBlocker quiet(this);  // another row comes to stand where one was chosen
        const int before = rowCount(), count = static_cast<int>(rows_.size());
        setRowCount(count);
        for (int row = before; row < count; ++row) makeButtons(row);
        for (int row = 0; row < count; ++row) fillRow(row);
        setVisible(count > 0);
        showWhatIsKnown();
    }
    selectChosen();
}

/// Of a loss that says nothing of single rows there is nothing to show.
void PairTable::showWhatIsKnown() {
    const bool known =
        rows_.empty() || std::ranges::any_of(rows_, [](const MinedTuple& tuple) { return std::isfinite(tuple.loss); });
    for (const TupleColumn column : {TupleColumn::Loss, TupleColumn::GradientShare})
        setColumnHidden(at(column), !known);
}

/// By the user.
void PairTable::choose() {
    const QModelIndexList selected = selectedIndexes();
    chosen_.reset();
    if (!selected.isEmpty()) chosen_ = rows_[static_cast<std::size_t>(selected.front().row())];
    point(-1);
    Q_EMIT chosenChanged();
    if (!chosen_ && !isHeld()) Q_EMIT released();
}

void PairTable::chooseNone() {
    setCurrentItem(nullptr);
    clearSelection();
}

/// The tuple that was chosen, where it stands now.
void PairTable::selectChosen() {
    const auto place =
        std::ranges::find_if(rows_, [this](const MinedTuple& tuple) { return chosen_ && isSame(tuple, *chosen_); });
    const int row = place == rows_.end() ? -1 : static_cast<int>(place - rows_.begin());
    const bool gone = chosen_ && row < 0;
    {
        const QSignalBlocker quiet(this);
        if (row < 0) chooseNone();
        if (row >= 0 && !selectionModel()->isRowSelected(row)) selectRow(row);
    }
    if (!gone) return;
    chosen_.reset();
    Q_EMIT tuplePointed(-1, -1, -1);
    Q_EMIT chosenChanged();
}

void PairTable::fillRow(int row) {
    for (const TupleColumn column : kPictures) fillPicture(row, column);
    for (const TupleColumn column : {TupleColumn::Violation, TupleColumn::Loss, TupleColumn::GradientShare})
        fillNumber(row, column);
    showMarksOf(row);
}

void PairTable::showMarksOf(int row) {
    const TupleMarks marks = marksOf(*marks_, rows_[static_cast<std::size_t>(row)]);
    static_cast<TruthButtons*>(cellWidget(row, at(TupleColumn::Truth)))->showMarks(marks);
    QColor ground = chartTheme(*this).similar;
    ground.setAlpha(40);
    for (int column = 0; column < kTupleColumns; ++column)
        itemAt(row, static_cast<TupleColumn>(column))->setBackground(marks.any() ? QBrush(ground) : QBrush());
}

void PairTable::fillPicture(int row, TupleColumn column) {
    const MinedTuple& tuple = rows_[static_cast<std::size_t>(row)];
    const std::int32_t sample = sampleIn(tuple, column);
    QTableWidgetItem* item = itemAt(row, column);
    item->setText(textBelow(tuple, column));
    if (sample < 0) {
        item->setData(Qt::DecorationRole, {});
        item->setToolTip({});
        return;
    }
    item->setData(Qt::DecorationRole, pictureOf(sample));
    item->setToolTip(className(*data_, sample) + minedText(sample, tr("\nmined in %1 of %2 batches")));
}

QString PairTable::textBelow(const MinedTuple& tuple, TupleColumn column) const {
    if (column == TupleColumn::Anchor) return minedText(tuple.anchor, "%1/%2");
    const float distance = valueOf(tuple, column, nullptr);
    return std::isnan(distance) ? QString() : shortNumber(distance);
}

void PairTable::fillNumber(int row, TupleColumn column) {
    const float value = valueOf(rows_[static_cast<std::size_t>(row)], column, nullptr);
    QTableWidgetItem* item = itemAt(row, column);
    item->setText(column == TupleColumn::GradientShare ? briefPercent(value)
                  : column == TupleColumn::Violation   ? signedNumber(value)
                                                       : shortNumber(value));
    item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
    const ChartTheme theme = chartTheme(*this);
    if (column == TupleColumn::Violation) item->setForeground(value > 0 ? theme.dissimilar : theme.ink);
    if (column == TupleColumn::Loss) item->setForeground(value == 0 ? theme.faint : theme.ink);
}

QTableWidgetItem* PairTable::itemAt(int row, TupleColumn column) {
    if (!item(row, at(column))) setItem(row, at(column), new QTableWidgetItem);
    return item(row, at(column));
}

void PairTable::makeButtons(int row) {
    auto* buttons = new TruthButtons(row);
    connect(buttons, &TruthButtons::pressed, this,
            [this, row](MarkKind kind, QWidget* button) { mark(row, kind, button); });
    connect(buttons, &TruthButtons::entered, this, [this, row] { point(row); });  // they cover their cell
    setCellWidget(row, at(TupleColumn::Truth), buttons);
}

void PairTable::mark(int row, MarkKind kind, QWidget* button) {
    if (static_cast<std::size_t>(row) >= rows_.size()) return;
    const MinedTuple& tuple = rows_[static_cast<std::size_t>(row)];
    if (kind == MarkKind::Label || kind == MarkKind::Ignored) return chooseImage(tuple, kind, button);
    const std::int32_t other = kind == MarkKind::Similar ? tuple.negative : tuple.positive;
    if (tuple.anchor < 0 || other < 0) return;
    Mark mark;
    mark.kind = kind;
    mark.first = {tuple.anchor};
    mark.second = {other};
    marksOf(*marks_, tuple).of(kind) ? Q_EMIT markTakenBack(mark) : Q_EMIT markRequested(mark);
}

void PairTable::chooseImage(const MinedTuple& tuple, MarkKind kind, QWidget* button) {
    auto* menu = new QMenu(this);
    menu->setObjectName("pair_lab_menu");
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu_ = menu;
    const QString names[] = {tr("the anchor"), tr("the similar one"), tr("the dissimilar one")};
    for (const TupleColumn column : kPictures) {
        const std::int32_t sample = sampleIn(tuple, column);
        if (sample < 0) continue;
        const QString text = kind == MarkKind::Label
                                 ? tr("Wrong label: %1, %2").arg(names[at(column)], className(*data_, sample))
                                 : tr("Ignore %1, %2").arg(names[at(column)], className(*data_, sample));
        menu->addAction(QIcon(pictureOf(sample)), text, this, [this, kind, sample] {
            Mark mark;
            mark.kind = kind;
            mark.first = {sample};
            Q_EMIT markRequested(mark);
        });
    }
    // Outside the rows nothing else would let them go. Later: what is chosen in the menu comes first.
    connect(
        menu, &QMenu::aboutToHide, this,
        [this] {
            menu_ = nullptr;
            if (!isHeld()) Q_EMIT released();
        },
        Qt::QueuedConnection);
    menu->popup(button->mapToGlobal(QPoint(0, button->height())));
}

QString PairTable::minedText(std::int32_t sample, const QString& pattern) const {
    if (!mined_ || sample < 0 || static_cast<std::size_t>(sample) >= mined_->counts.mined.size()) return {};
    const auto number = static_cast<std::size_t>(sample);
    if (mined_->counts.drawn[number] == 0) return {};
    return pattern.arg(mined_->counts.mined[number]).arg(mined_->counts.drawn[number]);
}

const QPixmap& PairTable::pictureOf(std::int32_t sample) {
    if (pictures_.size() > kMostPictures) pictures_.clear();
    const auto [place, isNew] = pictures_.try_emplace(sample);
    if (isNew)
        place->second = QPixmap::fromImage(fitted(
            imageFromPixels(data_->image(static_cast<std::size_t>(sample)), data_->shape), {kPicture, kPicture}));
    return place->second;
}

void PairTable::point(int row) {
    const auto number = static_cast<std::size_t>(row);
    const MinedTuple none, &tuple = row >= 0 && number < rows_.size() ? rows_[number] : chosen_ ? *chosen_ : none;
    Q_EMIT tuplePointed(tuple.anchor, tuple.positive, tuple.negative);
}

bool PairTable::eventFilter(QObject* watched, QEvent* event) {
    if (watched == viewport()) {
        if (event->type() == QEvent::Enter || event->type() == QEvent::MouseMove) hovered_ = true;
        if (event->type() == QEvent::Leave) {
            hovered_ = false;
            point(-1);
            if (!isHeld()) Q_EMIT released();
        }
    }
    return QTableWidget::eventFilter(watched, event);
}

}  // namespace embedscope
