#pragma once

#include "engine/data_set.h"
#include "engine/health.h"
#include "engine/manifest_columns.h"
#include "engine/marks.h"
#include "engine/mined_tuples.h"
#include "engine/projection.h"
#include "engine/snapshot.h"
#include "ui/charts/distance_panel.h"
#include "ui/charts/setting_changes.h"
#include "ui/scatter/map_place.h"
#include "ui/timeline.h"

#include <QWidget>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

class QSplitter;

namespace embedscope {

class AgreementFollower;
class SampleLosses;
class ClassLegend;
class ClassMatrix;
class EmbeddingView;
class HealthPanel;
class GalleryPanel;
class LiveControls;
class MarkActions;
class MarkBook;
class MarkLinks;
class MarksPanel;
class MeasuresPanel;
class MapBar;
class PairLab;
class PictureQuery;
class ReplaySaver;
struct QueryAnswer;
struct QuerySource;
class SamplePanel;
class TabGrid;
struct Trail;
class TrailOverlay;
template <typename Result>
class NewestTask;
class TrainingCurves;
class WatchPanel;
class ViewBar;

/// The true nearest neighbours of a point under the cursor.
struct HoveredNeighbors {
    int sample = -1;
    std::vector<int> neighbors;
};

/// Where the proxies of a loss lie in a layout.
struct PlacedProxies {
    std::shared_ptr<const ProxyFrame> proxies;
    std::vector<MapPlace> places;  ///< [C]
};

/// What the manifest says of the images.
struct ReadColumns {
    std::shared_ptr<const DataSet> data;
    std::shared_ptr<const SampleColumns> columns;
    QString problem;  ///< A sentence, or empty.
};

/// The page of a run: the embedding view amid its legend, the sample, the distances and the curves.
class WorkView : public QWidget {
    Q_OBJECT
public:
    explicit WorkView(QWidget* parent = nullptr);
    ~WorkView() override;

    void begin(const Experiment& experiment, std::shared_ptr<const DataSet> dataSet);
    void showSnapshot(std::shared_ptr<const Snapshot> snapshot);
    void showLayout(std::shared_ptr<const Layout> layout);
    void selectSample(int sample);
    /// Where would this picture lie? Shown in the view and the sample panel until nothing or another is selected.
    void askPicture(const std::filesystem::path& file);
    /// Whether the run takes no changes.
    void setReadOnly(bool readOnly) { readOnly_ = readOnly; }
    /// Whose weights embed pictures that are asked about; set by who owns the run.
    std::function<QuerySource()> querySource;
    /// @param live The run still takes cures.
    void showHealth(std::shared_ptr<const HealthState> health, bool live);
    /// The panel of the marks; they are drawn in the view. @param book, actions Outlive the view.
    void addMarks(MarkBook& book, MarkActions& actions, const std::shared_ptr<MarkLinks>& links);
    /// What the run trains with.
    void showMarksTaken(std::shared_ptr<const Marks> taken);
    /// Brings the alarms to the front.
    void showAlarms();

    /// Keeps where the panels are divided for the next start.
    void rememberSizes() const;

