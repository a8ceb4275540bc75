#include "ui/inspector/class_matrix.h"

#include "ui/charts/chart_theme.h"
#include "ui/charts/frame_limit.h"
#include "ui/charts/help_button.h"
#include "ui/charts/overlay_chart.h"
#include "ui/inspector/upright_header.h"
#include "ui/plural.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QTableWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace embedscope {
namespace {

enum Order { kByClass, kByImpostor, kBySpread };

/// What was not measured comes last.
double rank(double value) {
    return std::isnan(value) ? std::numeric_limits<double>::infinity() : value;
}

/// Four letters, as wide as a cell.
QString cellText(double mean) {
    if (std::isnan(mean)) return {};
    return QString::number(mean, 'f', mean < 9.995 ? 2 : mean < 99.95 ? 1 : 0);
}

QColor mixed(const QColor& a, const QColor& b, double share) {
    const auto part = [share](int from, int to) { return static_cast<int>(from + share * (to - from)); };
    return {part(a.red(), b.red()), part(a.green(), b.green()), part(a.blue(), b.blue())};
}

}  // namespace

ClassMatrix::ClassMatrix(QWidget* parent)
    : QWidget(parent), task_([this](const Measured& measured) { take(measured); }) {
    setObjectName("classMatrix");
    fillWithGround(*this);
    frames_ = std::make_unique<FrameLimit>(1, [this] {
        keep();
        measure();
    });
    build();
    fill();
}

ClassMatrix::~ClassMatrix() = default;

void ClassMatrix::build() {
    split_ = new QComboBox;
    split_->setObjectName("class_matrix_split");
    split_->addItems({tr("Held-out images"), tr("Training images")});
    order_ = new QComboBox;
    order_->setObjectName("class_matrix_order");
    order_->addItems({tr("by class"), tr("nearest impostor first"), tr("widest class first")});
    connect(split_, &QComboBox::currentIndexChanged, this, [this] { measure(); });
    connect(order_, &QComboBox::currentIndexChanged, this, [this] { fill(); });
    table_ = new QTableWidget;
    table_->setObjectName("class_distances");
    table_->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table_->setSelectionMode(QAbstractItemView::SingleSelection);
    table_->setTextElideMode(Qt::ElideNone);  // a cell is as wide as its number, without room for dots,
    table_->setWordWrap(false);               // nor for a second line
    table_->setHorizontalHeader(new UprightHeader(table_));
    table_->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    table_->verticalHeader()->setDefaultSectionSize(22);
    table_->verticalHeader()->setMaximumWidth(100);
    table_->setFont(chartTheme(*this).small);
    table_->horizontalHeader()->setMinimumSectionSize(QFontMetrics(table_->font()).horizontalAdvance("0.00") + 6);
    connect(table_, &QTableWidget::cellClicked, this, &ClassMatrix::describe);
    note_ = new QLabel;
    note_->setObjectName("class_matrix_note");
    note_->setWordWrap(true);
    auto* head = new QHBoxLayout;
    head->addWidget(split_);
    head->addWidget(order_);
    head->addStretch(1);
    head->addWidget(makeHelpButton(
        "classMatrixHelp",
        tr("Mean Euclidean distance between the images of two classes; on the diagonal within a class, its spread. "
           "Near classes are strongly coloured. A class is well apart if its own cell is far stronger than all others "
           "of its line. Click a cell to read it and to select the images of its classes in the picture, held-out or "
           "training ones as chosen here. Measured at the ends of epochs, as embeddings of different steps seem "
           "farther apart than they are. When labels change, past epochs are measured anew with them; of a long run "
           "as many as 24 MB of embeddings hold."),
        this));
    chart_ = new OverlayChart("classChart", tr("Mean distance"),
                              tr("Mean Euclidean distance between the two classes of the cell that was clicked, and "
                                 "within each of them, at the ends of epochs."),
                              false);
    chart_->hide();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(6, 6, 6, 4);
    column->setSpacing(4);
    column->addLayout(head);
    column->addWidget(table_, 3);
    column->addWidget(note_);
    column->addWidget(chart_, 2);
}

void ClassMatrix::setDataSet(std::shared_ptr<const DataSet> dataSet) {
    data_ = std::move(dataSet);
    bank_.reset();
    kept_.clear();
    distances_ = {};
    described_.reset();
    for (auto& moments : moments_) moments.clear();
    fill();
}

