#include "tests/ui/scatter_data.h"
#include "tests/ui/view_hand.h"
#include "ui/inspector/gallery_panel.h"
#include "ui/inspector/thumbnail_grid.h"
#include "ui/likely_class.h"
#include "ui/mark_actions.h"
#include "ui/mark_book.h"
#include "ui/scatter/mark_links.h"
#include "ui/scatter/relabel_menu.h"
#include "ui/selection_actions.h"
#include "ui/shown_labels.h"
#include "ui/work_view.h"

#include <QAction>
#include <QContextMenuEvent>
#include <QDialogButtonBox>
#include <QInputDialog>
#include <QListWidget>
#include <QMainWindow>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QtTest>

namespace embedscope {
namespace {

/// A page with ten images of five classes, and the actions of its window.
struct Shown {
    QMainWindow window;
    WorkView* work = new WorkView;
    SelectionActions actions{&window};
    MarkBook book;
    MarkActions marking{&window, book};
    std::shared_ptr<const DataSet> data = test::makeScatterData(10, 5);

    Shown() {
        work->addMarks(book, marking, std::make_shared<MarkLinks>());
        window.setCentralWidget(work);
        window.resize(1400, 900);
        QObject::connect(&actions, &SelectionActions::relabelRequested, work, &WorkView::relabel);
        work->begin(Experiment(), data);
        book.setDataSet(data);
        window.show();
        auto snapshot = std::make_shared<Snapshot>();
        snapshot->history = std::make_shared<const std::vector<MetricsRow>>();
        work->showSnapshot(snapshot);
        work->showLayout(test::makeLayout(test::classClouds(*data, 1)));
        actions.setView(work->view());
        marking.setView(work->view());
        actions.setRelabelling(true);
    }
    EmbeddingView& view() { return *work->view(); }
    int labelOf(int sample) { return view().dataSet()->samples[static_cast<std::size_t>(sample)].label; }
    QColor colorOf(int sample) {
        const DrawnPoint& point = view().points()[static_cast<std::size_t>(sample)];
        return {point.red, point.green, point.blue};
    }
    QString legendText(int row) { return work->findChild<QListWidget*>("class_list")->item(row)->text(); }
};

}  // namespace

class RelabelTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void LaterMarksCountAndHeldOutImagesShowTheirs() {
        const auto data = test::makeScatterData(10, 5);
        const auto label = [](std::vector<std::int32_t> samples, std::int32_t to) {
            Mark mark;
            mark.kind = MarkKind::Label;
            mark.first = std::move(samples);
            mark.label = to;
            return mark;
        };
        Mark similar;
        similar.first = {2, 3};
        QCOMPARE(shownLabels(data, Marks{{similar}}).data, data);
        const ShownLabels shown = shownLabels(data, Marks{{label({4, 1}, 2), similar, label({1}, 3), label({0}, 0)}});
        QCOMPARE(shown.data->samples[1].label, 3);
        QCOMPARE(shown.data->samples[4].label, 2);  // held out
        QCOMPARE(shown.changed, (std::vector<int>{1, 4}));
        QCOMPARE(data->samples[1].label, 1);
        QCOMPARE(shown.data->pixels.view().data(), data->pixels.view().data());
        QCOMPARE(shownLabels(data, Marks{{label({1}, 3), label({1}, 1)}}).data, data);
    }

    void EverythingShowsTheNewLabelAndTheWayBackTheOld() {
        Shown shown;
        QVERIFY(test::rests(shown.view()));
        const QPointF place = *shown.view().screenPositionOf(3);
        shown.view().setSelection({3, 8});
        Q_EMIT shown.actions.relabelRequested({3}, 1);
        QCOMPARE(shown.labelOf(3), 1);
        QCOMPARE(shown.colorOf(3), classColor(1));
        QVERIFY(shown.legendText(1).endsWith("3"));
        QVERIFY(shown.legendText(3).endsWith("1"));
        QCOMPARE(*shown.view().screenPositionOf(3), place);
        QCOMPARE(shown.view().selection(), (std::vector<int>{3, 8}));
        QTRY_COMPARE(shown.work->gallery()->grid()->samples(), (std::vector<int>{3, 8}));  // by class: 1, then 3
        shown.view().setColorBy(ColorBy::Labelled);
        QCOMPARE(shown.view().colorKey().kinds.size(), 3U);
        shown.actions.action("select_undo")->trigger();
        QCOMPARE(shown.labelOf(3), 3);
        QCOMPARE(shown.view().selection(), (std::vector<int>{3, 8}));
        shown.actions.action("select_redo")->trigger();
        QCOMPARE(shown.labelOf(3), 1);
    }

