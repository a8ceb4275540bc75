#pragma once

#include "engine/health.h"
#include "engine/live_points.h"
#include "engine/mined_tuples.h"
#include "engine/projection.h"
#include "engine/run.h"

#include <QObject>
#include <QString>

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

namespace embedscope {

/// What a run has beside its settings and images.
struct RunCompany {
    std::shared_ptr<Twins> twins;                      ///< The runs it is trained side by side with; null: alone.
    std::size_t twin = 0;                              ///< Its place among them.
    std::shared_ptr<const Checkpoint> from = nullptr;  ///< Where it goes on; null: from the beginning.
    bool resumes = false;                              ///< The folder holds the run, which is written on.
    std::shared_ptr<const Marks> marks = nullptr;      ///< By hand; null: none, or those of the checkpoint.
};

/// The only class of the window that touches runs. Lives on the UI thread; no call blocks, but the destructor waits
/// for the running batch.
class RunController : public QObject {
    Q_OBJECT
public:
    explicit RunController(RunFactory factory = startTrainingRun, QObject* parent = nullptr);
    ~RunController() override;

    /// Starts a run; one that is going on is told to stop and its later snapshots are dropped.
    /// @param folder Where the run is written; empty: nowhere. @return false after failed(): nothing has changed.
    bool start(const Experiment& experiment, std::shared_ptr<const DataSet> data, std::filesystem::path folder,
               RunCompany company = {});
    /// Shows a run that is computed elsewhere, read only: no request reaches it, and it cannot be restarted.
    /// @param make Gets what start() hands its factory. @param folder Where it is kept; empty: nowhere.
    void show(const Experiment& experiment, std::shared_ptr<const DataSet> data, const RunFactory& make,
              std::filesystem::path folder);
    bool isReadOnly() const { return readOnly_; }
    /// Where the newest run is kept; empty: nowhere.
    const std::filesystem::path& folder() const { return folder_; }
    /// Whether steps were taken that are neither written to a folder nor kept by keep() and can be.
    bool isUnkept() const;
    /// Writes what the run has come to into a new folder; what comes after is not written. Blocks for the disk.
    /// @return The step that it can go on from. @throws std::runtime_error naming the file that cannot be written.
    std::int64_t keep(const std::filesystem::path& folder);
    /// The same experiment, with the live changes undone, on the same data.
    /// @param folder Where it is written; empty: nowhere. @return false after failed(): nothing has changed.
    bool restart(std::filesystem::path folder = {});
    void setPaused(bool paused);
    void stepOnce();
    void stop();
    void setLearningRate(double learningRate);
    void setLossParameter(const std::string& id, double value);
    void setViewLossParameter(const std::string& id, double value);
    void setViewLossWeight(double weight);
    void setLoss(const Choice& loss);
    void measureNow();
    void setMiner(const Choice& miner);
    void setAugmentation(const Choice& augmentation);
    /// Also for runs that are started anew by restart().
    void setMarks(std::shared_ptr<const Marks> marks);
    /// Somebody looks at the mined tuples of this run and of those to come.
    /// @param judged Tuples of which the loss is wanted as well.
    void watchMining(const std::vector<MinedTuple>& judged);
    /// Asks the run for all that the cure consists of.
    void apply(const Cure& cure);
    /// Keeps the axes of the picture, or the map, so that frames compare exactly.
    void setAxesFrozen(bool frozen);
    void setMapMethod(const Choice& method);
    /// 2 or 3.
    void setMapDimensions(int dimensions);
    void startMapOver();
    void settleMap();

    /// From where the run can be forked, oldest first; empty before the first run.
    std::vector<std::shared_ptr<const Checkpoint>> checkpoints() const;
    bool isActive() const;  ///< A run is going on or paused.
    RunPhase phase() const;
    std::shared_ptr<const Snapshot> snapshot() const { return snapshot_; }  ///< Null before the first run.
    std::shared_ptr<const HealthState> health() const { return health_; }   ///< Null before the first alarm.
    /// That the run trains with; null: it has none.
    std::shared_ptr<const Marks> marks() const { return run_ ? run_->marks() : nullptr; }
    std::shared_ptr<const DataSet> data() const { return data_; }
    const Experiment& experiment() const { return experiment_; }  ///< As the newest run was started.

Q_SIGNALS:
    void started();
    void snapshotArrived(std::shared_ptr<const Snapshot> snapshot);
    void layoutArrived(std::shared_ptr<const Layout> layout);
    void healthChanged(std::shared_ptr<const HealthState> health);
    /// Marks are in force, maybe those of a checkpoint.
    void marksTaken(std::shared_ptr<const Marks> marks);
    void tuplesArrived(std::shared_ptr<const MinedTuples> tuples);
    void phaseChanged(RunPhase phase);
    void failed(const QString& sentence);

private:
    void begin(const RunFactory& make, RunStart start);
    void receiveSnapshot();
    void receiveLayout();
    void dropEndedRuns();
    void post(Request request);

    RunFactory factory_;
    Experiment experiment_;
    std::shared_ptr<const DataSet> data_;
    std::shared_ptr<const Snapshot> snapshot_;
    std::shared_ptr<const HealthState> health_;
    std::shared_ptr<const Marks> marks_;  ///< Asked for.
    std::shared_ptr<const Marks> taken_;
    std::shared_ptr<const MinedTuples> tuples_;
    WatchMining watching_{false};
    std::shared_ptr<const BankFrame> followed_;
    std::uint64_t runId_ = 0;
    std::weak_ptr<const Checkpoint> kept_;  ///< By keep(). A step would not do: a run may go back.
    bool readOnly_ = false;
    std::filesystem::path folder_;
    std::unique_ptr<ProjectionRun> projection_;
    std::unique_ptr<LivePoints> live_;  ///< For those who follow the folder; null: it is not kept.
    std::unique_ptr<Run> run_;
    std::vector<std::unique_ptr<Run>> ending_;  ///< Told to stop; destroyed when they have, so that nothing waits.
};

}  // namespace embedscope
