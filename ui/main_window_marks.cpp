// What is marked by hand, from the picture to the runs.
#include "ui/compare/comparison_controller.h"
#include "ui/compare/comparison_page.h"
#include "ui/inspector/pair_lab.h"
#include "ui/main_window.h"
#include "ui/mark_actions.h"
#include "ui/mark_book.h"
#include "ui/scatter/embedding_view.h"
#include "ui/scatter/mark_links.h"
#include "ui/work_view.h"

#include <QAction>
#include <QMenu>

#include <utility>

namespace embedscope {

void MainWindow::makeMarks() {
    marks_ = new MarkBook(this);
    marking_ = new MarkActions(this, *marks_);
    links_ = std::make_shared<MarkLinks>();
    work_->addMarks(*marks_, *marking_, links_);
    connect(marking_, &MarkActions::failed, this, &MainWindow::showSentence);
    connect(marking_, &MarkActions::told, this, &MainWindow::tell);
}

/// After the page of the run follows it: the page forgets, and then is told what is marked.
void MainWindow::connectMarks() {
    connect(marks_, &MarkBook::edited, this, [this] {
        if (isComparing())
            comparison_->controller()->setMarks(marks_->marks());
        else
            runs_->setMarks(marks_->marks());
    });
    connect(work_, &WorkView::marginRequested, runs_,
            [this](double margin) { runs_->setLossParameter("margin", margin); });
    connect(work_, &WorkView::lossesRequested, runs_, &RunController::watchMining);
    connect(runs_, &RunController::tuplesArrived, work_, &WorkView::showTuples);
    connect(runs_, &RunController::started, this, [this] {
        marks_->setDataSet(runs_->data());
        work_->showMarksTaken(nullptr);
    });
    connect(runs_, &RunController::marksTaken, this, [this](const std::shared_ptr<const Marks>& taken) {
        work_->showMarksTaken(taken);
        // Of a run that is gone on with.
        if (taken && marks_->marks()->list.empty() && !marks_->canUndo() && !marks_->canRedo()) marks_->take(taken);
    });
}

/// The view whose selection is marked, and the marks of its images.
void MainWindow::markIn(EmbeddingView* view) {
    marking_->setView(view);
    if (view && isComparing() && !view->property("marked").toBool()) {  // a pane that is new
        view->setProperty("marked", true);
        view->addOverlay(links_);
        marking_->addTo(*view);
        connect(marks_, &MarkBook::changed, view, &EmbeddingView::refresh);
    }
    if (!view || !view->dataSet() || view->dataSet() == marks_->data()) return;
    const std::shared_ptr<const DataSet> before = marks_->data();
    marks_->setDataSet(view->dataSet());
    const bool other = marks_->marks()->list.empty() && !marks_->canUndo();
    if (other && before && !isComparing()) marks_->take(runs_->marks());
}

/// Marks of the same images stay from run to run.
RunCompany MainWindow::companyOf(const std::shared_ptr<const DataSet>& images) {
    marks_->setDataSet(images);
    RunCompany company;
    if (!marks_->marks()->list.empty()) company.marks = marks_->marks();
    return company;
}

}  // namespace embedscope