void ClassMatrix::setLabels(std::shared_ptr<const DataSet> relabelled) {
    data_ = std::move(relabelled);
    for (auto& moments : moments_) moments.clear();
    measure();
}

void ClassMatrix::showBank(std::shared_ptr<const BankFrame> bank) {
    if (!bank || bank == bank_ || !bank->exact) return;
    bank_ = std::move(bank);
    frames_->request();
}

/// A run that went back takes what came after with it.
void ClassMatrix::keep() {
    if (!bank_ || !data_ || data_->classNames.empty()) return;
    auto kept = std::make_shared<Kept>(Kept{bank_->step, bank_->dimension, {}, {}});
    const std::size_t most = std::min(bank_->count(), 2 * kMostRows);
    kept->samples.reserve(most);
    kept->rows.reserve(most * static_cast<std::size_t>(bank_->dimension));
    std::array<std::size_t, 2> counts{};
    for (const bool labelled : {true, false})  // the others may get a label by hand
        for (std::size_t row = 0; row < bank_->count(); ++row) {
            const std::int32_t number = (*bank_->samples)[row];
            const Sample& sample = data_->samples[static_cast<std::size_t>(number)];
            if ((sample.label != kUnlabelled) != labelled) continue;
            if (counts[sample.split == Split::Train]++ >= kMostRows) continue;
            const auto numbers = bank_->row(row);
            kept->samples.push_back(number);
            kept->rows.insert(kept->rows.end(), numbers.begin(), numbers.end());
        }
    while (!kept_.empty() && kept_.back()->step >= kept->step) kept_.pop_back();
    for (auto& moments : moments_)
        while (!moments.empty() && moments.back().step >= kept->step) moments.pop_back();
    kept_.push_back(std::move(kept));
    thinKept();
}

/// Every second one goes, but neither the first nor the newest.
void ClassMatrix::thinKept() {
    const auto numbers = [this] {
        return std::accumulate(kept_.begin(), kept_.end(), std::size_t{0},
                               [](std::size_t sum, const auto& each) { return sum + each->rows.size(); });
    };
    while (kept_.size() > 2 && (numbers() > kMostKeptNumbers || kept_.size() > kMostMoments)) {
        std::vector<std::shared_ptr<const Kept>> left;
        for (std::size_t i = 0; i < kept_.size(); ++i)
            if (i % 2 == 0 || i + 1 == kept_.size()) left.push_back(kept_[i]);
        kept_ = std::move(left);
    }
}

/// The newest epoch that was not measured with these labels and this split; null: all were.
std::shared_ptr<const ClassMatrix::Kept> ClassMatrix::unmeasured() const {
    const auto& moments = moments_[static_cast<std::size_t>(split())];
    for (auto kept = kept_.rbegin(); kept != kept_.rend(); ++kept)
        if (!std::ranges::binary_search(moments, (*kept)->step, {}, &Moment::step)) return *kept;
    return nullptr;
}

void ClassMatrix::measure() {
    const std::shared_ptr<const Kept> kept = unmeasured();
    if (!kept || !data_) return;
    task_.start([data = data_, kept, split = split()] {
        std::vector<float> rows;
        std::vector<std::int32_t> labels;
        const auto width = static_cast<std::size_t>(kept->dimension);
        for (std::size_t row = 0; row < kept->samples.size(); ++row) {
            const Sample& sample = data->samples[static_cast<std::size_t>(kept->samples[row])];
            if (sample.split != split || sample.label == kUnlabelled) continue;
            const auto numbers = std::span(kept->rows).subspan(row * width, width);
            rows.insert(rows.end(), numbers.begin(), numbers.end());
            labels.push_back(sample.label);
        }
        return Measured{data, split, kept, classDistances(rows, kept->dimension, labels)};
    });
}

void ClassMatrix::take(const Measured& measured) {
    if (measured.data == data_ && measured.distances && std::ranges::find(kept_, measured.kept) != kept_.end()) {
        remember(measured);
        if (measured.split == split() && measured.kept == kept_.back()) {
            distances_ = *measured.distances;
            step_ = measured.kept->step;
            fill();
        } else {
            drawCurves();
        }
    }
    measure();  // what is still to be measured
}

