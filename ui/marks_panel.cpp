#include "ui/marks_panel.h"

#include "ui/charts/chart_theme.h"
#include "ui/charts/frame_limit.h"
#include "ui/flow_layout.h"
#include "ui/inspector/pixels.h"
#include "ui/mark_actions.h"
#include "ui/mark_book.h"
#include "ui/plural.h"
#include "ui/scatter/mark_links.h"

#include <QAction>
#include <QDoubleSpinBox>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QPainter>
#include <QPixmap>
#include <QTableWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace embedscope {
namespace {

enum Column { kKind, kImages, kDistance, kWeight, kRemove, kColumns };

constexpr int kPicture = 28, kGap = 2, kBetween = 12;
constexpr std::size_t kMostPictures = 4;        // of a side
constexpr std::size_t kMostMeasuredPairs = 60;  // of a mark

QString kindText(const Mark& mark, const DataSet& data) {
    const std::string_view label = entryOf(mark.kind).label;
    const QString kind = QString::fromUtf8(label.data(), static_cast<qsizetype>(label.size()));
    if (mark.kind != MarkKind::Label) return kind;
    if (mark.label < 0) return MarksPanel::tr("Wrong label");
    return MarksPanel::tr("Label: %1")
        .arg(QString::fromStdString(data.classNames[static_cast<std::size_t>(mark.label)]));
}

/// The first pictures of both sides.
QPixmap stripOf(const Mark& mark, const DataSet& data) {
    const auto shown = [](const auto& side) { return static_cast<int>(std::min(side.size(), kMostPictures)); };
    const int first = shown(mark.first), second = shown(mark.second);
    const int width = (first + second) * (kPicture + kGap) + (second > 0 ? kBetween : 0);
    QPixmap strip(std::max(1, width), kPicture);
    strip.fill(Qt::transparent);
    QPainter painter(&strip);
    int x = 0;
    const auto draw = [&](std::int32_t sample) {
        const auto number = static_cast<std::size_t>(sample);
        painter.drawImage(x, 0, fitted(imageFromPixels(data.image(number), data.shape), {kPicture, kPicture}));
        x += kPicture + kGap;
    };
    for (int i = 0; i < first; ++i) draw(mark.first[static_cast<std::size_t>(i)]);
    x += kBetween;
    for (int i = 0; i < second; ++i) draw(mark.second[static_cast<std::size_t>(i)]);
    return strip;
}

QString countText(const Mark& mark) {
    const auto images = [](const std::vector<std::int32_t>& side) {
        return amount(side.size(), MarksPanel::tr("image"), MarksPanel::tr("images"));
    };
    if (!mark.isPair()) return images(mark.first);
    const QString sides = mark.second.empty()
                              ? MarksPanel::tr("%1 with each other").arg(images(mark.first))
                              : MarksPanel::tr("%1 and %2").arg(images(mark.first), images(mark.second));
    return sides + ": " + amount(mark.pairs(), MarksPanel::tr("pair"), MarksPanel::tr("pairs"));
}

QTableWidgetItem* textItem(const QString& text) {
    auto* item = new QTableWidgetItem(text);
    item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable);
    return item;
}

}  // namespace

MarksPanel::MarksPanel(MarkBook& book, MarkActions& actions, QWidget* parent)
    : QWidget(parent), book_(book), actions_(actions) {
    setObjectName("marksPanel");
    fillWithGround(*this);
    frames_ = std::make_unique<FrameLimit>(4, [this] { fillDistances(); });
    note_ = new QLabel;
    note_->setObjectName("marks_note");
    note_->setWordWrap(true);
    makeTable();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(6, 6, 6, 4);
    column->setSpacing(4);
    column->addWidget(
        makeButtons({"mark_first", "mark_similar", "mark_dissimilar", "mark_wrong", "mark_label", "mark_ignored"}));
    column->addWidget(note_);
    column->addWidget(table_, 1);
    column->addWidget(makeButtons({"mark_undo", "mark_redo", "marks_export", "marks_import"}));
    connect(&book_, &MarkBook::changed, this, [this] {
        stale_ = true;
        if (isVisible()) fill();
    });
    connect(&actions_, &MarkActions::firstSideChanged, this, &MarksPanel::showNote);
    fill();
}

