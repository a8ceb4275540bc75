#pragma once

#include "engine/comparison.h"
#include "engine/run_description.h"
#include "engine/run_list.h"
#include "engine/run_resume.h"
#include "engine/viewed_embeddings.h"
#include "ui/keep_answer.h"
#include "ui/ready_made.h"
#include "ui/run_controller.h"

#include <QMainWindow>
#include <QPointer>

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

class QAction;
class QLabel;
class QStackedWidget;

namespace embedscope {

class Banner;
class ComparisonPage;
class DataController;
class EmbeddingView;
class EmbeddingsController;
class ExperimentForm;
class LibraryPage;
class GalleryWindow;
class HealthLights;
class LoadPage;
class MarkActions;
class MarkBook;
class MarkLinks;
class SelectionActions;
class StatusLine;
class ViewActions;
class WelcomePage;
class ResumeReader;
class WorkView;

/// Assembles the pages, the actions and the controllers.
class MainWindow : public QMainWindow {
    Q_OBJECT
public:
    explicit MainWindow(RunFactory factory = startTrainingRun, QWidget* parent = nullptr);
    ~MainWindow() override;

    /// Opens a folder, manifest or IDX file.
    void openPlace(const QString& place);
    void openSample();
    /// Shows the settings of a kept run in the form, with its images opened.
    void openRun(const QString& folder);
    /// Goes on with a kept run from its last checkpoint, with its images opened; a finished one trains as long again.
    void resumeRun(const QString& folder);

    /// Shows a run folder read only, also while another process writes it.
    void watchRun(const QString& folder);
    void viewEmbeddings(const ViewSource& source);
    /// Embeddings, or a run if it is a folder.
    void view(const ViewSource& source);
    void showLibrary();
    /// Opens what was open when the program ended last.
    void restoreSession();

    /// Opens a comparison.json, with its images.
    void openComparison(const QString& file);
    /// Null before the first comparison.
    ComparisonPage* comparison() const { return comparison_; }

    RunController* runs() const { return runs_; }
    SelectionActions* selectionActions() const { return selection_; }
    WorkView* workView() const { return work_; }
    MarkBook* marks() const { return marks_; }
    MarkActions* markActions() const { return marking_; }

    /// Asks for a path; tests answer it themselves. An empty answer is a cancel.
    std::function<QString(const QString&title)> askForFolder, askForFile;
    std::function<QString(const QString&title, const QString&proposed)> askForComparisonName, askForPictureName,
        askForReplayName;
    /// What becomes of runs that are kept nowhere and are about to be dropped; tests answer it themselves.
    std::function<KeepAnswer(const QString& question, const QString& loss)> askToKeep;

protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    void closeEvent(QCloseEvent* event) override;

private:
    void makePages();
    void makeActions();
    void makeMenus();
    void makeSelection();
    void answerEscape(QWidget& page, std::function<EmbeddingView*()> view);
    void makeLooks();
    void makeTime();
    void makeToolBar();
    void makeStatusBar();
    void connectControllers();
    void connectPages();
    QAction* addAction(const QString& name, const QString& text, const QIcon& icon, const QString& help);

    /// @param then What to compare once the images are open; none: a form is filled.
    void load(const DataSettings& settings, std::optional<Comparison> then = std::nullopt);
    void showOpened(std::shared_ptr<const DataSet> dataSet, const QString& remark);
    void startFromForm();
    void startResumed();
    void showRun(const QString& name);
    void startOrPause();
    void restartRun();
    void dropResuming();
    // See main_window_pages.cpp.
    void showPage(QWidget* page, const QString& what);
    void showRunOrWelcome();
    void showWelcome();
    void showLoading(const QString& name);
    void showForm();
    void fillForm(Experiment experiment);
    void showAgain(QWidget* page);
    void showStatus(const Snapshot& snapshot);
    void showHealth();
    void showSentence(const QString& sentence);
    /// For a few seconds in the status line.
    void tell(const QString& remark);
    void updateActions();
    void showSkippedCount();
    void showSkipped();
    void chooseTheme(int choice);

    // Runs side by side; see main_window_comparison.cpp.
    void makeComparisonActions();
    void makeComparisonMenu();
    bool isComparing() const;
    void loadComparison(Comparison comparison);
    void beginComparison(Comparison comparison);
    void compare();
    void showComparison();
    void compareGrid();
    void saveComparison();
    void exportReport();
    void exportTable();
    void writeForComparison(const QString& title, const QString& proposed,
                            const std::function<void(const std::filesystem::path&)>& write);
    Experiment experimentOfPage() const;
    void startOrPauseComparison();
    void restartComparison();
    void showComparisonStatus();
    void showComparisonHealth();
    void showGallery();
    void updateComparisonActions();

