#include "ui/run_controller.h"

#include "engine/keep_run.h"
#include "engine/run_resume.h"
#include "engine/watched_recorder.h"
#include "ui/queued_wake_up.h"

#include <exception>
#include <utility>

namespace embedscope {
RunController::RunController(RunFactory factory, QObject* parent)
    : QObject(parent),
      factory_(std::move(factory)),
      projection_(std::make_unique<ProjectionRun>(queuedWakeUp(this, [this] { receiveLayout(); }))) {
    projection_->setMeasuring(true);
}

RunController::~RunController() {
    for (const auto& run : ending_) run->requestStop();
    if (run_) run_->requestStop();
}

bool RunController::start(const Experiment& experiment, std::shared_ptr<const DataSet> data,
                          std::filesystem::path folder, RunCompany company) {
    // A run that has ended still holds its folder, and perhaps it is the one that is wanted. Else it stays until the
    // new one can begin, as it holds checkpoints that may be nowhere else.
    const bool wanted = !folder_.empty() && (company.resumes || folder == folder_);
    if (wanted && run_ && run_->latest()->ended()) run_.reset();
    dropEndedRuns();
    std::unique_ptr<RunRecorder> recorder;
    try {
        if (!folder.empty())
            recorder = company.resumes ? resumeRunFolder(folder, company.from.get()) : createRunFolder(folder);
    } catch (const std::exception& problem) {
        Q_EMIT failed(QString::fromUtf8(problem.what()));
        return false;
    }
    readOnly_ = false;
    folder_ = std::move(folder);
    live_ = folder_.empty() ? nullptr : std::make_unique<LivePoints>(folder_);
    RunStart start;
    start.experiment = experiment;
    start.data = std::move(data);
    // On the run's thread. Only the first failure is told: on a full disk every later write fails as well.
    const std::uint64_t runId = runId_ + 1;  // as begin() will count
    start.recorder = watched(std::move(recorder), [this, runId, told = false](const std::string& sentence) mutable {
        if (std::exchange(told, true)) return;
        const QString text = QString::fromStdString(sentence) + ' ' + tr("What cannot be written is left out.");
        const auto tell = [this, runId, text] {
            if (runId == runId_) Q_EMIT failed(text);
        };
        QMetaObject::invokeMethod(this, tell, Qt::QueuedConnection);
    });
    start.twins = std::move(company.twins);
    start.twin = company.twin;
    start.from = std::move(company.from);
    start.goesBackWhenDiverged = !start.twins;
    start.marks = marks_ = std::move(company.marks);
    begin(factory_, std::move(start));
    return true;
}

void RunController::show(const Experiment& experiment, std::shared_ptr<const DataSet> data, const RunFactory& make,
                         std::filesystem::path folder) {
    readOnly_ = true;
    folder_ = std::move(folder);
    live_.reset();
    RunStart start;
    start.experiment = experiment;
    start.data = std::move(data);
    begin(make, std::move(start));
}

/// A run that is going on is told to stop.
void RunController::begin(const RunFactory& make, RunStart start) {
    if (run_) {
        run_->requestStop();
        ending_.push_back(std::move(run_));
    }
    dropEndedRuns();
    experiment_ = start.experiment;
    data_ = start.data;
    snapshot_.reset();
    health_.reset();
    taken_.reset();
    tuples_.reset();
    followed_.reset();
    kept_.reset();
    ++runId_;
    projection_->setLabels(trainingLabels(*data_));
    Q_EMIT started();
    start.runId = runId_;
    start.wakeUp = queuedWakeUp(this, [this] { receiveSnapshot(); });
    run_ = make(std::move(start));
    if (watching_.watched) run_->post(watching_);
    receiveSnapshot();
}

bool RunController::isUnkept() const {
    if (!run_ || readOnly_ || !folder_.empty() || !snapshot_ || snapshot_->step == 0) return false;
    const auto states = checkpoints();
    return !states.empty() && (states.back() != kept_.lock() || snapshot_->step > states.back()->step);
}

std::int64_t RunController::keep(const std::filesystem::path& folder) {
    const std::shared_ptr<const Checkpoint> state = checkpoints().back();
    keepRun(folder, *data_, *run_->latest(), state, run_->marks().get());
    kept_ = state;
    return state->step;
}

bool RunController::restart(std::filesystem::path folder) {
    if (!data_ || readOnly_) return false;
    RunCompany company;
    company.marks = marks_ ? marks_ : taken_;
    return start(experiment_, data_, std::move(folder), std::move(company));
}

void RunController::setPaused(bool paused) {
    post(SetPaused{paused});
}
void RunController::stepOnce() {
    post(StepOnce{});
}
void RunController::setLearningRate(double learningRate) {
    post(SetLearningRate{learningRate});
}
void RunController::setLossParameter(const std::string& id, double value) {
    post(SetLossParameter{id, value});
}
void RunController::setViewLossParameter(const std::string& id, double value) {
    post(SetViewLossParameter{id, value});
}
void RunController::setViewLossWeight(double weight) {
    post(SetViewLossWeight{weight});
}
void RunController::setLoss(const Choice& loss) {
    post(SetLoss{loss});
}
void RunController::measureNow() {
    post(MeasureNow{});
}
void RunController::setMiner(const Choice& miner) {
    post(SetMiner{miner});
}
void RunController::setAugmentation(const Choice& augmentation) {
    post(SetAugmentation{augmentation});
}
void RunController::setMarks(std::shared_ptr<const Marks> marks) {
    marks_ = marks;
    post(SetMarks{std::move(marks)});
}
void RunController::watchMining(const std::vector<MinedTuple>& judged) {
    watching_ = {true, std::make_shared<const std::vector<MinedTuple>>(judged)};
    post(watching_);
}
void RunController::apply(const Cure& cure) {
    for (const Request& request : cure.requests) post(request);
}
void RunController::setAxesFrozen(bool frozen) {
    projection_->setFrozen(frozen);
}

void RunController::setMapMethod(const Choice& method) {
    projection_->setMethod(method);
}
void RunController::setMapDimensions(int dimensions) {
    projection_->setDimensions(dimensions);
}
void RunController::startMapOver() {
    projection_->startOver();
}
void RunController::settleMap() {
    projection_->settle();
}

void RunController::stop() {
    if (run_) run_->requestStop();
}

void RunController::post(Request request) {
    if (isActive() && !readOnly_) run_->post(std::move(request));
}

std::vector<std::shared_ptr<const Checkpoint>> RunController::checkpoints() const {
    return run_ ? run_->checkpoints() : std::vector<std::shared_ptr<const Checkpoint>>{};
}

bool RunController::isActive() const {
    return run_ && snapshot_ && !snapshot_->ended();
}

RunPhase RunController::phase() const {
    return snapshot_ ? snapshot_->phase : RunPhase::Stopped;
}

void RunController::receiveSnapshot() {
    dropEndedRuns();
    const std::shared_ptr<const Snapshot> newest = run_ ? run_->latest() : nullptr;
    if (!newest || newest->runId != runId_ || newest == snapshot_) return;
    const bool newPhase = !snapshot_ || snapshot_->phase != newest->phase;
    snapshot_ = newest;
    if (live_) live_->offer(newest->bank);
    if (newest->bank && newest->bank != followed_) {
        followed_ = newest->bank;
        projection_->follow(followed_);
    }
    if (newPhase) projection_->setQuiet(newest->phase == RunPhase::Preparing || newest->phase == RunPhase::Running);
    Q_EMIT snapshotArrived(newest);
    if (const auto health = run_->health(); health != health_) {
        health_ = health;
        Q_EMIT healthChanged(health_);
    }
    if (const auto marks = run_->marks(); marks != taken_) {
        taken_ = marks;
        Q_EMIT marksTaken(taken_);
    }
    if (const auto tuples = run_->minedTuples(); tuples != tuples_) {
        tuples_ = tuples;
        Q_EMIT tuplesArrived(tuples_);
    }
    if (newPhase) Q_EMIT phaseChanged(newest->phase);
    if (newPhase && newest->phase == RunPhase::Failed) Q_EMIT failed(QString::fromStdString(newest->message));
}

void RunController::receiveLayout() {
    const std::shared_ptr<const Layout> newest = projection_->latest();
    if (newest && newest->runId == runId_) Q_EMIT layoutArrived(newest);
}

void RunController::dropEndedRuns() {
    std::erase_if(ending_, [](const std::unique_ptr<Run>& run) { return run->latest()->ended(); });
}

}  // namespace embedscope