/// Where a class stands among those measured.
std::optional<std::size_t> ClassMatrix::numberOf(std::int32_t label) const {
    const auto found = std::ranges::find(distances_.classes, label, &ClassNeighborhood::label);
    if (found == distances_.classes.end()) return std::nullopt;
    return static_cast<std::size_t>(found - distances_.classes.begin());
}

Split ClassMatrix::split() const {
    return split_->currentIndex() == 0 ? Split::HoldOut : Split::Train;
}

void ClassMatrix::remember(const Measured& measured) {
    std::vector<Moment>& moments = moments_[static_cast<std::size_t>(measured.split)];
    Moment moment{measured.kept->step, {}, {}};
    for (const ClassNeighborhood& each : measured.distances->classes) moment.labels.push_back(each.label);
    // As in the table: no more are told apart.
    if (moment.labels.size() > kMostClasses)
        moment.labels.clear();
    else
        for (const ClassDistance& each : measured.distances->matrix)
            moment.means.push_back(static_cast<float>(each.mean));
    const auto place = std::ranges::lower_bound(moments, moment.step, {}, &Moment::step);
    if (place != moments.end() && place->step == moment.step) return;
    moments.insert(place, std::move(moment));
    if (moments.size() <= 2 * kMostMoments) return;
    std::erase_if(moments, [this, number = 0](const Moment& each) mutable {
        const bool kept = std::ranges::binary_search(kept_, each.step, {}, [](const auto& one) { return one->step; });
        return number++ % 2 == 0 && !kept;
    });
}

std::vector<QPointF> ClassMatrix::curveOf(std::int32_t a, std::int32_t b) const {
    std::vector<QPointF> curve;
    for (const Moment& moment : moments_[static_cast<std::size_t>(split())]) {
        const auto first = std::ranges::find(moment.labels, a), second = std::ranges::find(moment.labels, b);
        if (first == moment.labels.end() || second == moment.labels.end()) continue;
        const auto place = static_cast<std::size_t>(first - moment.labels.begin()) * moment.labels.size() +
                           static_cast<std::size_t>(second - moment.labels.begin());
        if (!std::isnan(moment.means[place])) curve.emplace_back(static_cast<double>(moment.step), moment.means[place]);
    }
    return curve;
}

void ClassMatrix::drawCurves() {
    const bool any = described_ && numberOf(described_->first) && numberOf(described_->second);
    chart_->setVisible(any);
    if (!any) return;
    const ChartTheme theme = chartTheme(*this);
    const auto [a, b] = *described_;
    const auto name = [this](std::int32_t label) {
        return QString::fromStdString(data_->classNames[static_cast<std::size_t>(label)]);
    };
    std::vector<OverlayLine> lines{{tr("within %1").arg(name(a)), theme.similar, curveOf(a, a)}};
    if (a != b) {
        lines.push_back({tr("within %1").arg(name(b)), theme.first, curveOf(b, b)});
        lines.push_back({tr("%1 – %2").arg(name(a), name(b)), theme.dissimilar, curveOf(a, b)});
    }
    chart_->setLines(std::move(lines), tr("training step"));
}

std::vector<std::size_t> ClassMatrix::order() const {
    const auto& classes = distances_.classes;
    std::vector<std::size_t> numbers(classes.size());
    std::iota(numbers.begin(), numbers.end(), 0);
    if (order_->currentIndex() == kByImpostor)
        std::ranges::stable_sort(numbers, {}, [&](std::size_t each) { return rank(classes[each].impostorDistance); });
    if (order_->currentIndex() == kBySpread)
        std::ranges::stable_sort(numbers, {}, [&](std::size_t each) { return rank(-classes[each].spread); });
    if (numbers.size() > kMostClasses) numbers.resize(kMostClasses);
    return numbers;
}

QString ClassMatrix::nameOf(std::size_t number) const {
    return QString::fromStdString(data_->classNames[static_cast<std::size_t>(distances_.classes[number].label)]);
}

void ClassMatrix::fill() {
    shown_ = order();
    const auto count = static_cast<int>(shown_.size());
    table_->setVisible(count > 0);
    table_->setRowCount(count);
    table_->setColumnCount(count);
    QStringList names;
    for (const std::size_t number : shown_) names << nameOf(number);
    table_->setHorizontalHeaderLabels(names);
    table_->setVerticalHeaderLabels(names);
    for (int i = 0; i < count; ++i)  // there may be no room for the whole name
        for (QTableWidgetItem* heading : {table_->horizontalHeaderItem(i), table_->verticalHeaderItem(i)})
            heading->setToolTip(names[i]);
    double most = 0;
    for (const ClassDistance& each : distances_.matrix) most = std::fmax(most, each.mean);
    for (int row = 0; row < count; ++row)
        for (int column = 0; column < count; ++column) fillCell(row, column, most);
    selectDescribed();
    note_->setText(noteText());
    drawCurves();
}

