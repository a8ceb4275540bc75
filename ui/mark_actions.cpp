#include "ui/mark_actions.h"

#include "ui/mark_book.h"
#include "ui/paths.h"
#include "ui/plural.h"
#include "ui/scatter/embedding_view.h"

#include <QAction>
#include <QFileDialog>
#include <QMenu>

#include <algorithm>
#include <exception>
#include <memory>
#include <utility>

namespace embedscope {
namespace {

constexpr int kMostInMenu = 60;  // classes

}  // namespace

MarkActions::MarkActions(QWidget* window, MarkBook& book)
    : QObject(window),
      window_(window),
      book_(book),
      writeTask_([this](const QString& problem) {
          problem.isEmpty() ? Q_EMIT told(tr("The marks are written.")) : Q_EMIT failed(problem);
      }),
      readTask_([this](const Read& read) {
          if (read.data != book_.data()) return;
          if (!read.problem.isEmpty()) return Q_EMIT failed(read.problem);
          book_.append(read.marks.marks);
          const QString remark = QString::fromStdString(read.marks.remark());
          remark.isEmpty()
              ? Q_EMIT told(tr("Read: %1.").arg(amount(read.marks.marks.list.size(), tr("mark"), tr("marks"))))
              : Q_EMIT failed(remark);
      }) {
    askForSaveName = [this](const QString& title, const QString& proposed) {
        return QFileDialog::getSaveFileName(window_, title, proposed, tr("Tables (*.csv)"));
    };
    askForFile = [this](const QString& title) {
        return QFileDialog::getOpenFileName(window_, title, {}, tr("Tables (*.csv)"));
    };
    makeActions();
    connect(&book_, &MarkBook::changed, this, &MarkActions::update);
    connect(&book_, &MarkBook::refused, this, &MarkActions::failed);
    update();
}

MarkActions::~MarkActions() = default;

QAction* MarkActions::add(const QString& name, const QString& text, const QString& key, const QString& help,
                          std::function<void()> act) {
    auto* action = new QAction(text, window_);
    action->setObjectName(name);
    action->setToolTip(key.isEmpty() ? help : QString("%1 (%2)").arg(help, key));
    if (!key.isEmpty()) action->setShortcut(QKeySequence(key));
    connect(action, &QAction::triggered, this, std::move(act));
    actions_.push_back(action);
    return action;
}

void MarkActions::makeActions() {
    add("mark_first", tr("Keep as first side"), "Ctrl+1",
        tr("Keeps the selection, or the point that was clicked; the next one is marked as similar or dissimilar to it"),
        [this] { keepFirstSide(); });
    add("mark_similar", tr("Similar"), "Ctrl+2",
        tr("Training pulls the first side and the selection together; without a first side, the selection itself"),
        [this] { markPairs(MarkKind::Similar); });
    add("mark_dissimilar", tr("Dissimilar"), "Ctrl+3",
        tr("Training pushes the first side and the selection apart; without a first side, two selected points"),
        [this] { markPairs(MarkKind::Dissimilar); });
    add("mark_wrong", tr("Wrong label"), "Ctrl+4", tr("Training no longer believes the label of the selected images"),
        [this] { markLabel(kUnlabelled); });
    QAction* label = add("mark_label", tr("Label as"), {}, tr("Training takes another class for theirs"), [] {});
    classes_ = new QMenu(window_);
    classes_->setObjectName("mark_label_menu");
    label->setMenu(classes_);
    connect(classes_, &QMenu::aboutToShow, this, &MarkActions::fillClasses);
    add("mark_ignored", tr("Ignore"), "Ctrl+5", tr("Training leaves the selected images out"),
        [this] { markIgnored(); });
    add("mark_undo", tr("Undo mark"), "Ctrl+Alt+Z", tr("Takes the last change of the marks back"),
        [this] { book_.undo(); });
    add("mark_redo", tr("Redo mark"), "Ctrl+Alt+Shift+Z", tr("Forth again after Undo"), [this] { book_.redo(); });
    add("marks_list", tr("List of the marks"), {}, tr("All marks with their pictures, distances and weights"),
        [this] { Q_EMIT listRequested(); });
    add("marks_pairs", tr("Mined and hardest pairs"), {},
        tr("Triplets as rows of pictures, with buttons that mark what is true of them"),
        [this] { Q_EMIT pairsRequested(); });
    add("marks_export", tr("Export marks…"), {}, tr("Writes all marks as CSV, for --marks or another window"), [this] {
        if (const QString file = askForSaveName(tr("Export the marks"), "marks.csv"); !file.isEmpty()) exportTo(file);
    });
    add("marks_import", tr("Import marks…"), {}, tr("Adds the marks of a CSV file"), [this] {
        if (const QString file = askForFile(tr("Import marks")); !file.isEmpty()) importFrom(file);
    });
}

QAction* MarkActions::action(const QString& name) const {
    const auto found = std::ranges::find(actions_, name, [](const QAction* one) { return one->objectName(); });
    return found == actions_.end() ? nullptr : *found;
}

void MarkActions::addTo(QMenu& menu) {
    for (const char* name : {"mark_first", "mark_similar", "mark_dissimilar"}) menu.addAction(action(name));
    menu.addSeparator();
    for (const char* name : {"mark_wrong", "mark_label", "mark_ignored"}) menu.addAction(action(name));
    menu.addSeparator();
    for (const char* name : {"mark_undo", "mark_redo"}) menu.addAction(action(name));
    menu.addSeparator();
    for (const char* name : {"marks_list", "marks_pairs"}) menu.addAction(action(name));
    menu.addSeparator();
    for (const char* name : {"marks_export", "marks_import"}) menu.addAction(action(name));
}

void MarkActions::addTo(EmbeddingView& view) {
    for (const char* name :
         {"mark_first", "mark_similar", "mark_dissimilar", "mark_wrong", "mark_label", "mark_ignored"})
        view.addAction(action(name));
}

void MarkActions::fillClasses() {
    classes_->clear();
    if (!book_.data()) return;
    const auto& names = book_.data()->classNames;
    for (std::size_t label = 0; label < std::min<std::size_t>(names.size(), kMostInMenu); ++label)
        classes_->addAction(QString::fromStdString(names[label]).replace('&', "&&"), this,
                            [this, label] { markLabel(static_cast<std::int32_t>(label)); });
}

void MarkActions::setView(EmbeddingView* view) {
    if (view == view_) return;
    if (view_) disconnect(view_.data(), nullptr, this, nullptr);
    view_ = view;
    forgetFirstSide();
    if (view_) {
        connect(view_, &EmbeddingView::selectionChanged, this, &MarkActions::update);
        connect(view_, &EmbeddingView::sampleClicked, this, &MarkActions::update, Qt::QueuedConnection);
        connect(view_, &EmbeddingView::dataSetChanged, this, &MarkActions::forgetFirstSide);
    }
    update();
}

/// The selection, or else the point that was clicked.
std::vector<std::int32_t> MarkActions::meant() const {
    if (!view_) return {};
    if (!view_->selection().empty()) return {view_->selection().begin(), view_->selection().end()};
    if (view_->selectedSample() >= 0) return {view_->selectedSample()};
    return {};
}

void MarkActions::keepFirstSide() {
    first_ = meant();
    if (view_) view_->setSelection({});
    Q_EMIT firstSideChanged();
    Q_EMIT told(tr("The first side: %1. Select the second and mark them as similar or dissimilar.")
                    .arg(amount(first_.size(), tr("image"), tr("images"))));
    update();
}

void MarkActions::forgetFirstSide() {
    if (first_.empty()) return;
    first_.clear();
    Q_EMIT firstSideChanged();
    update();
}

void MarkActions::markPairs(MarkKind kind) {
    Mark mark;
    mark.kind = kind;
    std::vector<std::int32_t> chosen = meant();
    if (!first_.empty()) {
        mark.first = first_;
        mark.second = std::move(chosen);
    } else if (chosen.size() == 2) {
        mark.first = {chosen[0]};
        mark.second = {chosen[1]};
    } else {
        mark.first = std::move(chosen);
    }
    const std::size_t before = book_.marks()->list.size();
    book_.add(mark);
    if (book_.marks()->list.size() == before) return;
    forgetFirstSide();
    tellHeldOut(mark);
}

void MarkActions::markLabel(std::int32_t label) {
    Mark mark;
    mark.kind = MarkKind::Label;
    mark.first = meant();
    mark.label = label;
    book_.add(mark);
    tellHeldOut(mark);
}

void MarkActions::markIgnored() {
    Mark mark;
    mark.kind = MarkKind::Ignored;
    mark.first = meant();
    book_.add(mark);
    tellHeldOut(mark);
}

void MarkActions::tellHeldOut(const Mark& mark) {
    const auto count = [&](const std::vector<std::int32_t>& samples) {
        return static_cast<std::size_t>(std::ranges::count_if(samples, [&](std::int32_t sample) {
            return book_.data()->samples[static_cast<std::size_t>(sample)].split == Split::HoldOut;
        }));
    };
    const std::size_t heldOut = count(mark.first) + count(mark.second);
    if (heldOut > 0)
        Q_EMIT told(tr("Held out: %1 of those marked; such images measure the training and never enter it.")
                        .arg(amount(heldOut, tr("image"), tr("images"))));
}

void MarkActions::exportTo(const QString& file) {
    if (!book_.data()) return;
    writeTask_.start([path = pathOf(file), data = book_.data(), marks = book_.marks()] {
        try {
            writeMarks(path, *marks, *data);
            return QString();
        } catch (const std::exception& failure) {
            return QString::fromUtf8(failure.what());
        }
    });
}

void MarkActions::importFrom(const QString& file) {
    if (!book_.data()) return;
    readTask_.start([path = pathOf(file), data = book_.data()] {
        Read read{data, {}, {}};
        try {
            read.marks = readMarks(path, *data);
        } catch (const std::exception& failure) {
            read.problem = QString::fromUtf8(failure.what());
        }
        return read;
    });
}

void MarkActions::update() {
    const bool on = view_ && book_.data();
    const std::size_t chosen = on ? meant().size() : 0;
    action("mark_first")->setEnabled(chosen > 0);
    action("mark_similar")->setEnabled(first_.empty() ? chosen > 1 : chosen > 0);
    action("mark_dissimilar")->setEnabled(first_.empty() ? chosen == 2 : chosen > 0);
    for (const char* name : {"mark_wrong", "mark_ignored"}) action(name)->setEnabled(chosen > 0);
    action("mark_label")->setEnabled(chosen > 0 && !book_.data()->classNames.empty());
    action("mark_undo")->setEnabled(on && book_.canUndo());
    action("mark_redo")->setEnabled(on && book_.canRedo());
    action("marks_export")->setEnabled(on && !book_.marks()->list.empty());
    action("marks_import")->setEnabled(on);
}

}  // namespace embedscope
