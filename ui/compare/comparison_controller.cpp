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
    run->setMapDimensions(mapDimensions_);
    run->setAxesFrozen(frozen_);
    connect(run, &RunController::snapshotArrived, this, [this, run](const auto& snapshot) {
        Q_EMIT snapshotArrived(indexOf(run), snapshot);
        startWaiting(*snapshot, indexOf(run));
    });
    connect(run, &RunController::layoutArrived, this,
            [this, run](const auto& layout) { Q_EMIT layoutArrived(indexOf(run), layout); });
    connect(run, &RunController::phaseChanged, this, &ComparisonController::phaseChanged);
    const auto tellHealth = [this, run] { Q_EMIT healthChanged(indexOf(run)); };
    connect(run, &RunController::started, this, tellHealth);
    connect(run, &RunController::healthChanged, this, tellHealth);
    connect(run, &RunController::phaseChanged, this, tellHealth);
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

bool ComparisonController::start(Comparison comparison, std::shared_ptr<const DataSet> images) {
    const std::shared_ptr<const DataSet> before = std::exchange(images_, std::move(images));
    if (!works(comparison)) {
        images_ = before;
        return false;
    }
    if (images_ != before) marks_.reset();  // they name other images
    stop();
    comparison_ = std::move(comparison);
    while (runs_.size() > comparison_.runs.size()) runs_.pop_back();
    while (runs_.size() < comparison_.runs.size()) runs_.push_back(makeRun());
    from_.assign(runs_.size(), nullptr);
    waiting_.clear();
    for (const ComparedRun& run : comparison_.runs) waiting_.push_back(run.fork.has_value());
    twins_ = makeTwins(static_cast<std::size_t>(std::ranges::count(waiting_, false)), comparison_.pace);
    Q_EMIT runsChanged();
    for (std::size_t run = 0; run < runs_.size(); ++run)
        if (!waiting_[run]) startRun(run);
    return true;
}

bool ComparisonController::restart() {
    return images_ && start(comparison_, images_);
}

void ComparisonController::startRun(std::size_t run) {
    const Experiment& experiment = comparison_.runs[run].experiment;
    runs_[run]->start(experiment, dataFor(experiment), {}, {twins_, run, from_[run], false, marks_});
}

void ComparisonController::add(ComparedRun run) {
    append(std::move(run), nullptr);
}

void ComparisonController::fork(std::size_t parent, ComparedRun run, std::shared_ptr<const Checkpoint> from) {
    run.fork = Fork{parent, from->step};
    if (const std::vector<std::string> wrong = problems(*from, run.experiment); !wrong.empty())
        Q_EMIT failed(QString::fromStdString(wrong.front()));
    else
        append(std::move(run), std::move(from));
}

void ComparisonController::append(ComparedRun run, std::shared_ptr<const Checkpoint> from) {
    Comparison larger = comparison_;
    larger.runs.push_back(std::move(run));
    if (!works(larger)) return;
    comparison_ = std::move(larger);
    runs_.push_back(makeRun());
    from_.push_back(std::move(from));
    waiting_.push_back(false);
    Q_EMIT runsChanged();
    startRun(runs_.size() - 1);
}

/// Forks of a file begin when their parent has come to their step, or cannot come to it any more; what it keeps is
/// known then.
void ComparisonController::startWaiting(const Snapshot& parentNow, std::size_t parent) {
    if (waiting_[parent]) return;  // what it tells is of the comparison before
    for (std::size_t run = 0; run < runs_.size(); ++run) {
        const std::optional<Fork>& fork = comparison_.runs[run].fork;
        if (!waiting_[run] || !fork || fork->parent != parent) continue;
        if (parentNow.step < fork->step && !parentNow.ended()) continue;
        const auto kept = runs_[parent]->checkpoints();
        const auto found = std::ranges::find(kept, fork->step, [](const auto& one) { return one->step; });
        if (found == kept.end() && parentNow.step == fork->step && !parentNow.ended()) continue;  // comes with the next
        waiting_[run] = false;
        if (found == kept.end()) {
            Q_EMIT failed(tr("“%1” cannot start: “%2” keeps its state ten times an epoch and has none of step %3.")
                              .arg(QString::fromStdString(comparison_.runs[run].name),
                                   QString::fromStdString(comparison_.runs[parent].name))
                              .arg(fork->step));
        } else {
            from_[run] = *found;
            startRun(run);
        }
    }
}

void ComparisonController::change(std::size_t run, ComparedRun changed) {
    Comparison other = comparison_;
    if (from_[run])
        if (const std::vector<std::string> wrong = problems(*from_[run], changed.experiment); !wrong.empty()) {
            Q_EMIT failed(QString::fromStdString(wrong.front()));
            return;
        }
    other.runs[run] = std::move(changed);
    if (!works(other)) return;
    comparison_ = std::move(other);
    Q_EMIT runsChanged();
    if (!waiting_[run]) startRun(run);
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
    from_.erase(from_.begin() + static_cast<std::ptrdiff_t>(run));
    waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(run));
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

void ComparisonController::setMarks(std::shared_ptr<const Marks> marks) {
    marks_ = std::move(marks);
    for (const auto& run : runs_) run->setMarks(marks_);
}

void ComparisonController::setMapMethod(const Choice& method) {
    mapMethod_ = method;
    for (const auto& run : runs_) run->setMapMethod(method);
}
void ComparisonController::setMapDimensions(int dimensions) {
    mapDimensions_ = dimensions;
    for (const auto& run : runs_) run->setMapDimensions(dimensions);
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
