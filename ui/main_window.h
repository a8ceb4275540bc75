#pragma once

#include "ui/ready_made.h"
#include "ui/run_controller.h"

#include <QMainWindow>

#include <functional>
#include <memory>
#include <optional>

class QAction;
class QLabel;
class QStackedWidget;

namespace embedscope {

class Banner;
class DataController;
class ExperimentForm;
class LoadPage;
class WelcomePage;
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

    RunController* runs() const { return runs_; }
    WorkView* workView() const { return work_; }

    /// Asks for a path; tests answer it themselves. An empty answer is a cancel.
    std::function<QString(const QString&title)> askForFolder, askForFile, askForSaveName;

protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    void closeEvent(QCloseEvent* event) override;

private:
    void makePages();
    void makeActions();
    void makeMenus();
    void makeToolBar();
    void makeStatusBar();
    void connectControllers();
    void connectPages();
    QAction* addAction(const QString& name, const QString& text, const QIcon& icon, const QString& help);

    void load(const DataSettings& settings);
    void showOpened(std::shared_ptr<const DataSet> dataSet, const QString& remark);
    void startFromForm();
    void startOrPause();
    void restartRun();
    void showWelcome();
    void showForm();
    void showStatus(const Snapshot& snapshot);
    void showSentence(const QString& sentence);
    void updateActions();
    void savePicture();
    void showSkippedCount();
    void showSkipped();
    void chooseTheme(int choice);

    RunController* runs_ = nullptr;
    DataController* loads_ = nullptr;
    std::shared_ptr<const DataSet> data_;  ///< As opened, without hold-out.
    DataSettings dataSettings_;
    std::optional<Experiment> pending_;  ///< A ready-made experiment to show once its data is open.

    QStackedWidget* pages_ = nullptr;
    Banner* banner_ = nullptr;
    WelcomePage* welcome_ = nullptr;
    LoadPage* load_ = nullptr;
    ExperimentForm* form_ = nullptr;
    WorkView* work_ = nullptr;

    QAction *openFolder_ = nullptr, *openFile_ = nullptr, *sample_ = nullptr, *newExperiment_ = nullptr;
    QAction *startPause_ = nullptr, *step_ = nullptr, *stop_ = nullptr, *restart_ = nullptr;
    QAction *fit_ = nullptr, *freeze_ = nullptr, *save_ = nullptr, *skipped_ = nullptr;
    QLabel *status_ = nullptr, *speed_ = nullptr, *quality_ = nullptr, *renderer_ = nullptr, *skippedLink_ = nullptr;
};

}  // namespace embedscope
