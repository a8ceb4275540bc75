// Marks by hand, the pair lab and events in the real window.
#include "tests/support/fake_run.h"
#include "ui/charts/chart_theme.h"
#include "ui/inspector/pair_lab.h"
#include "ui/inspector/tuple_columns.h"
#include "ui/main_window.h"
#include "ui/mark_actions.h"
#include "ui/mark_book.h"
#include "ui/marks_panel.h"
#include "ui/preferences.h"
#include "ui/recent_places.h"
#include "ui/scatter/embedding_view.h"
#include "ui/scatter/mark_links.h"
#include "ui/status_line.h"
#include "ui/timeline.h"
#include "ui/work_view.h"

#include <QAction>
#include <QComboBox>
#include <QCoreApplication>
#include <QDoubleSpinBox>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QScrollBar>
#include <QTabWidget>
#include <QTableWidget>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

#include <cmath>

using namespace embedscope;
using namespace embedscope::test;

namespace {

constexpr int kPatience = 60'000;  // milliseconds

/// The window with a scripted run on the sample.
struct Training {
    explicit Training(FakeScript script = slow())
        : window((clearPreferences(), setKeepsRuns(false), std::make_unique<MainWindow>(fakeRunFactory(script)))) {
        window->resize(1500, 950);
        window->show();
        window->openSample();
        auto* start = window->findChild<QPushButton*>("start");
        if (!QTest::qWaitFor([start] { return start && start->isVisible() && start->isEnabled(); }, kPatience)) return;
        QTest::mouseClick(start, Qt::LeftButton);
        begun = QTest::qWaitFor([this] { return view()->shownLayout() != nullptr; }, kPatience);
    }
    static FakeScript slow() {
        FakeScript script;
        script.perStep = std::chrono::milliseconds(30);
        script.stepsPerEpoch = 2000;  // it does not end while a test looks, however busy the machine is
        return script;
    }

    EmbeddingView* view() const { return window->workView()->view(); }
    QAction* action(const char* name) const { return window->markActions()->action(name); }
    QTabWidget* tabs() const { return window->findChild<QTabWidget*>("course"); }
    const std::vector<Mark>& marks() const { return window->marks()->marks()->list; }
    /// What the run trains with.
    std::vector<Mark> taken() const {
        const auto marks = window->runs()->marks();
        return marks ? marks->list : std::vector<Mark>{};
    }
    /// Training samples that are tracked.
    std::vector<int> some(std::size_t count, std::size_t from = 0) const {
        std::vector<int> found;
        for (const int sample : *view()->shownLayout()->samples)
            if (window->runs()->data()->samples[static_cast<std::size_t>(sample)].split == Split::Train && from-- < 1) {
                from = 0;
                if (found.size() < count) found.push_back(sample);
            }
        return found;
    }

    std::unique_ptr<MainWindow> window;
    bool begun = false;
};

}  // namespace

class MarksWindowTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void TwoPointsAreMarkedAndTheRunTakesThem() {
        const Training training;
        QVERIFY(training.begun);
        QVERIFY(!training.action("mark_similar")->isEnabled());
        const std::vector<int> two = training.some(2);
        training.view()->setSelection(two);
        QVERIFY(training.action("mark_similar")->isEnabled());
        training.action("mark_similar")->trigger();
        QCOMPARE(training.marks().size(), std::size_t(1));
        QCOMPARE(training.marks()[0].pairs(), std::size_t(1));
        QTRY_COMPARE_WITH_TIMEOUT(training.taken().size(), std::size_t(1), kPatience);

        auto* panel = training.window->findChild<MarksPanel*>();
        training.tabs()->setCurrentWidget(panel);
        QCOMPARE(training.tabs()->tabText(training.tabs()->currentIndex()), QString("Marks (1)"));
        auto* table = training.window->findChild<QTableWidget*>("marks_table");
        QCOMPARE(table->rowCount(), 1);
        QTRY_VERIFY_WITH_TIMEOUT(table->item(0, 2)->text().toDouble() > 0, kPatience);

        training.window->findChild<QDoubleSpinBox*>("mark_weight_0")->setValue(3);
        QTRY_VERIFY_WITH_TIMEOUT(!training.taken().empty() && training.taken()[0].weight == 3, kPatience);
        training.action("mark_undo")->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(training.taken()[0].weight == 1, kPatience);
        training.action("mark_undo")->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(training.taken().empty(), kPatience);
        training.action("mark_redo")->trigger();
        QTRY_COMPARE_WITH_TIMEOUT(training.taken().size(), std::size_t(1), kPatience);
        QTest::mouseClick(training.window->findChild<QToolButton*>("mark_remove_0"), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(training.taken().empty(), kPatience);
    }

