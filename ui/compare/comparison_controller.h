#pragma once

#include "engine/comparison.h"
#include "engine/run.h"
#include "engine/twins.h"
#include "ui/run_controller.h"

#include <QObject>

#include <memory>
#include <vector>

namespace embedscope {

/// The runs of a comparison, each with a RunController of its own, on the same images. Lives on the UI thread; no call
/// blocks, but remove() and the destructor wait for the running batch.
class ComparisonController : public QObject {
    Q_OBJECT
public:
    explicit ComparisonController(RunFactory factory = startTrainingRun, QObject* parent = nullptr);
    ~ComparisonController() override;

    /// Starts all runs from the beginning. Settings that cannot work are a failed() with one sentence; then nothing
    /// changes.
    /// @param images As opened, without hold-out. @return false after failed().
    bool start(Comparison comparison, std::shared_ptr<const DataSet> images);
    /// The same comparison from the beginning, with the live changes undone.
    bool restart();
    /// One more run, from the beginning. At most kMostPanes.
    void add(ComparedRun run);
    /// One more run that goes on where another one was. Its fork is filled in here.
    void fork(std::size_t parent, ComparedRun run, std::shared_ptr<const Checkpoint> from);
    /// Other settings for a run, which starts from the beginning, or from where it was forked.
    void change(std::size_t run, ComparedRun changed);
    /// Ends a run and takes it away. The last two stay, and so does a run that others were forked from.
    void remove(std::size_t run);
    bool canRemove(std::size_t run) const;

    void setPaused(bool paused);
    void setPaused(std::size_t run, bool paused);
    void stepOnce();
    void stop();
    /// In which order the runs take their steps; changes no number. From the next step on.
    void setPace(Pace pace);
    void setRecallGoal(double goal) { comparison_.recallGoal = goal; }

    /// For all runs, and those to come.
    void setMarks(std::shared_ptr<const Marks> marks);

    // How all runs are drawn; see RunController.
    void setMapMethod(const Choice& method);
    void setMapDimensions(int dimensions);
    void setAxesFrozen(bool frozen);
    void startMapOver();
    void settleMap();

    /// A fork that was opened from a file and whose parent has not come to its step yet.
    bool isWaiting(std::size_t run) const { return waiting_[run]; }
    std::shared_ptr<const DataSet> dataOf(std::size_t run) { return dataFor(comparison_.runs[run].experiment); }

    std::size_t size() const { return runs_.size(); }
    RunController* run(std::size_t index) const { return runs_[index].get(); }
    const Comparison& comparison() const { return comparison_; }
    std::shared_ptr<const DataSet> images() const { return images_; }
    bool isActive() const;  ///< A run is going on or paused.
    bool isPaused() const;  ///< None goes on, and one is paused.
    /// A row a run; one without values for a run that has not reported yet.
    std::vector<ComparisonRow> rows() const;

Q_SIGNALS:
    void runsChanged();  ///< Their number, order or settings.
    void snapshotArrived(std::size_t run, std::shared_ptr<const Snapshot> snapshot);
    void layoutArrived(std::size_t run, std::shared_ptr<const Layout> layout);
    void healthChanged(std::size_t run);
    void phaseChanged();
    void failed(const QString& sentence);

private:
    std::unique_ptr<RunController> makeRun();
    std::size_t indexOf(const RunController* run) const;
    std::shared_ptr<const DataSet> dataFor(const Experiment& experiment);
    bool works(const Comparison& comparison);
    void startRun(std::size_t run);
    void startWaiting(const Snapshot& parentNow, std::size_t parent);
    void append(ComparedRun run, std::shared_ptr<const Checkpoint> from);

    RunFactory factory_;
    Comparison comparison_;
    std::shared_ptr<const DataSet> images_;
    // [Comparison::runs]
    std::vector<std::unique_ptr<RunController>> runs_;
    std::vector<std::shared_ptr<const Checkpoint>> from_;  ///< Where a fork begins; null: not a fork, or it waits.
    std::vector<bool> waiting_;
    std::shared_ptr<Twins> twins_;        ///< What the runs share: turns and batches.
    std::shared_ptr<const Marks> marks_;  ///< Null: none.
    Choice mapMethod_{"pca", {}};
    int mapDimensions_ = 2;
    bool frozen_ = false;
};

}  // namespace embedscope
