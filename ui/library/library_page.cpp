#include "ui/library/library_page.h"

#include "engine/being_written.h"
#include "engine/comparison.h"
#include "ui/library/library_rows.h"
#include "ui/paths.h"
#include "ui/plural.h"
#include "ui/recent_places.h"

#include <QFile>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QInputDialog>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>
#include <QSortFilterProxyModel>
#include <QStandardItemModel>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>
#include <exception>
#include <set>

namespace embedscope {
namespace {

constexpr int kRowHeight = 78;

}  // namespace

LibraryPage::LibraryPage(QWidget* parent) : QWidget(parent), task_([this](const RunShelf& shelf) { fill(shelf); }) {
    setObjectName("library_page");
    askForFolder = [this](const QString& title) { return QFileDialog::getExistingDirectory(this, title); };
    askForName = [this](const QString& title, const QString& now) {
        return QInputDialog::getText(this, title, tr("New name"), QLineEdit::Normal, now);
    };
    confirm = [this](const QString& question) {
        return QMessageBox::question(this, tr("Library of runs"), question) == QMessageBox::Yes;
    };
    moveToTrash = [](const QString& folder) { return QFile::moveToTrash(folder); };
    model_ = new QStandardItemModel(this);
    sorted_ = new QSortFilterProxyModel(this);
    sorted_->setSourceModel(model_);
    sorted_->setSortRole(kSortRole);
    sorted_->setFilterKeyColumn(-1);
    sorted_->setFilterCaseSensitivity(Qt::CaseInsensitive);
    table_ = new QTableView;
    table_->setObjectName("library_table");
    table_->setModel(sorted_);
    table_->setSortingEnabled(true);
    table_->setSelectionBehavior(QAbstractItemView::SelectRows);
    table_->setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::EditKeyPressed);
    table_->setAlternatingRowColors(true);
    table_->setIconSize({96, 72});
    table_->verticalHeader()->hide();
    table_->verticalHeader()->setDefaultSectionSize(kRowHeight);
    table_->horizontalHeader()->setStretchLastSection(true);
    note_ = new QLabel;
    note_->setObjectName("library_note");
    note_->setProperty("faint", true);
    note_->setWordWrap(true);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(makeBar());
    layout->addWidget(table_, 1);
    layout->addWidget(note_);
    layout->addWidget(makeButtons());
    connect(model_, &QStandardItemModel::itemChanged, this, &LibraryPage::keepNotes);
    connect(table_, &QTableView::doubleClicked, this, [this](const QModelIndex& index) {
        if (index.column() < kTags && open_->isEnabled()) Q_EMIT openRequested(soleFolder());
    });
}

LibraryPage::~LibraryPage() {
    stop_.request_stop();
}

void LibraryPage::setOrigin(QWidget* page) {
    if (page != this) origin_ = page;
}

QWidget* LibraryPage::makeBar() {
    auto* bar = new QWidget;
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(0, 0, 0, 0);
    auto* back = new QPushButton(tr("Back"));
    back->setObjectName("library_back");
    back->setToolTip(tr("To where you came from (Esc)"));
    back->setShortcut(Qt::Key_Escape);
    connect(back, &QPushButton::clicked, this, &LibraryPage::backRequested);
    auto* title = new QLabel(tr("Library of runs"));
    title->setProperty("heading", true);
    folder_ = new QLineEdit(runsFolder());
    folder_->setObjectName("library_folder");
    folder_->setReadOnly(true);
    auto* choose = new QPushButton(tr("Choose folder…"));
    auto* again = new QPushButton(tr("Refresh"));
    again->setObjectName("library_refresh");
    auto* filter = new QLineEdit;
    filter->setObjectName("library_filter");
    filter->setPlaceholderText(tr("Filter: name, loss, tag, note …"));
    filter->setClearButtonEnabled(true);
    for (QWidget* part : {static_cast<QWidget*>(back), static_cast<QWidget*>(title), static_cast<QWidget*>(folder_),
                          static_cast<QWidget*>(choose), static_cast<QWidget*>(again), static_cast<QWidget*>(filter)})
        row->addWidget(part, part == folder_ || part == filter ? 1 : 0);
    connect(choose, &QPushButton::clicked, this, &LibraryPage::chooseFolder);
    connect(again, &QPushButton::clicked, this, &LibraryPage::refresh);
    connect(filter, &QLineEdit::textChanged, sorted_, &QSortFilterProxyModel::setFilterFixedString);
    return bar;
}