    /// Which changes no label.
    void TheUndoOfTheSelectionTakesAPairBackAndForth() {
        const Training training;
        QVERIFY(training.begun);
        training.view()->setSelection(training.some(2));
        training.action("mark_similar")->trigger();
        QCOMPARE(training.marks().size(), std::size_t(1));
        auto* undo = training.window->findChild<QAction*>("select_undo");
        auto* redo = training.window->findChild<QAction*>("select_redo");
        QVERIFY(undo->isEnabled() && !redo->isEnabled());
        undo->trigger();
        QVERIFY(training.marks().empty());
        QVERIFY(redo->isEnabled());
        redo->trigger();
        QCOMPARE(training.marks().size(), std::size_t(1));
        QVERIFY(!redo->isEnabled());
    }

    void TwoGroupsAreMarkedAsDissimilar() {
        const Training training;
        QVERIFY(training.begun);
        const std::vector<int> a = training.some(3), b = training.some(4, 10);
        training.view()->setSelection(a);
        QVERIFY(!training.action("mark_dissimilar")->isEnabled());  // dissimilar to what?
        training.action("mark_first")->trigger();
        QVERIFY(training.view()->selection().empty());
        training.view()->setSelection(b);
        training.action("mark_dissimilar")->trigger();
        QCOMPARE(training.marks().size(), std::size_t(1));
        QCOMPARE(training.marks()[0].first.size(), a.size());
        QCOMPARE(training.marks()[0].second.size(), b.size());
        QVERIFY(training.window->markActions()->firstSide().empty());
    }

    void LabelsAndIgnoredImagesAreMarked() {
        const Training training;
        QVERIFY(training.begun);
        training.view()->setSelection(training.some(2));
        training.action("mark_wrong")->trigger();
        auto* menu = training.window->findChild<QMenu*>("mark_label_menu");
        QVERIFY(QMetaObject::invokeMethod(menu, "aboutToShow"));
        QCOMPARE(menu->actions().size(), 10);
        menu->actions().at(4)->trigger();
        training.action("mark_ignored")->trigger();
        QCOMPARE(training.marks().size(), std::size_t(3));
        QCOMPARE(training.marks()[0].label, kUnlabelled);
        QCOMPARE(training.marks()[1].label, 4);
        QVERIFY(training.marks()[2].kind == MarkKind::Ignored);
        training.action("mark_ignored")->trigger();  // said already
        QCOMPARE(training.marks().size(), std::size_t(3));
        QTRY_COMPARE_WITH_TIMEOUT(training.taken().size(), std::size_t(3), kPatience);
    }

