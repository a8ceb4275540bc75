#include "ui/compare/comparison_controller.h"

#include <algorithm>
#include <exception>

namespace embedscope {

ComparisonController::ComparisonController(RunFactory factory, QObject* parent)
    : QObject(parent), factory_(std::move(factory)) {}

/// All are told to stop before the first is waited for.
ComparisonController::~ComparisonController() {
    stop();
}

std::unique_ptr<RunController> ComparisonController::makeRun() {
    auto made = std::make_unique<RunController>(factory_);
    RunController* run = made.get();
    run->setMapMethod(mapMethod_);
    run->setAxesFrozen(frozen_);
    connect(run, &RunController::snapshotArrived, this,
            [this, run](const auto& snapshot) { Q_EMIT snapshotArrived(indexOf(run), snapshot); });
    connect(run, &RunController::layoutArrived, this,
            [this, run](const auto& layout) { Q_EMIT layoutArrived(indexOf(run), layout); });
    connect(run, &RunController::phaseChanged, this, &ComparisonController::phaseChanged);
    connect(run, &RunController::failed, this, [this, run](const QString& sentence) {
        Q_EMIT failed(tr("“%1”: %2").arg(QString::fromStdString(comparison_.runs[indexOf(run)].name), sentence));
    });
    return made;
}

std::size_t ComparisonController::indexOf(const RunController* run) const {
    return static_cast<std::size_t>(std::ranges::find_if(runs_, [run](const auto& own) { return own.get() == run; }) -
                                    runs_.begin());
}

/// Runs with the same hold-out share one data set.
std::shared_ptr<const DataSet> ComparisonController::dataFor(const Experiment& experiment) {
    for (const auto& run : runs_)
        if (run->data() && run->data()->pixels == images_->pixels && run->experiment().data == experiment.data &&
            run->experiment().seed == experiment.seed)
            return run->data();
    return withHoldOut(*images_, experiment.data, experiment.seed);
}

bool ComparisonController::works(const Comparison& comparison) try {
    std::vector<std::string> wrong = problems(comparison);
    for (const ComparedRun& run : comparison.runs)
        if (wrong.empty())
            wrong = problems(*withHoldOut(*images_, run.experiment.data, run.experiment.seed), run.experiment);
    if (wrong.empty() && comparison.runs.size() > kMostPanes)
        wrong.push_back("The window shows at most " + std::to_string(kMostPanes) +
                        " runs side by side; remove one, or compare them without a window: embedscope compare.");
    if (!wrong.empty()) Q_EMIT failed(QString::fromStdString(wrong.front()));
    return wrong.empty();
} catch (const std::exception& problem) {
    Q_EMIT failed(QString::fromUtf8(problem.what()));
    return false;
}

void ComparisonController::start(Comparison comparison, std::shared_ptr<const DataSet> images) {
    const std::shared_ptr<const DataSet> before = std::exchange(images_, std::move(images));
    if (!works(comparison)) {
        images_ = before;
        return;
    }
    stop();
    comparison_ = std::move(comparison);
    while (runs_.size() > comparison_.runs.size()) runs_.pop_back();
    while (runs_.size() < comparison_.runs.size()) runs_.push_back(makeRun());
    twins_ = makeTwins(runs_.size(), comparison_.pace);
    Q_EMIT runsChanged();
    for (std::size_t run = 0; run < runs_.size(); ++run) startRun(run);
}

void ComparisonController::restart() {
    if (images_) start(comparison_, images_);
}

void ComparisonController::startRun(std::size_t run) {
    const Experiment& experiment = comparison_.runs[run].experiment;
    runs_[run]->start(experiment, dataFor(experiment), {}, {twins_, run});
}

void ComparisonController::add(ComparedRun run) {
    Comparison larger = comparison_;
    larger.runs.push_back(std::move(run));
    if (!works(larger)) return;
    comparison_ = std::move(larger);
    runs_.push_back(makeRun());
    Q_EMIT runsChanged();
    startRun(runs_.size() - 1);
}

void ComparisonController::change(std::size_t run, ComparedRun changed) {
    Comparison other = comparison_;
    other.runs[run] = std::move(changed);
    if (!works(other)) return;
    comparison_ = std::move(other);
    Q_EMIT runsChanged();
    startRun(run);
}

bool ComparisonController::canRemove(std::size_t run) const {
    return runs_.size() > 2 && std::ranges::none_of(comparison_.runs, [run](const ComparedRun& other) {
               return other.fork && other.fork->parent == run;
           });
}

void ComparisonController::remove(std::size_t run) {
    if (!canRemove(run)) return;
    comparison_.runs.erase(comparison_.runs.begin() + static_cast<std::ptrdiff_t>(run));
    for (ComparedRun& other : comparison_.runs)
        if (other.fork && other.fork->parent > run) --other.fork->parent;
    runs_.erase(runs_.begin() + static_cast<std::ptrdiff_t>(run));
    Q_EMIT runsChanged();
    Q_EMIT phaseChanged();
}

void ComparisonController::setPaused(bool paused) {
    for (const auto& run : runs_) run->setPaused(paused);
}
void ComparisonController::setPaused(std::size_t run, bool paused) {
    runs_[run]->setPaused(paused);
}
void ComparisonController::stepOnce() {
    for (const auto& run : runs_) run->stepOnce();
}
void ComparisonController::stop() {
    for (const auto& run : runs_) run->stop();
}

void ComparisonController::setMapMethod(const Choice& method) {
    mapMethod_ = method;
    for (const auto& run : runs_) run->setMapMethod(method);
}
void ComparisonController::setAxesFrozen(bool frozen) {
    frozen_ = frozen;
    for (const auto& run : runs_) run->setAxesFrozen(frozen);
}
void ComparisonController::startMapOver() {
    for (const auto& run : runs_) run->startMapOver();
}
void ComparisonController::settleMap() {
    for (const auto& run : runs_) run->settleMap();
}

void ComparisonController::setPace(Pace pace) {
    comparison_.pace = pace;
    if (twins_) embedscope::setPace(*twins_, pace);
}

bool ComparisonController::isActive() const {
    return std::ranges::any_of(runs_, [](const auto& run) { return run->isActive(); });
}

bool ComparisonController::isPaused() const {
    const auto goesOn = [](const auto& run) { return run->isActive() && run->phase() != RunPhase::Paused; };
    return isActive() && std::ranges::none_of(runs_, goesOn);
}

std::vector<ComparisonRow> ComparisonController::rows() const {
    std::vector<ComparisonRow> rows;
    for (const auto& run : runs_)
        rows.push_back(run->snapshot() ? rowOf(*run->snapshot(), comparison_.recallGoal) : ComparisonRow{});
    return rows;
}

}  // namespace embedscope
