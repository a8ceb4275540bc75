// Which page the window shows, and what its title and its status line say of it.
#include "ui/banner.h"
#include "ui/compare/comparison_controller.h"
#include "ui/compare/comparison_page.h"
#include "ui/form/experiment_form.h"
#include "ui/load_page.h"
#include "ui/main_window.h"
#include "ui/same_images.h"
#include "ui/scatter/embedding_view.h"
#include "ui/status_line.h"
#include "ui/welcome_page.h"
#include "ui/work_view.h"

#include <QStackedWidget>

namespace embedscope {

/// What is said of a run stands beside that run only. @param what Of the title; may be empty.
void MainWindow::showPage(QWidget* page, const QString& what) {
    pages_->setCurrentWidget(page);
    setWindowTitle(what.isEmpty() ? tr("Embedscope") : tr("%1 – Embedscope").arg(what));
    status_->showState({});
    speed_->clear();
    quality_->setText(page == work_ ? mapQuality_ : QString());
    if (page == work_ && runs_->snapshot()) showStatus(*runs_->snapshot());
    showHealth();
    updateActions();
}

/// The run that has just begun.
void MainWindow::showRun(const QString& name) {
    if (comparison_) comparison_->controller()->setPaused(true);
    runTitle_ = name;
    showPage(work_, runTitle_);
    work_->view()->setFocus();
}

/// A run that was left for its settings or for another folder is still there.
void MainWindow::showRunOrWelcome() {
    runs_->snapshot() ? showPage(work_, runTitle_) : showWelcome();
}

void MainWindow::showWelcome() {
    welcome_->refresh();
    showPage(welcome_, {});
}

void MainWindow::showLoading(const QString& name) {
    load_->begin(name);
    showPage(load_, name);
}

/// A run that was opened or resumed has not been through the form: it begins with that run's settings.
void MainWindow::showForm() {
    const bool ofRun = sameFiles(data_, runs_->data());
    if (data_ && form_->dataSet() != data_) fillForm(ofRun ? runs_->experiment() : form_->experiment());
    showPage(form_, data_ ? tr("Settings for %1").arg(QString::fromStdString(data_->name)) : tr("Settings"));
}

/// For the images that were opened. Where they lie and their shape is as they are, their hold-out as in `experiment`.
void MainWindow::fillForm(Experiment experiment) {
    const DataSettings chosen = experiment.data;
    experiment.data = dataSettings_;
    experiment.data.holdOut = chosen.holdOut;
    experiment.data.holdOutShare = chosen.holdOutShare;
    form_->setExperiment(experiment);
    form_->setDataSet(data_);
}

/// As the pages of that kind are shown anyway.
void MainWindow::showAgain(QWidget* page) {
    if (page == comparison_ && comparison_)
        showComparison();
    else if (page == form_)
        showForm();
    else if (page == welcome_)
        showWelcome();
    else
        showRunOrWelcome();
}

void MainWindow::showSentence(const QString& sentence) {
    banner_->showSentence(sentence);
}

void MainWindow::tell(const QString& remark) {
    constexpr int kTold = 6000;  // milliseconds that it stands in the status line
    status_->tell(remark, kTold);
}

}  // namespace embedscope