QPushButton* LibraryPage::addButton(QWidget* row, const QString& name, const QString& text, const QString& help) {
    auto* button = new QPushButton(text);
    button->setObjectName(name);
    button->setToolTip(help);
    row->layout()->addWidget(button);
    return button;
}

QWidget* LibraryPage::makeButtons() {
    auto* buttons = new QWidget;
    auto* row = new QHBoxLayout(buttons);
    row->setContentsMargins(0, 0, 0, 0);
    open_ =
        addButton(buttons, "library_open", tr("Open"), tr("Look at this run, also while another process writes it"));
    settings_ = addButton(buttons, "library_settings", tr("Settings"), tr("Set up another run from its settings"));
    resume_ = addButton(buttons, "library_resume", tr("Resume"), tr("Go on from its last checkpoint"));
    results_ = addButton(buttons, "library_results", tr("Compare results…"),
                         tr("Settings that differ, numbers and curves of two or more runs beside each other"));
    compare_ = addButton(buttons, "library_compare", tr("Train side by side"),
                         tr("Train the settings of two to six runs anew, side by side"));
    export_ = addButton(buttons, "library_export", tr("Export…"), tr("For other programs"));
    row->addStretch(1);
    rename_ = addButton(buttons, "library_rename", tr("Rename…"), tr("Rename the folder of this run"));
    delete_ = addButton(buttons, "library_delete", tr("Delete…"), tr("Move the runs to the trash"));
    connect(open_, &QPushButton::clicked, this, [this] { Q_EMIT openRequested(soleFolder()); });
    connect(settings_, &QPushButton::clicked, this, [this] { Q_EMIT settingsRequested(soleFolder()); });
    connect(resume_, &QPushButton::clicked, this, [this] { Q_EMIT resumeRequested(soleFolder()); });
    connect(export_, &QPushButton::clicked, this, [this] { Q_EMIT exportRequested(soleFolder()); });
    connect(results_, &QPushButton::clicked, this, [this] { Q_EMIT resultsRequested(selectedRuns()); });
    connect(compare_, &QPushButton::clicked, this, [this] { Q_EMIT compareRequested(selectedRuns()); });
    connect(rename_, &QPushButton::clicked, this, &LibraryPage::rename);
    connect(delete_, &QPushButton::clicked, this, &LibraryPage::throwAway);
    connect(table_->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] {
        updateButtons();
        if (!filling_) sayWhatIsHere();
    });
    updateButtons();
    return buttons;
}

void LibraryPage::refresh() {
    const QString folder = runsFolder();
    folder_->setText(folder);
    note_->setText(tr("Reading the folder…"));
    const bool dark = palette().color(QPalette::Base).lightness() < 128;
    task_.start([folder = pathOf(folder), dark, stop = stop_.get_token()] { return readShelf(folder, dark, stop); });
}

void LibraryPage::fill(const RunShelf& shelf) {
    shelf_ = shelf;
    filling_ = true;
    // The table forgets it with its columns; at first it has none, and the newest run is what one looks for.
    const bool sorted = model_->columnCount() > 0;
    const int column = sorted ? table_->horizontalHeader()->sortIndicatorSection() : int{kChanged};
    const Qt::SortOrder order = sorted ? table_->horizontalHeader()->sortIndicatorOrder() : Qt::DescendingOrder;
    model_->clear();
    model_->setHorizontalHeaderLabels(libraryTitles());
    for (std::size_t index = 0; index < shelf_.runs.size(); ++index)
        model_->appendRow(libraryRow(shelf_.runs[index], index));
    filling_ = false;
    table_->sortByColumn(column, order);
    table_->resizeColumnsToContents();
    for (const int wide : {kName, kLoss}) table_->setColumnWidth(wide, std::min(table_->columnWidth(wide), 240));
    table_->setColumnWidth(kTags, std::max(table_->columnWidth(kTags), 110));
    sayWhatIsHere();
    updateButtons();
}

/// Of a run that cannot be read, what is wrong with it.
void LibraryPage::sayWhatIsHere() {
    const std::vector<KeptRun> selected = selectedRuns();
    if (!shelf_.problem.isEmpty())
        note_->setText(shelf_.problem);
    else if (selected.size() == 1 && !selected.front().problem.empty())
        note_->setText(QString::fromStdString(selected.front().problem));
    else if (shelf_.runs.empty())
        note_->setText(
            tr("No run is kept here yet. Tick “Keep this run on disk” in the settings, or choose another folder."));
    else
        note_->setText(tr("%1. Double-click one to look at it; tags and notes are written by double-clicking them.")
                           .arg(amount(shelf_.runs.size(), tr("run"), tr("runs"))));
}