    void TheWayBackIsToldAndLeavesNoEmptyRow() {
        Shown shown;
        QSignalSpy told(shown.work, &WorkView::told);
        const int rows = shown.work->findChild<QListWidget*>("class_list")->count();
        shown.view().setSelection({3});
        Q_EMIT shown.actions.relabelRequested({3}, kUnlabelled);
        QCOMPARE(told.last().value(0).toString(), QString("The image has no label now; Ctrl+Z takes it back."));
        QCOMPARE(shown.work->findChild<QListWidget*>("class_list")->count(), rows + 1);
        shown.work->findChild<QListWidget*>("class_list")->item(rows)->setCheckState(Qt::Unchecked);
        QVERIFY(!shown.view().isClassVisible(kUnlabelled));
        shown.actions.action("select_undo")->trigger();
        QVERIFY(told.last().value(0).toString().contains("taken back"));
        QCOMPARE(shown.work->findChild<QListWidget*>("class_list")->count(), rows);
        QVERIFY(shown.view().isClassVisible(kUnlabelled));
    }

    void LabelsAndSelectionsAreUndoneInOneOrder() {
        Shown shown;
        shown.view().setSelection({2});
        Q_EMIT shown.actions.relabelRequested({2}, 4);
        shown.view().setSelection({5, 6});
        Q_EMIT shown.actions.relabelRequested({5, 6}, 0);
        QAction* undo = shown.actions.action("select_undo");
        undo->trigger();
        QCOMPARE(shown.labelOf(6), 1);
        QCOMPARE(shown.labelOf(2), 4);
        undo->trigger();
        QCOMPARE(shown.view().selection(), std::vector<int>{2});
        QCOMPARE(shown.labelOf(2), 4);
        undo->trigger();
        QCOMPARE(shown.labelOf(2), 2);
        undo->trigger();
        QVERIFY(shown.view().selection().empty());
        QVERIFY(!undo->isEnabled());
        QCOMPARE(shown.view().dataSet(), shown.data);
    }

    void TheMenuOffersTheClasses() {
        Shown shown;
        QVERIFY(!shown.actions.action("select_relabel")->isEnabled());
        shown.view().setSelection({0, 1});
        QVERIFY(shown.actions.action("select_relabel")->isEnabled());
        QMenu menu;
        fillRelabelMenu(menu, shown.data, 2, [&](int label) { shown.work->relabel({0, 1}, label); });
        QCOMPARE(menu.actions().size(), 7);  // five classes, a line, no label
        menu.actions().last()->trigger();
        QCOMPARE(shown.labelOf(0), kUnlabelled);
        QCOMPARE(shown.labelOf(1), kUnlabelled);
        QVERIFY(shown.legendText(5).contains("unlabelled"));
        shown.actions.setRelabelling(false);
        QVERIFY(!shown.actions.action("select_relabel")->isEnabled());
    }

    void TheKeyAsksForAClassByItsName() {
        Shown shown;
        shown.view().setSelection({7});
        shown.actions.action("select_relabel")->trigger();
        auto* dialog = shown.window.findChild<QInputDialog*>("relabel_dialog");
        QVERIFY(dialog);
        const QPushButton* accept = dialog->findChild<QDialogButtonBox*>()->button(QDialogButtonBox::Ok);
        QVERIFY(!accept->isEnabled());  // the neighbours say nothing, so no class is chosen
        dialog->setTextValue("class 4");
        QVERIFY(accept->isEnabled());
        dialog->accept();
        QCOMPARE(shown.labelOf(7), 4);
    }