MarksPanel::~MarksPanel() = default;

QWidget* MarksPanel::makeButtons(const std::vector<const char*>& names) {
    auto* row = new QWidget;
    auto* layout = new FlowLayout(row, 4, 4);
    int place = 0;
    for (const char* name : names) {
        auto* button = new QToolButton;
        button->setDefaultAction(actions_.action(name));
        button->setPopupMode(QToolButton::InstantPopup);
        button->setProperty("menu", button->defaultAction()->menu() != nullptr);
        button->setObjectName(QString("button_%1").arg(name));
        layout->insertWidget(place++, button);
    }
    return row;
}

void MarksPanel::makeTable() {
    table_ = new QTableWidget(0, kColumns);
    table_->setObjectName("marks_table");
    table_->setHorizontalHeaderLabels({tr("Mark"), tr("Images"), tr("Distance"), tr("Weight"), QString()});
    table_->verticalHeader()->hide();
    table_->verticalHeader()->setDefaultSectionSize(kPicture + 8);
    // Not by contents: each new distance would measure all rows again.
    table_->horizontalHeader()->setSectionResizeMode(kImages, QHeaderView::Stretch);
    const auto wide = [this](const QString& text) { return fontMetrics().horizontalAdvance(text) + 16; };
    table_->setColumnWidth(kKind, wide(tr("Wrong label")));
    table_->setColumnWidth(kDistance, wide(tr("Distance")));
    table_->setColumnWidth(kWeight, wide("100.00") + 24);
    table_->setColumnWidth(kRemove, 28);
    table_->setSelectionBehavior(QAbstractItemView::SelectRows);
    table_->setSelectionMode(QAbstractItemView::SingleSelection);
    table_->setShowGrid(false);
    table_->setIconSize({2 * static_cast<int>(kMostPictures) * (kPicture + kGap) + kBetween, kPicture});
    connect(table_, &QTableWidget::cellClicked, this, [this](int row, int) {
        const Mark& mark = book_.marks()->list[numberOf(row)];
        std::vector<int> samples(mark.first.begin(), mark.first.end());
        samples.insert(samples.end(), mark.second.begin(), mark.second.end());
        std::ranges::sort(samples);
        samples.erase(std::ranges::unique(samples).begin(), samples.end());
        Q_EMIT samplesRequested(samples);
    });
}

std::size_t MarksPanel::numberOf(int row) const {
    return book_.marks()->list.size() - 1 - static_cast<std::size_t>(row);
}

void MarksPanel::fill() {
    stale_ = false;
    table_->setRowCount(0);
    table_->setRowCount(static_cast<int>(std::min(book_.marks()->list.size(), kMostRows)));
    for (int row = 0; row < table_->rowCount(); ++row) fillRow(row);
    fillDistances();
    showNote();
}