/// A note is a few bytes: written at once.
void LibraryPage::keepNotes(QStandardItem* item) {
    if (filling_ || (item->column() != kTags && item->column() != kNote)) return;
    const auto index = model_->item(item->row(), kName)->data(kIndexRole).toULongLong();
    RunNotes notes;
    notes.tags = model_->item(item->row(), kTags)->text().toStdString();
    notes.note = model_->item(item->row(), kNote)->text().toStdString();
    try {
        writeRunNotes(shelf_.runs[index].run.folder, notes);
        shelf_.runs[index].notes = notes;
    } catch (const std::exception& problem) {
        Q_EMIT sentenceWanted(QString::fromUtf8(problem.what()));
    }
}

std::vector<KeptRun> LibraryPage::selectedRuns() const {
    std::set<int> rows;
    for (const QModelIndex& index : table_->selectionModel()->selectedIndexes()) rows.insert(index.row());
    std::vector<KeptRun> runs;
    for (const int row : rows) {
        const auto index = sorted_->index(row, kName).data(kIndexRole).toULongLong();
        if (index < shelf_.runs.size()) runs.push_back(shelf_.runs[index].run);
    }
    return runs;
}

QString LibraryPage::soleFolder() const {
    const std::vector<KeptRun> runs = selectedRuns();
    return runs.size() == 1 ? textOf(runs.front().folder) : QString();
}

void LibraryPage::updateButtons() {
    const std::vector<KeptRun> runs = selectedRuns();
    const bool one = runs.size() == 1 && runs.front().problem.empty();
    for (QPushButton* button : {open_, settings_, export_}) button->setEnabled(one);
    resume_->setEnabled(one && runs.front().resumable);
    const bool several =
        runs.size() >= 2 && std::ranges::all_of(runs, [](const KeptRun& run) { return run.problem.empty(); });
    results_->setEnabled(several && runs.size() <= kMostComparedRuns);
    compare_->setEnabled(several && runs.size() <= kMostPanes);
    rename_->setEnabled(runs.size() == 1);
    delete_->setEnabled(!runs.empty());
}

void LibraryPage::chooseFolder() {
    const QString folder = askForFolder(tr("A folder of runs"));
    if (folder.isEmpty()) return;
    setRunsFolder(folder);
    refresh();
}

void LibraryPage::rename() {
    const std::filesystem::path folder = selectedRuns().front().folder;
    const QString name = askForName(tr("Rename the run"), textOf(folder.filename())).trimmed();
    if (name.isEmpty() || name == textOf(folder.filename())) return;
    if (name.contains('/') || name.startsWith('.'))
        return Q_EMIT sentenceWanted(
            tr("\"%1\" is no name for a folder; leave slashes and a leading dot out.").arg(name));
    const std::filesystem::path renamed = folder.parent_path() / pathOf(name);
    if (isBeingWritten(folder))
        return Q_EMIT sentenceWanted(tr("“%1” is being trained; stop it first.").arg(textOf(folder.filename())));
    std::error_code failure;
    if (std::filesystem::exists(renamed, failure))
        return Q_EMIT sentenceWanted(tr("There is a run \"%1\" already; choose another name.").arg(name));
    std::filesystem::rename(folder, renamed, failure);
    if (failure)
        Q_EMIT sentenceWanted(tr("The run cannot be renamed: %1.").arg(QString::fromStdString(failure.message())));
    refresh();
}

void LibraryPage::throwAway() {
    const std::vector<KeptRun> runs = selectedRuns();
    const QString what = runs.size() == 1 ? "\"" + runName(runs.front()) + "\"" : tr("%1 runs").arg(runs.size());
    if (!confirm(tr("Move %1 to the trash?").arg(what))) return;
    for (const KeptRun& run : runs)
        if (isBeingWritten(run.folder))
            return Q_EMIT sentenceWanted(tr("“%1” is being trained; stop it first.").arg(runName(run)));
    for (const KeptRun& run : runs)
        if (!moveToTrash(textOf(run.folder)))
            Q_EMIT sentenceWanted(tr("\"%1\" could not be moved to the trash; check the permissions of its folder.")
                                      .arg(textOf(run.folder)));
    refresh();
}

}  // namespace embedscope
