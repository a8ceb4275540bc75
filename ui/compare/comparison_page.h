#pragma once

#include "engine/comparison_report.h"
#include "engine/run.h"
#include "ui/compare/shared_frame.h"
#include "ui/scatter/orbit.h"

#include <QWidget>

#include <memory>
#include <optional>
#include <vector>

class QGridLayout;

namespace embedscope {

class ClassLegend;
class ComparisonController;
class ComparisonPane;
class ComparisonResults;
struct Branch;
class EmbeddingView;
class FrameLimit;
class LayoutHistory;
class LinkBar;
class MapBar;
class TimeBar;
class ViewBar;
class ViewLinks;

/// The page of a comparison: the panes side by side amid what they have in common, their time, and how they stand.
class ComparisonPage : public QWidget {
    Q_OBJECT
public:
    explicit ComparisonPage(RunFactory factory, QWidget* parent = nullptr);
    ~ComparisonPage() override;

    /// Starts all runs. @param images As opened, without hold-out. @return false after failed().
    bool begin(Comparison comparison, std::shared_ptr<const DataSet> images);
    void fitAll();
    /// Of the framed pane.
    const Experiment& experiment() const;
    /// What there is to tell of it now, with the pictures as they are shown.
    ComparisonReport report() const;
    /// Asks for the settings of a further run, from those of the framed pane.
    void duplicate();

    ComparisonController* controller() const { return controller_; }
    ComparisonResults* results() const { return results_; }
    ViewLinks* links() const { return links_; }
    TimeBar* timeBar() const { return time_; }
    std::size_t paneCount() const { return panes_.size(); }
    ComparisonPane* pane(std::size_t index) const { return panes_[index].widget; }
    EmbeddingView* view(std::size_t index) const;
    /// Of the framed pane; null without panes.
    EmbeddingView* currentView() const { return panes_.empty() ? nullptr : view(current_); }
    std::vector<EmbeddingView*> views() const;
    /// Above the panes: what their points show; filled by who owns the actions.
    ViewBar* viewBar() const { return viewBar_; }
    const LayoutHistory& history(std::size_t index) const { return *panes_[index].history; }

Q_SIGNALS:
    void failed(const QString& sentence);
    /// Another pane is the framed one.
    void currentChanged();

protected:
    void changeEvent(QEvent* event) override;

private:
    struct Pane {
        ComparisonPane* widget = nullptr;
        std::unique_ptr<LayoutHistory> history;
        std::shared_ptr<const Layout> newest;
        std::uint64_t runId = 0;              ///< Whose snapshots were taken last.
        std::shared_ptr<const DataSet> data;  ///< What the view was given.
    };

    void build();
    QWidget* makeTop();
    QWidget* makeMiddle();
    void connectController();
    void connectBars();
    Pane makePane();
    void connectPane(ComparisonPane* pane);
    std::size_t indexOf(const ComparisonPane* pane) const;

    void adoptRuns();
    void arrange();
    void shareState(std::size_t pane);
    void showHeads();
    void setCurrent(std::size_t pane);
    void takeSnapshot(std::size_t run, const Snapshot& snapshot);
    void takeLayout(std::size_t run, std::shared_ptr<const Layout> layout);
    void edit(std::size_t run);
    void fork(std::size_t run);
    std::shared_ptr<const Checkpoint> checkpointShown(std::size_t run) const;
    QString forkOrigin(std::size_t run, const Checkpoint& from) const;
    void duplicate(std::size_t run);

    // What is shown; see comparison_page_show.cpp.
    void showPictures();
    void showPivot();
    void showAxes();
    void showDistances();
    void showArrows();
    void showProxies(std::size_t pane, std::shared_ptr<const Layout> layout);
    void showResults();
    void showTime();
    std::vector<std::shared_ptr<const Layout>> layoutsNow() const;
    std::vector<QColor> colors() const;
    std::vector<Branch> branches() const;

    ComparisonController* controller_ = nullptr;
    ViewLinks* links_ = nullptr;
    SharedFrame frame_;
    std::optional<SpaceExtent> pivot_;  ///< Of panes in space, while their axes are linked.
    std::vector<Pane> panes_;
    std::size_t current_ = 0;
    double distanceHeight_ = 0;  ///< Where the shared axis of the histograms ends.
    std::unique_ptr<FrameLimit> pictures_, numbers_;

    MapBar* mapBar_ = nullptr;
    ViewBar* viewBar_ = nullptr;
    LinkBar* linkBar_ = nullptr;
    ClassLegend* legend_ = nullptr;
    QGridLayout* grid_ = nullptr;
    TimeBar* time_ = nullptr;
    ComparisonResults* results_ = nullptr;
};

}  // namespace embedscope
