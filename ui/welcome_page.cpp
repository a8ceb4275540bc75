#include "ui/welcome_page.h"

#include "engine/run_resume.h"
#include "ui/icons.h"
#include "ui/paths.h"
#include "ui/ready_made_comparisons.h"
#include "ui/recent_places.h"

#include <QFileInfo>
#include <QGridLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

namespace embedscope {
namespace {

constexpr int kPageWidth = 880;
constexpr int kPlaces = 3;
constexpr int kBesideLink = 160;  // its frame, and the button that resumes

QLabel* heading(const QString& text) {
    auto* label = new QLabel(text);
    label->setProperty("heading", true);
    return label;
}

QLabel* faint(const QString& text) {
    auto* label = new QLabel(text);
    label->setProperty("faint", true);
    label->setWordWrap(true);
    return label;
}

/// A button with a title and a line of explanation.
QPushButton* card(const QString& title, const QString& about) {
    auto* button = new QPushButton;
    button->setProperty("card", true);
    button->setMinimumHeight(76);
    auto* layout = new QVBoxLayout(button);
    layout->setContentsMargins(12, 10, 12, 10);
    layout->setSpacing(3);
    for (QLabel* label : {heading(title), faint(about)}) {
        label->setAttribute(Qt::WA_TransparentForMouseEvents);
        layout->addWidget(label);
    }
    layout->addStretch();
    button->setAccessibleName(title);
    return button;
}

}  // namespace

WelcomePage::WelcomePage(QWidget* parent) : QWidget(parent) {
    setObjectName("welcome_page");
    auto* column = new QWidget;
    column->setMaximumWidth(kPageWidth);
    auto* layout = new QVBoxLayout(column);
    layout->setSpacing(12);
    auto* title = new QLabel(tr("Embedscope"));
    title->setProperty("title", true);
    layout->addWidget(title);
    layout->addWidget(
        faint(tr("Train an image encoder with contrastive learning and watch its embedding space form: "
                 "similar images pull together, dissimilar ones are pushed apart.")));
    layout->addSpacing(12);
    layout->addWidget(makeActions());
    layout->addWidget(
        faint(tr("… or drop a folder anywhere on this window. A folder for each class, train/ and test/ "
                 "above them, a CSV manifest (path,label,split) or IDX files.")));
    places_ = new QVBoxLayout;  // before what is for newcomers: who comes back wants to go on
    places_->setSpacing(4);
    layout->addLayout(places_);
    layout->addSpacing(12);
    layout->addWidget(heading(tr("Ready-made experiments, on the sample")));
    layout->addWidget(makeReadyMade());
    layout->addSpacing(12);
    layout->addWidget(heading(tr("Compare side by side, on the sample")));
    layout->addWidget(makeComparisons());

    auto* page = new QWidget;
    auto* outer = new QGridLayout(page);
    outer->setColumnStretch(0, 1);
    outer->setColumnStretch(1, 8);
    outer->setColumnStretch(2, 1);
    outer->setRowStretch(0, 1);
    outer->setRowStretch(2, 2);
    outer->addWidget(column, 1, 1);
    auto* scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidget(page);
    auto* whole = new QVBoxLayout(this);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->addWidget(scroll);
    refresh();
}

QWidget* WelcomePage::makeActions() {
    auto* row = new QWidget;
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(12);
    auto* sample = new QPushButton(icon(Symbol::Sample, Qt::white), tr("  Try the sample"));
    sample->setObjectName("try_sample");
    sample->setProperty("primary", true);
    sample->setToolTip(tr("2,500 pictures of clothes in ten classes (Fashion-MNIST), bundled with the program."));
    auto* folder = new QPushButton(icon(Symbol::Open), tr("  Open folder…"));
    folder->setObjectName("open_folder");
    auto* file = new QPushButton(tr("Open manifest or IDX file…"));
    file->setObjectName("open_file");
    auto* comparison = new QPushButton(icon(Symbol::Compare), tr("  Open comparison…"));
    comparison->setObjectName("open_comparison");
    comparison->setToolTip(tr("A comparison.json that was saved by this program"));
    auto* library = new QPushButton(tr("Library of runs"));
    library->setObjectName("open_library");
    library->setToolTip(tr("All runs that are kept: look, resume, compare, annotate, delete"));
    connect(library, &QPushButton::clicked, this, &WelcomePage::libraryRequested);
    for (QPushButton* button : {sample, folder, file, comparison, library}) {
        button->setMinimumHeight(44);
        layout->addWidget(button);
    }
    layout->addStretch();
    connect(sample, &QPushButton::clicked, this, &WelcomePage::sampleRequested);
    connect(folder, &QPushButton::clicked, this, &WelcomePage::openFolderRequested);
    connect(file, &QPushButton::clicked, this, &WelcomePage::openFileRequested);
    connect(comparison, &QPushButton::clicked, this, &WelcomePage::openComparisonRequested);
    return row;
}

QWidget* WelcomePage::makeReadyMade() {
    auto* grid = new QWidget;
    auto* layout = new QGridLayout(grid);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(12);
    int index = 0;
    for (const ReadyMade& readyMade : readyMadeExperiments()) {
        QPushButton* button = card(readyMade.title, readyMade.about);
        button->setObjectName(QString("ready_made_%1").arg(index));
        connect(button, &QPushButton::clicked, this, [this, readyMade] { Q_EMIT readyMadeRequested(readyMade); });
        layout->addWidget(button, index / 2, index % 2);
        ++index;
    }
    return grid;
}

QWidget* WelcomePage::makeComparisons() {
    auto* grid = new QWidget;
    auto* layout = new QGridLayout(grid);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(12);
    int index = 0;
    for (const Comparison& comparison : readyMadeComparisons()) {
        QPushButton* button = card(QString::fromStdString(comparison.name), QString::fromStdString(comparison.about));
        button->setObjectName(QString("comparison_%1").arg(index));
        connect(button, &QPushButton::clicked, this, [this, comparison] { Q_EMIT comparisonRequested(comparison); });
        layout->addWidget(button, index / 2, index % 2);
        ++index;
    }
    return grid;
}

void WelcomePage::refresh() {
    while (QLayoutItem* item = places_->takeAt(0)) {
        if (item->widget()) item->widget()->deleteLater();
        delete item;
    }
    fillPlaces(tr("Opened last"), recentPlaces(), &WelcomePage::placeRequested);
    fillRuns(recentRuns());
}

void WelcomePage::fillPlaces(const QString& title, const QStringList& places,
                             void (WelcomePage::*chosen)(const QString&)) {
    if (places.isEmpty()) return;
    places_->addWidget(heading(title));
    for (const QString& place : places.mid(0, kPlaces)) places_->addWidget(placeLink(place, chosen));
}

/// A click shows a run's settings; the button beside it goes on with it.
void WelcomePage::fillRuns(const QStringList& folders) {
    if (folders.isEmpty()) return;
    places_->addWidget(heading(tr("Runs kept last")));
    for (const QString& folder : folders.mid(0, kPlaces)) {
        auto* row = new QWidget;
        auto* layout = new QHBoxLayout(row);
        layout->setContentsMargins(0, 0, 0, 0);
        layout->setSpacing(8);
        QPushButton* link = placeLink(folder, &WelcomePage::runRequested);
        link->setToolTip(tr("Shows the settings of this run, to start another one from them."));
        layout->addWidget(link, 1);
        places_->addWidget(row);
        if (!hasCheckpoints(pathOf(folder))) continue;
        auto* resume = new QPushButton(icon(Symbol::Play), tr("  Resume"));
        resume->setObjectName("resume_" + QFileInfo(folder).fileName());
        resume->setToolTip(tr("Goes on with this run from its last checkpoint, in the same folder."));
        connect(resume, &QPushButton::clicked, this, [this, folder] { Q_EMIT resumeRequested(folder); });
        layout->addWidget(resume);
    }
}

QPushButton* WelcomePage::placeLink(const QString& place, void (WelcomePage::*chosen)(const QString&)) {
    const QString name = QFileInfo(place).fileName() + "   —   ";
    const int room = kPageWidth - kBesideLink - fontMetrics().horizontalAdvance(name);
    auto* link = new QPushButton(name + fontMetrics().elidedText(place, Qt::ElideMiddle, room));
    link->setToolTip(place);
    link->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);  // a narrow window cuts it
    link->setFlat(true);
    link->setProperty("card", true);
    link->setCursor(Qt::PointingHandCursor);
    connect(link, &QPushButton::clicked, this, [this, chosen, place] { Q_EMIT(this->*chosen)(place); });
    return link;
}

}  // namespace embedscope
