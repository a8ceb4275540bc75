#include "ui/library/results_dialog.h"

#include "engine/comparison_report.h"
#include "engine/run_course.h"
#include "ui/charts/run_colors.h"
#include "ui/compare/comparison_results.h"
#include "ui/library/library_rows.h"

#include <QClipboard>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QPalette>
#include <QPushButton>
#include <QVBoxLayout>

#include <exception>
#include <utility>

namespace embedscope {
namespace {

constexpr QSize kDialogSize(1000, 520);

}  // namespace

ResultsDialog::ResultsDialog(std::vector<KeptRun> runs, QWidget* parent)
    : QDialog(parent), task_([this](Courses courses) { fill(std::move(courses)); }) {
    setObjectName("results_dialog");
    setWindowTitle(tr("Results of %1 runs").arg(runs.size()));
    resize(kDialogSize);
    results_ = new ComparisonResults(ComparisonResults::Forks::None);
    note_ = new QLabel(tr("Reading the runs …"));
    note_->setObjectName("results_note");
    note_->setProperty("faint", true);
    note_->setWordWrap(true);
    axis_ = new QComboBox;
    axis_->setObjectName("results_axis");
    axis_->addItems({tr("training step"), tr("epoch"), tr("seconds of training")});
    axis_->setCurrentIndex(static_cast<int>(TimeAxis::Epoch));
    axis_->setToolTip(tr("What the curves count"));
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    copy_ = buttons->addButton(tr("Copy table"), QDialogButtonBox::ActionRole);
    copy_->setObjectName("results_copy");
    copy_->setToolTip(tr("As CSV, for a spreadsheet"));
    copy_->setEnabled(false);
    auto* foot = new QHBoxLayout;
    foot->addWidget(new QLabel(tr("Curves over:")));
    foot->addWidget(axis_);
    foot->addWidget(buttons, 1);
    auto* column = new QVBoxLayout(this);
    column->addWidget(note_);
    column->addWidget(results_, 1);
    column->addLayout(foot);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::close);
    connect(copy_, &QPushButton::clicked, this, &ResultsDialog::copyTable);
    connect(axis_, &QComboBox::currentIndexChanged, this, [this] {
        results_->setCursor(std::nullopt);
        showAll();
    });
    connect(results_, &ComparisonResults::tabChanged, this, &ResultsDialog::showAll);
    connect(results_, &ComparisonResults::momentClicked, results_, &ComparisonResults::setCursor);
    connect(results_, &ComparisonResults::recallGoalChanged, this, [this](double goal) {
        comparison_.recallGoal = goal;
        showAll();
    });
    task_.start([runs = std::move(runs)] { return read(runs); });
}

ResultsDialog::~ResultsDialog() = default;

ResultsDialog::Courses ResultsDialog::read(const std::vector<KeptRun>& runs) {
    Courses courses;
    for (const KeptRun& run : runs) try {
            courses.runs.push_back(courseOf(run.folder));
            courses.names.push_back(runName(run).toStdString());
        } catch (const std::exception& problem) {
            courses.problem += QString::fromUtf8(problem.what()) + ' ';
        }
    return courses;
}

void ResultsDialog::fill(Courses courses) {
    courses_ = std::move(courses);
    comparison_.runs.clear();
    for (std::size_t run = 0; run < courses_.runs.size(); ++run)
        comparison_.runs.push_back({courses_.names[run], courses_.runs[run].settings, std::nullopt});
    note_->setText(courses_.problem);
    note_->setVisible(!courses_.problem.isEmpty());
    copy_->setEnabled(!courses_.runs.empty());
    showAll();
}

std::vector<ComparisonRow> ResultsDialog::rows() const {
    std::vector<ComparisonRow> rows;
    for (const Snapshot& run : courses_.runs) rows.push_back(rowOf(run, comparison_.recallGoal));
    return rows;
}

void ResultsDialog::showAll() {
    if (courses_.runs.empty()) return;
    const bool dark = palette().color(QPalette::Base).lightness() < 128;
    std::vector<QColor> colors;
    Histories histories;
    for (std::size_t run = 0; run < courses_.runs.size(); ++run) {
        colors.push_back(runColor(run, dark));
        histories.push_back(courses_.runs[run].history);
    }
    results_->show(comparison_, rows(), colors);
    results_->showCurves(comparison_, histories, colors, static_cast<TimeAxis>(axis_->currentIndex()),
                         axis_->currentText());
}

void ResultsDialog::copyTable() const {
    QGuiApplication::clipboard()->setText(QString::fromStdString(tableCsv(comparison_, rows())));
}

}  // namespace embedscope