    void MarksGoThroughAFile() {
        const Training training;
        QVERIFY(training.begun);
        const QTemporaryDir folder;
        const QString file = folder.filePath("marks.csv");
        training.view()->setSelection(training.some(2));
        training.action("mark_similar")->trigger();
        training.action("mark_ignored")->trigger();
        const std::vector<Mark> before = training.marks();
        training.window->markActions()->askForSaveName = [&](const QString&, const QString&) { return file; };
        training.window->markActions()->askForFile = [&](const QString&) { return file; };
        training.action("marks_export")->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(file), kPatience);
        training.window->marks()->clear();
        training.action("marks_import")->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(training.marks() == before, kPatience);
    }

    void MarksStayForTheNextRunOnTheSameImages() {
        const Training training;
        QVERIFY(training.begun);
        training.view()->setSelection(training.some(2));
        training.action("mark_similar")->trigger();
        QTRY_COMPARE_WITH_TIMEOUT(training.taken().size(), std::size_t(1), kPatience);
        training.window->runs()->restart();
        QTRY_COMPARE_WITH_TIMEOUT(training.taken().size(), std::size_t(1), kPatience);
        QCOMPARE(training.marks().size(), std::size_t(1));
    }

    void ARowOfThePairLabMakesAMarkAndLeaves() {
        const Training training;
        QVERIFY(training.begun);
        PairLab* lab = training.window->workView()->pairLab();
        QVERIFY(!training.window->runs()->snapshot()->ended());
        training.tabs()->setCurrentWidget(lab);
        QTRY_COMPARE_WITH_TIMEOUT(lab->rows().size(), std::size_t(5), kPatience);
        const auto* note = training.window->findChild<QLabel*>("pair_lab_note");
        QVERIFY(note->text().contains("5 of 40"));
        const MinedTuple first = lab->rows().front();
        QTest::mouseClick(training.window->findChild<QToolButton*>("really_similar_0"), Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(training.marks().size(), std::size_t(1), kPatience);
        QCOMPARE(training.marks()[0].first, std::vector<std::int32_t>{first.anchor});
        QCOMPARE(training.marks()[0].second, std::vector<std::int32_t>{first.negative});
        QTRY_COMPARE_WITH_TIMEOUT(lab->rows().size(), std::size_t(4), kPatience);

        QTest::mouseClick(training.window->findChild<QToolButton*>("really_dissimilar_0"), Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(training.marks().size(), std::size_t(2), kPatience);
        QVERIFY(training.marks()[1].kind == MarkKind::Dissimilar);
        QTest::mouseClick(training.window->findChild<QToolButton*>("wrong_label_0"), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(training.window->findChild<QMenu*>("pair_lab_menu"), kPatience);
        auto* menu = training.window->findChild<QMenu*>("pair_lab_menu");
        QCOMPARE(menu->actions().size(), 3);
        menu->actions().front()->trigger();
        menu->close();
        QCOMPARE(training.marks().size(), std::size_t(3));
        QVERIFY(training.marks()[2].kind == MarkKind::Label);
        const QString told = training.window->findChild<StatusLine*>()->told();
        QVERIFY2(told.contains("Marked as wrong label: "), qPrintable(told));
    }

    void RowsAreSortedAndFiltered() {
        const Training training;
        QVERIFY(training.begun);
        PairLab* lab = training.window->workView()->pairLab();
        training.tabs()->setCurrentWidget(lab);
        QTRY_COMPARE_WITH_TIMEOUT(lab->rows().size(), std::size_t(5), kPatience);
        auto* table = training.window->findChild<QTableWidget*>("pair_lab_table");
        const int loss = static_cast<int>(TupleColumn::Loss);
        // What costs most comes first, unless a heading is clicked.
        for (std::size_t i = 1; i < lab->rows().size(); ++i) QVERIFY(lab->rows()[i - 1].loss >= lab->rows()[i].loss);
        const auto* note = training.window->findChild<QLabel*>("pair_lab_note");
        QVERIFY2(note->text().contains("Loss 0 for 1 of 5 rows"), qPrintable(note->text()));
        Q_EMIT table->horizontalHeader()->sectionClicked(loss);
        for (std::size_t i = 1; i < lab->rows().size(); ++i) QVERIFY(lab->rows()[i - 1].loss <= lab->rows()[i].loss);
        Q_EMIT table->horizontalHeader()->sectionClicked(loss);
        for (std::size_t i = 1; i < lab->rows().size(); ++i) QVERIFY(lab->rows()[i - 1].loss >= lab->rows()[i].loss);
        const int similar = static_cast<int>(TupleColumn::Positive);
        Q_EMIT table->horizontalHeader()->sectionClicked(similar);
        for (std::size_t i = 1; i < lab->rows().size(); ++i)
            QVERIFY(lab->rows()[i - 1].toPositive >= lab->rows()[i].toPositive);
        QCOMPARE(table->item(0, similar)->text(), shortNumber(lab->rows()[0].toPositive));
        QVERIFY(!table->horizontalScrollBar()->isVisible());
        auto* classes = training.window->findChild<QComboBox*>("pair_lab_class");
        std::size_t most = 0;
        for (int i = 1; i < classes->count(); ++i) {
            classes->setCurrentIndex(i);
            most = std::max(most, lab->rows().size());
            for (const MinedTuple& row : lab->rows()) {
                const auto label = [&](std::int32_t sample) {
                    return training.window->runs()->data()->samples[static_cast<std::size_t>(sample)].label;
                };
                QVERIFY(label(row.anchor) == i - 1 || label(row.positive) == i - 1 || label(row.negative) == i - 1);
            }
        }
        QVERIFY(most > 0);
    }

    void AMarkedRowStaysUnderTheMouseAndIsTakenBackByItsButton() {
        const Training training;
        QVERIFY(training.begun);
        PairLab* lab = training.window->workView()->pairLab();
        training.tabs()->setCurrentWidget(lab);
        QTRY_COMPARE_WITH_TIMEOUT(lab->rows().size(), std::size_t(5), kPatience);
        auto* table = training.window->findChild<QTableWidget*>("pair_lab_table");
        QEvent enter(QEvent::Enter), leave(QEvent::Leave);
        QCoreApplication::sendEvent(table->viewport(), &enter);
        const MinedTuple first = lab->rows().front();
        auto* similar = training.window->findChild<QToolButton*>("really_similar_0");
        QTest::mouseClick(similar, Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(training.marks().size(), std::size_t(1), kPatience);
        QVERIFY(isSame(lab->rows().front(), first));
        QVERIFY(similar->isChecked());
        QVERIFY(!training.window->findChild<QToolButton*>("really_similar_1")->isChecked());
        const QString told = training.window->findChild<StatusLine*>()->told();
        QVERIFY2(told.contains("Marked as similar") && told.contains("Listed under Marks"), qPrintable(told));
        QTest::mouseClick(similar, Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(training.marks().empty(), kPatience);
        QVERIFY(!similar->isChecked());
        QTest::mouseClick(similar, Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(training.marks().size(), std::size_t(1), kPatience);
        QCoreApplication::sendEvent(table->viewport(), &leave);
        QCOMPARE(lab->rows().size(), std::size_t(4));
    }

    void TheChosenRowIsATupleAndNotAPlace() {
        const Training training;
        QVERIFY(training.begun);
        PairLab* lab = training.window->workView()->pairLab();
        training.tabs()->setCurrentWidget(lab);
        training.window->findChild<QComboBox*>("pair_lab_source")->setCurrentIndex(1);
        QTRY_VERIFY_WITH_TIMEOUT(lab->rows().size() > 10, kPatience);
        auto* table = training.window->findChild<QTableWidget*>("pair_lab_table");
        const MinedTuple chosen = lab->rows()[1];
        const int column = static_cast<int>(TupleColumn::Negative);
        QTest::mouseClick(table->viewport(), Qt::LeftButton, {},
                          table->visualItemRect(table->item(1, column)).center());
        QCOMPARE(training.view()->selectedSample(), chosen.negative);
        const auto isChosen = [&] {
            const QModelIndexList rows = table->selectionModel()->selectedRows();
            return rows.size() == 1 && isSame(lab->rows()[static_cast<std::size_t>(rows.front().row())], chosen);
        };
        QVERIFY(isChosen());
        const auto* note = training.window->findChild<QLabel*>("pair_lab_note");
        QVERIFY2(note->text().contains("stand still"), qPrintable(note->text()));
        Q_EMIT table->horizontalHeader()->sectionClicked(static_cast<int>(TupleColumn::Violation));
        QVERIFY(isChosen() && table->selectionModel()->selectedRows().front().row() != 1);

        // Of another class than its anchor's it is none.
        const auto label = training.window->runs()->data()->samples[static_cast<std::size_t>(chosen.anchor)].label;
        auto* classes = training.window->findChild<QComboBox*>("pair_lab_class");
        const int other = label == 0 ? 1 : 0;
        classes->setCurrentIndex(other + 1);
        QTRY_VERIFY_WITH_TIMEOUT(lab->rows().size() > 10, kPatience);
        QVERIFY(!table->selectionModel()->hasSelection());
        for (const MinedTuple& row : lab->rows()) {
            QCOMPARE(training.window->runs()->data()->samples[static_cast<std::size_t>(row.anchor)].label, other);
            QVERIFY(std::isfinite(row.loss));
        }
        QVERIFY2(note->text().contains("of " + classes->currentText()), qPrintable(note->text()));
        QVERIFY2(!note->text().contains("stand still"), qPrintable(note->text()));
    }

    void TheHardestOfAllAreFoundAndLeaveWhenMarked() {
        const Training training;
        QVERIFY(training.begun);
        PairLab* lab = training.window->workView()->pairLab();
        training.tabs()->setCurrentWidget(lab);
        training.window->findChild<QComboBox*>("pair_lab_source")->setCurrentIndex(1);
        QTRY_VERIFY_WITH_TIMEOUT(lab->rows().size() > 10, kPatience);
        const MinedTuple hardest = lab->rows().front();
        QTest::mouseClick(training.window->findChild<QToolButton*>("really_similar_0"), Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(training.taken().size(), std::size_t(1), kPatience);
        const auto left = [&] {
            return std::ranges::none_of(lab->rows(), [&](const MinedTuple& row) {
                return row.anchor == hardest.anchor && row.negative == hardest.negative;
            });
        };
        QTRY_VERIFY_WITH_TIMEOUT(left(), kPatience);
    }

    void AlarmsAndMarksAreEventsOfTheTimeline() {
        FakeScript script = Training::slow();
        script.alarmAtStep = 5;
        const Training training(script);
        QVERIFY(training.begun);
        const auto events = [&]() -> const std::vector<TimelineEvent>& {
            return training.window->workView()->findChild<Timeline*>()->events();
        };
        QTRY_COMPARE_WITH_TIMEOUT(events().size(), std::size_t(1), kPatience);
        QCOMPARE(events()[0].step, std::int64_t{5});
        QVERIFY(events()[0].text.contains("fallen into one place"));
        training.view()->setSelection(training.some(2));
        training.action("mark_similar")->trigger();
        QTRY_COMPARE_WITH_TIMEOUT(events().size(), std::size_t(2), kPatience);
    }

    void LinksOfManyPairsAreBounded() {
        Mark mark;
        for (std::int32_t i = 0; i < 300; ++i) mark.first.push_back(i);
        const auto links = linksOf(mark, 60);
        QVERIFY(links.size() <= 60 && links.size() > 20);
        for (const auto& [a, b] : links) QVERIFY(a != b);
        QCOMPARE(linksOf({MarkKind::Similar, {1, 2}, {3}}, 60).size(), std::size_t(2));
    }
};

QTEST_MAIN(MarksWindowTest)
#include "marks_window_test.moc"
#include "ui/recent_places.h"