    void TheClassOfMostNeighboursIsTheLikelyOne() {
        const auto data = test::makeScatterData(40, 4);
        BankFrame bank;
        bank.dimension = 1;
        auto samples = std::make_shared<std::vector<std::int32_t>>();
        for (std::int32_t i = 0; i < 40; ++i) {  // sample 3 of class 3 lies among class 1
            samples->push_back(i);
            bank.embeddings.push_back(i == 3 ? 100.5F : static_cast<float>(100 * (i % 4) + i / 4));
            bank.computedAtStep.push_back(0);
        }
        bank.samples = samples;
        QCOMPARE(likelyClass(bank, *data, {3}), std::optional(1));
        QCOMPARE(likelyClass(bank, *data, {2, 6, 10}), std::optional(2));
        QCOMPARE(likelyClass(bank, *data, {}), std::nullopt);
        bank.embeddings.clear();
        QCOMPARE(likelyClass(bank, *data, {3}), std::nullopt);
    }

    void TheLikelyClassIsChosenAtFirst() {
        Shown shown;
        QWidget parent;
        int chosen = -2;
        askForClass(
            &parent, *shown.data, 1, [&](int label) { chosen = label; }, 3);
        auto* dialog = parent.findChild<QInputDialog*>("relabel_dialog");
        QVERIFY(dialog->labelText().contains("class 3"));
        dialog->accept();
        QCOMPARE(chosen, 3);
    }

    void APictureOfTheGalleryIsRelabelledByItsMenu() {
        Shown shown;
        shown.view().setSelection({2, 3, 4});
        ThumbnailGrid* grid = shown.work->gallery()->grid();
        shown.work->showGallery();
        QTRY_COMPARE(grid->samples().size(), 3U);
        const QPoint place = grid->cellAt(1).center();
        QContextMenuEvent event(QContextMenuEvent::Mouse, place, grid->viewport()->mapToGlobal(place));
        QCoreApplication::sendEvent(grid->viewport(), &event);
        auto* one = shown.work->findChild<QMenu*>("gallery_relabel");
        QVERIFY(one);
        one->actions()[0]->trigger();
        QCOMPARE(shown.labelOf(3), 0);
        shown.work->findChild<QMenu*>("gallery_relabel_all")->actions()[1]->trigger();
        for (const int sample : {2, 3, 4}) QCOMPARE(shown.labelOf(sample), 1);
    }

    void MarksOfEveryKindAreUndoneWithTheSelection() {
        Shown shown;
        shown.view().setSelection({1, 2});
        shown.marking.action("mark_similar")->trigger();
        QCOMPARE(shown.book.marks()->list.size(), 1U);
        shown.view().setSelection({3});
        shown.view().undoSelection();
        QCOMPARE(shown.book.marks()->list.size(), 1U);
        shown.view().undoSelection();
        QCOMPARE(shown.book.marks()->list.size(), 0U);
        QCOMPARE(shown.view().selection(), (std::vector<int>{1, 2}));
        shown.view().redoSelection();
        QCOMPARE(shown.book.marks()->list.size(), 1U);
    }

    void TheNextRunOfTheSameImagesShowsThemToo() {
        Shown shown;
        shown.work->relabel({1}, 2);
        shown.work->begin(Experiment(), shown.data);
        QCOMPARE(shown.book.marks()->list.size(), 1U);
        shown.book.setDataSet(std::make_shared<const DataSet>(*shown.data));  // as the window does when a run starts
        QCOMPARE(shown.labelOf(1), 2);
        QVERIFY(!shown.view().canUndoSelection());
        shown.work->relabel({5}, 3);
        shown.view().undoSelection();
        QCOMPARE(shown.labelOf(5), 0);
        QCOMPARE(shown.labelOf(1), 2);
    }
};

}  // namespace embedscope

QTEST_MAIN(embedscope::RelabelTest)
#include "relabel_test.moc"
