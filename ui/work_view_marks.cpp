// What a person does to the run on its page: marks, the margin.
#include "engine/margin_place.h"
#include "ui/charts/distance_panel.h"
#include "ui/health_panel.h"
#include "ui/inspector/newest_task.h"
#include "ui/inspector/pair_lab.h"
#include "ui/mark_actions.h"
#include "ui/mark_book.h"
#include "ui/marks_panel.h"
#include "ui/scatter/embedding_view.h"
#include "ui/scatter/mark_links.h"
#include "ui/tab_grid.h"
#include "ui/work_view.h"

#include <utility>

namespace embedscope {
namespace {

constexpr std::size_t kPairsEach = 5000;  // of a split

std::shared_ptr<const DistanceStatistics> statisticsOf(const BankFrame& bank, const DataSet& data, Split split,
                                                       bool normalized, std::uint64_t seed) {
    std::vector<std::int32_t> labels;
    for (const std::int32_t sample : *bank.samples) {
        const Sample& each = data.samples[static_cast<std::size_t>(sample)];
        labels.push_back(each.split == split ? each.label : kUnlabelled);
    }
    const PairSample pairs = samplePairs(labels, kPairsEach, seed);
    return std::make_shared<const DistanceStatistics>(
        distanceStatistics(bank.embeddings, bank.dimension, pairs, normalized));
}

}  // namespace

void WorkView::addMarks(MarkBook& book, MarkActions& actions, const std::shared_ptr<MarkLinks>& links) {
    book_ = &book;
    connectLabels();
    marks_ = new MarksPanel(book, actions);
    course_->insertTab(course_->indexOf(health_), marks_, tr("Marks"));
    course_->keepRoomFor(course_->indexOf(marks_), tr("Marks (%1)").arg(99));
    view_->addOverlay(links);
    actions.addTo(*view_);
    connect(&actions, &MarkActions::listRequested, this, [this] { course_->setCurrentWidget(marks_); });
    connect(&actions, &MarkActions::pairsRequested, this, [this] { course_->setCurrentWidget(pairs_); });
    connect(marks_, &MarksPanel::samplesRequested, view_, &EmbeddingView::setSelection);
    connect(pairs_, &PairLab::sampleActivated, this, &WorkView::selectSample);
    connect(pairs_, &PairLab::markRequested, &book, &MarkBook::add);
    connect(pairs_, &PairLab::markRemovalRequested, &book, &MarkBook::remove);
    connect(pairs_, &PairLab::told, this, &WorkView::told);
    connect(view_, &EmbeddingView::sampleClicked, this, [this](int sample) {
        if (sample < 0) pairs_->chooseNone();
    });
    connect(pairs_, &PairLab::tuplePointed, this, [this, links](int anchor, int positive, int negative) {
        links->point(anchor, positive, negative);
        view_->refresh();
    });
    connect(&book, &MarkBook::changed, this, [this, &book, links] {
        links->show(*book.marks());
        pairs_->setMarks(book.marks());
        view_->refresh();
        const auto count = static_cast<int>(book.marks()->list.size());
        course_->setTabText(course_->indexOf(marks_), count > 0 ? tr("Marks (%1)").arg(count) : tr("Marks"));
    });
}

void WorkView::showMarksTaken(std::shared_ptr<const Marks> taken) {
    if (taken && snapshot_)
        events_.push_back({snapshot_->step, tr("Marks by hand, %1 in all").arg(taken->list.size())});
    marks_->showTaken(std::move(taken));
    showEvents();
}

void WorkView::connectDistances() {
    distances_->setViewsOffered(true);
    connect(distances_, &DistancePanel::marginDragged, this, &WorkView::moveMargin);
    splitTask_ = std::make_unique<NewestTask<SplitDistances>>(
        [this](const SplitDistances& splits) { distances_->showSplits(splits); });
}

/// Of an exact bank: pairs of rows of different steps seem farther apart than they are.
void WorkView::measureSplits() {
    if (!bank_ || !bank_->exact || !dataSet_ || !snapshot_) return;
    splitTask_->start([bank = bank_, data = dataSet_, normalized = snapshot_->settings.normalizeEmbeddings,
                       seed = snapshot_->settings.seed] {
        return SplitDistances{bank->step, statisticsOf(*bank, *data, Split::Train, normalized, seed),
                              statisticsOf(*bank, *data, Split::HoldOut, normalized, seed)};
    });
}

double WorkView::similarMeanSquare() const {
    if (!snapshot_ || !snapshot_->distances) return 0;
    const DistanceDistribution& similar = snapshot_->distances->similar;
    return similar.mean * similar.mean + similar.deviation * similar.deviation;
}

void WorkView::moveMargin(double distance) {
    if (!snapshot_) return;
    const std::optional<double> margin = marginAt(snapshot_->settings.loss, distance, similarMeanSquare());
    if (!margin) return;
    cured_ = snapshot_;  // the controls are to show it
    Q_EMIT marginRequested(*margin);
}

void WorkView::offerMargin() {
    if (marginLoss_ != snapshot_->settings.loss) {
        marginLoss_ = snapshot_->settings.loss;
        hasMargin_ = marginAt(marginLoss_, 1, similarMeanSquare()).has_value();
    }
    distances_->setMarginDraggable(hasMargin_ && !snapshot_->ended() && !readOnly_);
}

}  // namespace embedscope