void MarksPanel::fillRow(int row) {
    const std::size_t number = numberOf(row);
    const Mark& mark = book_.marks()->list[number];
    table_->setItem(row, kKind, textItem(kindText(mark, *book_.data())));
    auto* images = textItem({});
    images->setData(Qt::DecorationRole, stripOf(mark, *book_.data()));
    images->setToolTip(countText(mark));
    table_->setItem(row, kImages, images);
    auto* distance = textItem({});
    distance->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
    table_->setItem(row, kDistance, distance);
    if (mark.isPair()) {
        auto* weight = new QDoubleSpinBox;
        weight->setObjectName(QString("mark_weight_%1").arg(number));
        weight->setRange(0, 100);
        weight->setDecimals(2);
        weight->setSingleStep(0.5);
        weight->setValue(mark.weight);
        weight->setKeyboardTracking(false);
        weight->setFrame(false);
        weight->setToolTip(tr("How much these pairs count beside the loss of the run; 0: not at all"));
        connect(
            weight, &QDoubleSpinBox::valueChanged, this,
            [this, number](double value) { book_.setWeight(number, value); }, Qt::QueuedConnection);
        table_->setCellWidget(row, kWeight, weight);
    }
    auto* remove = new QToolButton;
    remove->setObjectName(QString("mark_remove_%1").arg(number));
    remove->setText("×");
    remove->setAutoRaise(true);
    remove->setToolTip(tr("Take this mark back"));
    connect(
        remove, &QToolButton::clicked, this, [this, number] { book_.remove(number); }, Qt::QueuedConnection);
    table_->setCellWidget(row, kRemove, remove);
}

void MarksPanel::showBank(std::shared_ptr<const BankFrame> bank) {
    bank_ = std::move(bank);
    if (isVisible()) frames_->request();
}

void MarksPanel::showTaken(std::shared_ptr<const Marks> taken) {
    taken_ = std::move(taken);
    showNote();
}

double MarksPanel::meanDistance(const Mark& mark) const {
    double sum = 0;
    std::size_t pairs = 0;
    for (const auto& [a, b] : linksOf(mark, kMostMeasuredPairs)) {
        const std::int32_t first = rowOfSample_[static_cast<std::size_t>(a)];
        const std::int32_t second = rowOfSample_[static_cast<std::size_t>(b)];
        if (first < 0 || second < 0) continue;
        const auto x = bank_->row(static_cast<std::size_t>(first)), y = bank_->row(static_cast<std::size_t>(second));
        double squares = 0;
        for (std::size_t k = 0; k < x.size(); ++k) squares += (x[k] - y[k]) * (x[k] - y[k]);
        sum += std::sqrt(squares);
        ++pairs;
    }
    return pairs > 0 ? sum / static_cast<double>(pairs) : std::nan("");
}

void MarksPanel::fillDistances() {
    if (!bank_ || !book_.data() || stale_) return;
    if (tracked_ != bank_->samples || rowOfSample_.size() != book_.data()->size()) {
        tracked_ = bank_->samples;
        rowOfSample_.assign(book_.data()->size(), -1);
        for (std::size_t row = 0; row < tracked_->size(); ++row)
            rowOfSample_.at(static_cast<std::size_t>((*tracked_)[row])) = static_cast<std::int32_t>(row);
    }
    for (int row = 0; row < table_->rowCount(); ++row) {
        const Mark& mark = book_.marks()->list[numberOf(row)];
        if (mark.isPair()) table_->item(row, kDistance)->setText(shortNumber(meanDistance(mark)));
    }
}

void MarksPanel::showNote() {
    const std::size_t first = actions_.firstSide().size(), count = book_.marks()->list.size();
    if (first > 0) {
        note_->setText(tr("<b>First side: %1.</b> Select the second side, then <b>Similar</b> or "
                          "<b>Dissimilar</b>.")
                           .arg(amount(first, tr("image"), tr("images"))));
    } else if (count == 0) {
        note_->setText(
            tr("Say what you see better than the labels: select points (lasso, Ctrl+click), keep them as "
               "the <b>first side</b>, select others, and mark them as <b>similar</b> or <b>dissimilar</b>. "
               "Marks enter the very next batch as pairs of their own, with labels or without."));
    } else if (taken_ && *taken_ != *book_.marks()) {
        note_->setText(
            tr("The run does not train with these marks yet: it takes them at its next batch, or the status "
               "line says why not."));
    } else {
        note_->setText(
            (taken_ ? tr("The run trains with %1. Click one to select its images.") : tr("For the next run: %1."))
                .arg(amount(count, tr("mark"), tr("marks"))));
    }
}

void MarksPanel::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    if (stale_) fill();
    fillDistances();
}

}  // namespace embedscope