    // What is marked by hand; see main_window_marks.cpp.
    void makeMarks();
    void connectMarks();
    void markIn(EmbeddingView* view);
    RunCompany companyOf(const std::shared_ptr<const DataSet>& images);

    // Kept runs and embeddings of others; see main_window_kept.cpp.
    struct WatchedRun {
        std::filesystem::path folder;
        RunDescription description;
    };
    void makeKeptActions();
    void connectKept();
    void showEmbeddingsOpened(const ViewedEmbeddings& viewed);
    void startWatching(const std::shared_ptr<const DataSet>& images, const QString& problem);
    bool canResumeWatched() const;
    void exportKeptRun(const QString& folder);
    bool dropPicture(const QString& file);
    void rememberSession(const QString& kind, const QString& place);
    void rememberMap() const;
    void rememberGeometry();
    void compareKept(const std::vector<KeptRun>& runs);
    void updateKeptActions();

    // Runs that are kept nowhere; see main_window_keeping.cpp.
    struct NamedRun {
        QString name;
        RunController* run;
    };
    void makeKeeping();
    std::vector<NamedRun> unkeptRuns() const;
    std::vector<NamedRun> unkeptComparedRuns() const;
    bool mayDrop(const std::vector<NamedRun>& runs);
    void letWaitingGoOn();
    QStringList keep(const std::vector<NamedRun>& runs);

    // See main_window_saving.cpp.
    void makeSaving();
    QString proposedPictureName() const;
    void savePicture();

    RunFactory factory_;
    RunController* runs_ = nullptr;
    DataController* loads_ = nullptr;
    EmbeddingsController* embeddings_ = nullptr;
    ResumeReader* resumes_ = nullptr;
    std::shared_ptr<const DataSet> data_;  ///< As opened, without hold-out.
    DataSettings dataSettings_;            ///< Of data_.
    DataSettings opening_;                 ///< Of what is being opened, or could not be.
    std::optional<ResumePoint> resuming_;  ///< A run to go on with once its data is open.
    QString resumedFolder_;
    std::optional<Experiment> pending_;  ///< A ready-made experiment to show once its data is open.
    std::optional<Comparison> pendingComparison_;
    std::vector<QPointer<RunController>> waiting_;  ///< Paused by the last mayDrop().

    std::optional<WatchedRun> watched_;  ///< A run to watch once its images are open, or are known to be gone.
    ViewSource viewed_;                  ///< Opened last.
    bool viewing_ = false;               ///< It is being opened.

    QStackedWidget* pages_ = nullptr;
    Banner* banner_ = nullptr;
    WelcomePage* welcome_ = nullptr;
    LoadPage* load_ = nullptr;
    ExperimentForm* form_ = nullptr;
    WorkView* work_ = nullptr;
    LibraryPage* shelf_ = nullptr;
    ComparisonPage* comparison_ = nullptr;    ///< Made when it is first wanted.
    GalleryWindow* galleryWindow_ = nullptr;  ///< Of comparisons; made when it is first wanted.

    HealthLights* lights_ = nullptr;

    QAction *openFolder_ = nullptr, *openFile_ = nullptr, *sample_ = nullptr, *newExperiment_ = nullptr,
            *home_ = nullptr;
    QAction *startPause_ = nullptr, *step_ = nullptr, *stop_ = nullptr, *restart_ = nullptr;
    QAction *fit_ = nullptr, *freeze_ = nullptr, *save_ = nullptr, *copy_ = nullptr, *skipped_ = nullptr;
    QAction *saveAnimation_ = nullptr, *saveReplay_ = nullptr;
    QAction *compare_ = nullptr, *openComparison_ = nullptr, *saveComparison_ = nullptr, *showComparison_ = nullptr;
    QAction *grid_ = nullptr, *exportReport_ = nullptr, *exportTable_ = nullptr;
    QAction* showRun_ = nullptr;
    QAction *openEmbeddings_ = nullptr, *watchRun_ = nullptr, *library_ = nullptr, *export_ = nullptr,
            *query_ = nullptr, *keep_ = nullptr;
    SelectionActions* selection_ = nullptr;
    ViewActions* looks_ = nullptr;
    MarkBook* marks_ = nullptr;
    MarkActions* marking_ = nullptr;
    std::shared_ptr<MarkLinks> links_;
    std::vector<QAction*> time_;     ///< Steps through the recorded frames.
    QString runTitle_, mapQuality_;  ///< Of the single run.
    StatusLine* status_ = nullptr;
    QLabel *speed_ = nullptr, *quality_ = nullptr, *renderer_ = nullptr, *skippedLink_ = nullptr;
};

}  // namespace embedscope
