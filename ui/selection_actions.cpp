#include "ui/selection_actions.h"

#include "ui/likely_class.h"
#include "ui/paths.h"
#include "ui/plural.h"
#include "ui/scatter/embedding_view.h"
#include "ui/scatter/relabel_menu.h"
#include "ui/scatter/sample_query.h"

#include <QAction>
#include <QActionGroup>
#include <QClipboard>
#include <QDesktopServices>
#include <QFileDialog>
#include <QFileInfo>
#include <QGuiApplication>
#include <QInputDialog>
#include <QLocale>
#include <QMenu>

#include <algorithm>
#include <exception>
#include <utility>

namespace embedscope {
namespace {

constexpr int kMostInMenu = 40;              // classes or tags
constexpr std::size_t kMostNames = 100'000;  // copied to the clipboard

QString counted(std::size_t number) {
    return QLocale().toString(static_cast<qulonglong>(number));
}

void askWithDialog(QWidget* window, const QStringList& known, const std::function<void(QString)>& answer) {
    auto* dialog = new QInputDialog(window);
    dialog->setObjectName("tag_dialog");
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(QObject::tr("Tag the selection"));
    dialog->setLabelText(QObject::tr("A word that you find these images by later:"));
    dialog->setComboBoxItems(known);
    dialog->setComboBoxEditable(true);
    QObject::connect(dialog, &QInputDialog::textValueSelected, dialog, answer);
    dialog->open();
}

/// What a file manager can show: the file itself inside its folder is not portable, so the folder.
QUrl folderUrl(const DataSet& data, int sample) {
    // A sample inside an IDX file is called "name#17".
    const QString path = textOf(data.root) + '/' +
                         QString::fromStdString(data.samples[static_cast<std::size_t>(sample)].path).section('#', 0, 0);
    return QUrl::fromLocalFile(QFileInfo(path).absolutePath());
}

}  // namespace

SelectionActions::SelectionActions(QWidget* window)
    : QObject(window),
      window_(window),
      tags_(std::make_shared<const SampleTags>()),
      queryTask_([this](const std::pair<QPointer<EmbeddingView>, std::vector<int>>& found) {
          if (!found.first || found.first != view_) return;
          view_->setSelection(found.second);
          Q_EMIT told(found.second.empty()
                          ? tr("No image fits the search.")
                          : tr("Found: %1.").arg(amount(found.second.size(), tr("image"), tr("images"))));
      }),
      loadTask_([this](const Loaded& loaded) {
          if (!data_ || loaded.data->fingerprint != data_->fingerprint) return;
          reading_ = false;
          tags_ = loaded.tags;
          if (!loaded.problem.isEmpty()) Q_EMIT failed(loaded.problem);
          Q_EMIT tagsChanged();
          for (const auto& change : std::exchange(waiting_, {})) changeTags(change);
      }),
      writeTask_([this](const QString& problem) {
          problem.isEmpty() ? Q_EMIT told(tr("The list is written.")) : Q_EMIT failed(problem);
      }),
      tagsTask_([this](const QString& problem) {
          if (!problem.isEmpty()) Q_EMIT failed(problem);
      }) {
    askForTag = [this](const QStringList& known, const std::function<void(QString)>& answer) {
        askWithDialog(window_, known, answer);
    };
    askForSaveName = [this](const QString& title, const QString& proposed) {
        return QFileDialog::getSaveFileName(window_, title, proposed, tr("Tables (*.csv)"));
    };
    openUrl = [](const QUrl& url) { return QDesktopServices::openUrl(url); };
    makeSelecting();
    makeTools();
    makeShowing();
    makeUsing();
    update();
}

SelectionActions::~SelectionActions() {
    tagsTask_.complete();
}

QAction* SelectionActions::add(const QString& name, const QString& text, const QString& key, const QString& help,
                               std::function<void(EmbeddingView&)> act) {
    auto* action = new QAction(text, window_);
    action->setObjectName(name);
    action->setToolTip(key.isEmpty() ? help : QString("%1 (%2)").arg(help, key));
    if (!key.isEmpty()) action->setShortcut(QKeySequence(key));
    connect(action, &QAction::triggered, this, [this, act = std::move(act)] {
        if (view_) act(*view_);
    });
    actions_.push_back(action);
    return action;
}

void SelectionActions::makeSelecting() {
    add("select_all", tr("Select all that is shown"), "A", tr("Selects every point that is not hidden"),
        [](EmbeddingView& view) { view.selectVisible(); });
    // Esc also ends what other widgets do: only the view itself answers to it.
    add("select_none", tr("Select nothing"), "Esc", tr("Empties the selection and puts the tool away"),
        [](EmbeddingView& view) { view.selectNothing(); })
        ->setShortcutContext(Qt::WidgetShortcut);
    add("select_invert", tr("Invert the selection"), "I", tr("Selects what is shown and not selected"),
        [](EmbeddingView& view) { view.invertSelection(); });
    add("select_undo", tr("Undo"), "Ctrl+Z", tr("The selection, what was hidden and the marks as they were before"),
        [](EmbeddingView& view) { view.undoSelection(); });
    add("select_redo", tr("Redo"), "Ctrl+Shift+Z", tr("Forth again after Undo"),
        [](EmbeddingView& view) { view.redoSelection(); });
    add("select_query", tr("Search…"), "Ctrl+F", tr("Selects images by file name, class, split or tag"),
        [this](EmbeddingView&) { Q_EMIT queryRequested(); });
}

void SelectionActions::makeTools() {
    struct Tool {
        const char *name, *text, *key, *help;
        SelectionTool tool;
    };
    const Tool tools[] = {
        {"tool_move", QT_TR_NOOP("Move"), "V", QT_TR_NOOP("Dragging moves the picture; with Shift it selects"),
         SelectionTool::Move},
        {"tool_lasso", QT_TR_NOOP("Lasso"), "L",
         QT_TR_NOOP("Dragging selects what it encloses; Shift adds, Ctrl takes away"), SelectionTool::Lasso},
        {"tool_rectangle", QT_TR_NOOP("Rectangle"), "R",
         QT_TR_NOOP("Dragging selects from corner to corner; Shift adds, Ctrl takes away"), SelectionTool::Rectangle},
        {"tool_brush", QT_TR_NOOP("Brush"), "B",
         QT_TR_NOOP("Dragging selects what the ring passes over; Shift adds, Ctrl takes away, Shift and wheel change "
                    "its size"),
         SelectionTool::Brush}};
    auto* group = new QActionGroup(this);
    for (const Tool& tool : tools) {
        QAction* action = add(tool.name, tr(tool.text), tool.key, tr(tool.help),
                              [kind = tool.tool](EmbeddingView& view) { view.setSelectionTool(kind); });
        action->setCheckable(true);
        action->setData(static_cast<int>(tool.tool));
        group->addAction(action);
    }
    group->actions().first()->setChecked(true);
}

void SelectionActions::makeShowing() {
    add("select_fit", tr("Zoom to the selection"), "H", tr("Shows the selected points as large as fits"),
        [](EmbeddingView& view) { view.fitSelection(); });
    add("select_isolate", tr("Show only the selection"), "Ctrl+I", tr("Hides all other points"),
        [](EmbeddingView& view) { view.isolateSelection(); });
    add("select_hide", tr("Hide the selection"), "Ctrl+H", tr("Takes the selected points out of the picture"),
        [](EmbeddingView& view) { view.hideSelection(); });
    add("select_show_hidden", tr("Show what was hidden"), "Ctrl+Shift+H", tr("All points are shown again"),
        [](EmbeddingView& view) { view.showHidden(); });
    QAction* greys = add("select_greys_rest", tr("Grey the rest"), {},
                         tr("What is not selected turns pale; otherwise the selected points get rings"),
                         [this](EmbeddingView& view) { view.setRestGreyed(action("select_greys_rest")->isChecked()); });
    greys->setCheckable(true);
    greys->setChecked(true);
}

void SelectionActions::makeUsing() {
    add("select_gallery", tr("Show as a gallery"), "G", tr("The pictures of the selected points"),
        [this](EmbeddingView&) { Q_EMIT galleryRequested(); });
    add("select_tag", tr("Tag…"), "Ctrl+T", tr("Puts a word on the selected images, to find them by later"),
        [this](EmbeddingView&) { startTag(); });
    add("select_relabel", tr("Relabel…"), "Ctrl+R",
        tr("Gives the selected images, or the one that was clicked, another class"),
        [this](EmbeddingView&) { startRelabel(); });
    add("select_export", tr("Export list…"), "Ctrl+E", tr("Path, class, split and tags of the selected images as CSV"),
        [this](EmbeddingView&) { exportList(); });
    add("select_copy", tr("Copy file names"), "Ctrl+Shift+C",
        tr("Puts the paths of the selected images on the clipboard"), [this](EmbeddingView&) { copyNames(); });
    add("select_open", tr("Open in the file manager"), "Ctrl+Shift+O",
        tr("Opens the folder of the image that was clicked, or of the first one selected"),
        [this](EmbeddingView&) { openInFileManager(); });
}

QAction* SelectionActions::action(const QString& name) const {
    const auto found = std::ranges::find(actions_, name, [](const QAction* one) { return one->objectName(); });
    return found == actions_.end() ? nullptr : *found;
}

void SelectionActions::addTo(QMenu& menu) {
    const auto addAll = [&](std::initializer_list<const char*> names) {
        for (const char* name : names) menu.addAction(action(name));
    };
    addAll({"select_all", "select_none", "select_invert", "select_query"});
    QMenu* classes = menu.addMenu(tr("Select a class"));
    classes->setObjectName("select_class_menu");
    connect(classes, &QMenu::aboutToShow, this, [this, classes] { fillClasses(*classes); });
    QMenu* tagged = menu.addMenu(tr("Select a tag"));
    tagged->setObjectName("select_tag_menu");
    connect(tagged, &QMenu::aboutToShow, this, [this, tagged] { fillTags(*tagged, false); });
    menu.addSeparator();
    addAll({"select_undo", "select_redo"});
    menu.addSeparator();
    addAll({"tool_move", "tool_lasso", "tool_rectangle", "tool_brush"});
    menu.addSeparator();
    addAll({"select_fit", "select_isolate", "select_hide", "select_show_hidden", "select_greys_rest"});
    menu.addSeparator();
    addAll({"select_gallery", "select_relabel"});
    addAll({"select_tag"});
    QMenu* untag = menu.addMenu(tr("Remove a tag"));
    untag->setObjectName("select_untag_menu");
    connect(untag, &QMenu::aboutToShow, this, [this, untag] { fillTags(*untag, true); });
    addAll({"select_export", "select_copy", "select_open"});
}

void SelectionActions::fillClasses(QMenu& menu) {
    menu.clear();
    if (!view_ || !data_) return;
    const int classes = static_cast<int>(data_->classNames.size());
    for (int label = 0; label < std::min(classes, kMostInMenu); ++label)
        menu.addAction(QString::fromStdString(data_->classNames[static_cast<std::size_t>(label)]).replace('&', "&&"),
                       this, [this, label] {
                           std::vector<int> samples;
                           for (std::size_t i = 0; i < data_->size(); ++i)
                               if (data_->samples[i].label == label) samples.push_back(static_cast<int>(i));
                           if (view_) view_->setSelection(std::move(samples));
                       });
    if (classes > kMostInMenu)
        menu.addAction(tr("%1 more: search…").arg(classes - kMostInMenu), this, &SelectionActions::queryRequested);
}

void SelectionActions::fillTags(QMenu& menu, bool removes) {
    menu.clear();
    for (const auto& [tag, samples] : tags_->all()) {
        if (menu.actions().size() == kMostInMenu) break;
        const QString text = QString("%1   %2").arg(QString(tag).replace('&', "&&"), counted(samples.size()));
        menu.addAction(text, this, [this, removes, word = tag] {
            if (removes)
                untagSelection(word);
            else if (view_)
                view_->setSelection(tags_->all().at(word));
        });
    }
    if (menu.isEmpty()) menu.addAction(tr("There are no tags yet."))->setEnabled(false);
}

void SelectionActions::setView(EmbeddingView* view) {
    if (view == view_) return;
    if (view_) disconnect(view_.data(), nullptr, this, nullptr);
    view_ = view;
    if (view_) {
        connect(view_, &EmbeddingView::selectionChanged, this, &SelectionActions::update);
        connect(view_, &EmbeddingView::hiddenChanged, this, &SelectionActions::update);
        connect(view_, &EmbeddingView::selectionToolChanged, this, &SelectionActions::update);
        connect(view_, &EmbeddingView::dataSetChanged, this, &SelectionActions::takeDataSet);
        connect(view_, &EmbeddingView::labelsChanged, this, [this] {
            data_ = view_->dataSet();
            update();
        });
        connect(view_, &EmbeddingView::sampleClicked, this, &SelectionActions::update, Qt::QueuedConnection);
    }
    takeDataSet();
}

void SelectionActions::setRelabelling(bool offered) {
    relabelling_ = offered;
    update();
}

/// The selection, or the sample that was clicked.
std::vector<int> SelectionActions::meantSamples() const {
    if (!view_) return {};
    if (!view_->selection().empty() || view_->selectedSample() < 0) return view_->selection();
    return {view_->selectedSample()};
}

void SelectionActions::startRelabel() {
    if (!data_ || meantSamples().empty()) return;
    const std::shared_ptr<const Layout> layout = view_->shownLayout();
    askForClass(
        window_, *data_, meantSamples().size(),
        [this, samples = meantSamples()](int label) { Q_EMIT relabelRequested(samples, label); },
        layout && layout->bank ? likelyClass(*layout->bank, *data_, meantSamples()) : std::nullopt);
}

void SelectionActions::takeDataSet() {
    update();
    const std::shared_ptr<const DataSet> data = view_ ? view_->dataSet() : nullptr;
    if (data == data_) return;
    data_ = data;
    tags_ = std::make_shared<const SampleTags>();
    waiting_.clear();
    Q_EMIT tagsChanged();
    reading_ = data_ && !tagsFile(*data_).isEmpty();
    if (!reading_) return;
    loadTask_.start([data = data_] {
        Loaded loaded{data, std::make_shared<const SampleTags>(), {}};
        try {
            loaded.tags = std::make_shared<const SampleTags>(readTags(tagsFile(*data), *data));
        } catch (const std::exception& failure) {
            loaded.problem = QString::fromUtf8(failure.what());
        }
        return loaded;
    });
}

void SelectionActions::update() {
    const bool any = view_ && !view_->selection().empty();
    for (QAction* action : actions_) action->setEnabled(view_ != nullptr);
    for (const char* name : {"select_fit", "select_isolate", "select_hide", "select_gallery", "select_tag",
                             "select_export", "select_copy"})
        action(name)->setEnabled(any);
    action("select_open")->setEnabled(any || (view_ && view_->selectedSample() >= 0));
    action("select_relabel")->setEnabled(relabelling_ && !meantSamples().empty());
    action("select_show_hidden")->setEnabled(view_ && !view_->hiddenSamples().empty());
    action("select_undo")->setEnabled(view_ && view_->canUndoSelection());
    action("select_redo")->setEnabled(view_ && view_->canRedoSelection());
    if (!view_) return;
    action("select_greys_rest")->setChecked(view_->isRestGreyed());
    for (const char* name : {"tool_move", "tool_lasso", "tool_rectangle", "tool_brush"})
        if (QAction* tool = action(name); tool->data().toInt() == static_cast<int>(view_->selectionTool()))
            tool->setChecked(true);
}

void SelectionActions::selectByQuery(const QString& text) {
    const SampleQuery query(text, view_ ? view_->columns() : nullptr);
    if (!query.problem().isEmpty()) {
        Q_EMIT failed(query.problem());
        return;
    }
    if (!view_ || !data_) return;
    queryTask_.start([query, data = data_, tags = tags_, view = view_] {
        return std::pair(view, query.find(*data, [&tags](int sample) { return tags->tagsOf(sample); }));
    });
}

void SelectionActions::changeTags(const std::function<void(SampleTags&)>& change) {
    if (reading_) {
        waiting_.push_back(change);
        return;
    }
    auto changed = std::make_shared<SampleTags>(*tags_);
    change(*changed);
    tags_ = std::move(changed);
    Q_EMIT tagsChanged();
    tagsTask_.start([data = data_, tags = tags_] {
        try {
            writeTags(tagsFile(*data), *data, *tags);
            return QString();
        } catch (const std::exception& failure) {
            return QString::fromUtf8(failure.what());
        }
    });
}

void SelectionActions::tagSelection(const QString& text) {
    const QString tag = text.simplified();
    if (!view_ || !data_ || tag.isEmpty()) return;
    changeTags([samples = view_->selection(), tag](SampleTags& tags) { tags.add(samples, tag); });
    Q_EMIT told(tr("%1 tagged “%2”; tag:%2 finds what has this tag.")
                    .arg(amount(view_->selection().size(), tr("image"), tr("images")), tag));
}

void SelectionActions::untagSelection(const QString& tag) {
    if (!view_ || !data_) return;
    changeTags([samples = view_->selection(), tag](SampleTags& tags) { tags.remove(samples, tag); });
}

void SelectionActions::startTag() {
    QStringList known;
    for (const auto& [tag, samples] : tags_->all()) known << tag;
    askForTag(known, [this](const QString& tag) { tagSelection(tag); });
}

void SelectionActions::exportList() {
    const QString file = askForSaveName(tr("Export the selection"), "selection.csv");
    if (file.isEmpty() || !data_) return;
    writeTask_.start([file, data = data_, samples = view_->selection(), tags = tags_] {
        try {
            writeSampleList(file, *data, samples, *tags);
            return QString();
        } catch (const std::exception& failure) {
            return QString::fromUtf8(failure.what());
        }
    });
}

void SelectionActions::copyNames() {
    const std::vector<int>& samples = view_->selection();
    if (samples.size() > kMostNames) {
        Q_EMIT failed(
            tr("%1 names are too many for the clipboard; export the list instead.").arg(counted(samples.size())));
        return;
    }
    QString text;
    for (const int sample : samples)
        text += QString::fromStdString(data_->samples[static_cast<std::size_t>(sample)].path) + '\n';
    QGuiApplication::clipboard()->setText(text);
    Q_EMIT told(tr("%1 file names are on the clipboard.").arg(counted(samples.size())));
}

void SelectionActions::openInFileManager() {
    const int clicked = view_->selectedSample();
    const QUrl folder = folderUrl(*data_, clicked >= 0 ? clicked : view_->selection().front());
    if (!openUrl(folder)) Q_EMIT failed(tr("No file manager opened \"%1\".").arg(folder.toLocalFile()));
}

}  // namespace embedscope