/// The cell that was clicked, wherever its classes stand now; the table does not scroll away from what is read.
void ClassMatrix::selectDescribed() {
    if (!described_) return;
    const auto place = [this](std::int32_t label) {
        const auto is = [&](std::size_t number) { return distances_.classes[number].label == label; };
        return static_cast<int>(std::ranges::find_if(shown_, is) - shown_.begin());
    };
    const int row = place(described_->first), column = place(described_->second);
    if (row == table_->currentRow() && column == table_->currentColumn()) return;
    if (row >= table_->rowCount() || column >= table_->columnCount()) return table_->setCurrentItem(nullptr);
    table_->setAutoScroll(false);
    table_->setCurrentCell(row, column);
    table_->setAutoScroll(true);  // keys scroll
}

QString ClassMatrix::noteText() const {
    if (distances_.classes.empty())
        return tr("The distances between classes of labelled images appear here at the end of the first epoch.");
    const auto a = described_ ? numberOf(described_->first) : std::nullopt;
    const auto b = described_ ? numberOf(described_->second) : std::nullopt;
    if (a && b) return textOf(*a, *b);
    return tr("Measured on %1 at step %2. Click a cell.")
        .arg(amount(distances_.rows, tr("image"), tr("images")), QLocale().toString(static_cast<qlonglong>(step_)));
}

void ClassMatrix::fillCell(int row, int column, double most) {
    const ClassDistance& each =
        distances_.between(shown_[static_cast<std::size_t>(row)], shown_[static_cast<std::size_t>(column)]);
    const ChartTheme theme = chartTheme(*this);
    const double far = std::isnan(each.mean) || most <= 0 ? 1 : each.mean / most;
    const QColor ground =
        mixed(row == column ? theme.similar : theme.dissimilar, theme.ground, std::clamp(far, 0.0, 1.0));
    auto* item = new QTableWidgetItem(cellText(each.mean));
    item->setTextAlignment(Qt::AlignCenter);
    item->setBackground(ground);
    item->setForeground(ground.lightnessF() > 0.5 ? QColor(Qt::black) : QColor(Qt::white));
    table_->setItem(row, column, item);
}

/// What is known of two classes, with the newest numbers.
QString ClassMatrix::textOf(std::size_t a, std::size_t b) const {
    const ClassDistance& pairs = distances_.between(a, b);
    const ClassNeighborhood& first = distances_.classes[a];
    QString text = tr("<b>%1 – %2</b>: %3 ± %4 (standard error) over %5.")
                       .arg(nameOf(a).toHtmlEscaped(), nameOf(b).toHtmlEscaped(), shortNumber(pairs.mean),
                            shortNumber(pairs.standardError), amount(pairs.pairs, tr("pair"), tr("pairs")));
    if (first.impostor >= 0)
        text +=
            tr(" %1: spread %2; nearest impostor %3 at %4.")
                .arg(
                    nameOf(a).toHtmlEscaped(), shortNumber(first.spread),
                    QString::fromStdString(data_->classNames[static_cast<std::size_t>(first.impostor)]).toHtmlEscaped(),
                    shortNumber(first.impostorDistance));
    return text;
}

void ClassMatrix::describe(int row, int column) {
    const ClassNeighborhood& first = distances_.classes[shown_[static_cast<std::size_t>(row)]];
    const ClassNeighborhood& second = distances_.classes[shown_[static_cast<std::size_t>(column)]];
    described_ = {first.label, second.label};
    note_->setText(noteText());
    drawCurves();
    std::vector<int> samples;
    for (std::size_t i = 0; i < data_->size(); ++i) {
        const Sample& sample = data_->samples[i];
        if (sample.split == split() && (sample.label == first.label || sample.label == second.label))
            samples.push_back(static_cast<int>(i));
    }
    Q_EMIT samplesRequested(samples);
}

void ClassMatrix::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    measure();
}

}  // namespace embedscope