    EmbeddingView* view() const { return view_; }
    PairLab* pairLab() const { return pairs_; }
    LiveControls* controls() const { return controls_; }
    MapBar* mapBar() const { return mapBar_; }
    ViewBar* viewBar() const { return viewBar_; }
    GalleryPanel* gallery() const { return gallery_; }
    Timeline* timeline() const { return timeline_; }
    /// As they are drawn now.
    const std::vector<Trail>& trails() const;
    /// Movement is coloured by how far points come from where they are shown now.
    void measureMovementFromHere();
    /// Marks images as of another class: all that this page shows says so, and training takes it; undone with the
    /// selection.
    void relabel(const std::vector<int>& samples, int label);
    /// Writes the recorded frames as pictures; see ReplaySaver.
    void saveAnimation(const QString& file);
    void saveReplay(const QString& folder);
    /// Brings the pictures of the selection to the front.
    void showGallery();
    /// Of the run: what its miner chose of late.
    void showTuples(std::shared_ptr<const MinedTuples> tuples);

Q_SIGNALS:
    void measureRequested();
    /// What is being done or was done, for the status line.
    void told(const QString& sentence);
    void failed(const QString& sentence);
    /// A sentence why a picture has no place.
    void pictureRefused(const QString& sentence);
    void cureRequested(const Cure& cure);
    void marginRequested(double margin);
    /// What the miner chooses is looked at. @param judged Tuples of which the loss is wanted as well.
    void lossesRequested(const std::vector<MinedTuple>& judged);

private:
    QWidget* makeLeft();
    QWidget* makeCentre();
    QWidget* makeRight();
    void connectSelection();
    void connectGallery();
    void connectTime();
    void connectColors();
    void connectLabels();
    void showLabels();
    void showGalleryMenu(int sample, QPoint place);
    void goToMarks(std::size_t step);
    void showLive();
    void showChosenFrame();
    void showTrails();
    void showEvents();
    void connectMap();
    void showAnswer(const QueryAnswer& answer);
    void connectWatched();
    // See work_view_losses.cpp.
    void connectLosses();
    void showLosses();
    // See work_view_marks.cpp.
    void connectDistances();
    void measureSplits();
    double similarMeanSquare() const;
    void moveMargin(double distance);
    void offerMargin();
    void showHoveredNeighbors(int sample);

    EmbeddingView* view_ = nullptr;
    ClassLegend* legend_ = nullptr;
    SamplePanel* sample_ = nullptr;
    DistancePanel* distances_ = nullptr;
    TrainingCurves* curves_ = nullptr;
    MeasuresPanel* measures_ = nullptr;
    HealthPanel* health_ = nullptr;
    ClassMatrix* classes_ = nullptr;
    WatchPanel* watch_ = nullptr;
    MarksPanel* marks_ = nullptr;
    PairLab* pairs_ = nullptr;
    TabGrid* course_ = nullptr;
    LiveControls* controls_ = nullptr;
    std::shared_ptr<const ProxyFrame> proxies_;
    MapBar* mapBar_ = nullptr;
    ViewBar* viewBar_ = nullptr;
    GalleryPanel* gallery_ = nullptr;
    Timeline* timeline_ = nullptr;
    AgreementFollower* agreement_ = nullptr;
    std::unique_ptr<SampleLosses> losses_;
    MarkBook* book_ = nullptr;  ///< Of the marks by hand.
    std::shared_ptr<TrailOverlay> trails_;
    SettingChanges changes_;
    std::shared_ptr<const HealthState> alarms_;
    ReplaySaver* replay_ = nullptr;
    std::shared_ptr<const Snapshot> snapshot_;
    std::shared_ptr<const Layout> newest_;
    std::shared_ptr<const Layout> movedFrom_;  ///< Movement is measured from here.
    int hovered_ = -1;
    std::shared_ptr<const BankFrame> bank_;
    std::shared_ptr<const DataSet> dataSet_;
    std::shared_ptr<const Snapshot> cured_;  ///< The newest when a cure was asked for that has not come yet.
    int selected_ = -1;
    bool readOnly_ = false;
    std::vector<TimelineEvent> events_;  ///< Beside the alarms.
    Choice marginLoss_;
    bool hasMargin_ = false;  ///< Of marginLoss_: one that may be dragged.
    PictureQuery* query_ = nullptr;
    // Last: they wait for their work.
    std::unique_ptr<NewestTask<HoveredNeighbors>> hoverTask_;
    std::unique_ptr<NewestTask<PlacedProxies>> proxyTask_;
    std::unique_ptr<NewestTask<ReadColumns>> columnsTask_;
    std::unique_ptr<NewestTask<SplitDistances>> splitTask_;
};

}  // namespace embedscope
