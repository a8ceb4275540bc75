#include "tests/ui/scatter_data.h"
#include "tests/ui/view_hand.h"
#include "ui/sample_tags.h"
#include "ui/scatter/brush.h"
#include "ui/scatter/sample_query.h"
#include "ui/scatter/selection_history.h"
#include "ui/selection_actions.h"

#include <QAction>
#include <QClipboard>
#include <QFile>
#include <QGuiApplication>
#include <QMenu>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QtTest>

namespace embedscope {
namespace {

/// Four samples in the corners of a square and one in the middle, under a window with the actions.
struct Shown {
    std::shared_ptr<const DataSet> data;
    QWidget window;
    EmbeddingView view{&window};
    SelectionActions actions{&window};

    explicit Shown(std::shared_ptr<const DataSet> images = test::makeScatterData(5, 5)) : data(std::move(images)) {
        window.resize(600, 500);
        view.resize(600, 500);
        actions.setView(&view);
        view.setDataSet(data);
        window.show();
        view.showLayout(test::makeLayout({-1, -1, 1, -1, -1, 1, 1, 1, 0, 0}));
    }
    QPoint at(int sample) { return view.screenPositionOf(sample)->toPoint(); }
    void trigger(const char* name) {
        QVERIFY2(actions.action(name)->isEnabled(), name);
        actions.action(name)->trigger();
    }
};

using Samples = std::vector<int>;

std::shared_ptr<const DataSet> namedData() {
    auto data = std::make_shared<DataSet>(*test::makeScatterData(6, 2, 1));
    data->classNames = {"ankle boot", "bag"};
    data->fingerprint = "selection-test";
    return data;
}

Samples find(const QString& query, const SampleTags& tags = {}) {
    return SampleQuery(query).find(*namedData(), [&](int sample) { return tags.tagsOf(sample); });
}

QString contentOf(const QString& file) {
    QFile source(file);
    return source.open(QFile::ReadOnly) ? QString::fromUtf8(source.readAll()) : QString();
}

}  // namespace

class SelectionTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void ABrushHoldsWhatLiesWithinItsRadiusOfTheWay();
    void ALassoBeyondTheViewHoldsWhatItEncloses();
    void ToolsReplaceAddAndTakeAway();
    void ABrushPaintsAndItsSizeFollowsTheWheel();
    void AClickWithCtrlTogglesOnePoint();
    void EscapePutsTheToolAway();
    void UndoAndRedoGoThroughSelectionsAndHiding();
    void TheHistoryIsBounded();
    void IsolatedAndHiddenPointsAreNotFound();
    void WithoutGreyTheRestKeepsItsColour();
    void ZoomToTheSelectionShowsAllOfIt();
    void QueriesFindByWordFieldAndNegation();
    void AQueryThatCannotBeUsedSaysWhy();
    void ASearchSelectsInTheView();
    void TagsAreKeptAndReadAgain();
    void TheLastTagIsNotLostOnTheWayOut();
    void AListHoldsPathClassSplitAndTags();
    void NamesGoToTheClipboardAndFoldersToTheFileManager();
    void ClassesAndTagsAreInTheMenu();
    void WithoutAViewEverythingIsOff();
};

void SelectionTest::initTestCase() {
    QStandardPaths::setTestModeEnabled(true);
    QFile::remove(tagsFile(*namedData()));
}

void SelectionTest::ABrushHoldsWhatLiesWithinItsRadiusOfTheWay() {
    RandomPoints random(11);
    DrawnPoints points(400);
    for (DrawnPoint& point : points) {
        point.fromX = point.toX = static_cast<float>(random.normal());
        point.fromY = point.toY = static_cast<float>(random.normal());
        if (random.uniform() < 0.1) point.style |= kHiddenStyle;
    }
    ScatterFrame frame;
    frame.camera.viewport = {400, 400};
    frame.camera.pixelsPerUnit = 80;
    for (int round = 0; round < 20; ++round) {
        Brush brush;
        brush.setRadius(5 + 2 * round);
        brush.begin({random.uniform() * 400, random.uniform() * 400});
        for (int i = 0; i < round; ++i) brush.moveTo({random.uniform() * 400, random.uniform() * 400});
        std::vector<std::size_t> expected;
        for (std::size_t i = 0; i < points.size(); ++i) {
            const QPointF place = frame.camera.screenFromWorld({points[i].toX, points[i].toY});
            double nearest = 1e9;
            for (qsizetype k = 0; k < brush.path().size(); ++k) {  // a fine walk along the way
                const QPointF a = brush.path()[k], b = brush.path()[std::min(k + 1, brush.path().size() - 1)];
                for (int step = 0; step <= 2000; ++step) {
                    const QPointF away = a + (b - a) * (step / 2000.0) - place;
                    nearest = std::min(nearest, std::hypot(away.x(), away.y()));
                    if (a == b) break;
                }
                if (nearest < brush.radius() - 0.2) break;
            }
            if (std::abs(nearest - brush.radius()) < 0.1) points[i].style |= kHiddenStyle;  // the walk cannot tell
            if (!(points[i].style & kHiddenStyle) && nearest <= brush.radius()) expected.push_back(i);
        }
        QCOMPARE(rowsUnder(points, frame, brush), expected);
    }
}

void SelectionTest::ALassoBeyondTheViewHoldsWhatItEncloses() {
    DrawnPoints points(1);
    ScatterFrame frame;
    frame.camera.viewport = {100, 100};
    const QPolygonF wide({{-1e5, -1e5}, {1e5, -1e5}, {1e5, 1e5}, {-1e5, 1e5}}), flat({{0, 50}, {100, 50}});
    QCOMPARE(rowsInside(points, frame, wide).size(), 1U);
    QCOMPARE(rowsInside(points, frame, flat).size(), 0U);
}

void SelectionTest::ToolsReplaceAddAndTakeAway() {
    Shown shown;
    QVERIFY(test::rests(shown.view));
    const QPointF centre = shown.view.camera().centre;
    shown.trigger("tool_lasso");
    test::drag(shown.view, test::around(shown.at(0)));
    QCOMPARE(shown.view.selection(), Samples{0});
    test::drag(shown.view, test::around(shown.at(3)));
    QCOMPARE(shown.view.selection(), Samples{3});
    shown.trigger("tool_rectangle");
    test::drag(shown.view, {shown.at(2) - QPoint(9, 9), shown.at(2) + QPoint(9, 9)}, Qt::ShiftModifier);
    QCOMPARE(shown.view.selection(), (Samples{2, 3}));
    test::drag(shown.view, {shown.at(3) - QPoint(9, 9), shown.at(3) + QPoint(9, 9)}, Qt::ControlModifier);
    QCOMPARE(shown.view.selection(), Samples{2});
    QCOMPARE(shown.view.camera().centre, centre);
    shown.trigger("tool_move");
    test::drag(shown.view, {QPoint(100, 100), QPoint(140, 100)});
    QVERIFY(shown.view.camera().centre != centre);
    QCOMPARE(shown.view.selection(), Samples{2});
}

void SelectionTest::ABrushPaintsAndItsSizeFollowsTheWheel() {
    Shown shown;
    QVERIFY(test::rests(shown.view));
    shown.trigger("tool_brush");
    test::drag(shown.view, {shown.at(0), shown.at(4)});
    QCOMPARE(shown.view.selection(), (Samples{0, 4}));
    QTest::mouseClick(&shown.view, Qt::LeftButton, {}, shown.at(1));
    QCOMPARE(shown.view.selection(), Samples{1});
    const double before = shown.view.brush().radius(), scale = shown.view.camera().pixelsPerUnit;
    QWheelEvent wheel({300, 200}, shown.view.mapToGlobal(QPointF(300, 200)), {}, {0, 240}, Qt::NoButton,
                      Qt::ShiftModifier, Qt::NoScrollPhase, false);
    QCoreApplication::sendEvent(&shown.view, &wheel);
    QVERIFY(shown.view.brush().radius() > before);
    QCOMPARE(shown.view.camera().pixelsPerUnit, scale);
}

void SelectionTest::AClickWithCtrlTogglesOnePoint() {
    Shown shown;
    QVERIFY(test::rests(shown.view));
    QSignalSpy clicked(&shown.view, &EmbeddingView::sampleClicked);
    QTest::mouseClick(&shown.view, Qt::LeftButton, Qt::ControlModifier, shown.at(1));
    QTest::mouseClick(&shown.view, Qt::LeftButton, Qt::ShiftModifier, shown.at(4));
    QCOMPARE(shown.view.selection(), (Samples{1, 4}));
    QTest::mouseClick(&shown.view, Qt::LeftButton, Qt::ControlModifier, shown.at(1));
    QCOMPARE(shown.view.selection(), Samples{4});
    QCOMPARE(clicked.size(), 0);
}

void SelectionTest::EscapePutsTheToolAway() {
    Shown shown;
    shown.trigger("tool_brush");
    shown.view.setSelection({2});
    QTest::keyClick(&shown.view, Qt::Key_Escape);
    QVERIFY(shown.view.selection().empty());
    QCOMPARE(shown.view.selectionTool(), SelectionTool::Move);
    QVERIFY(shown.actions.action("tool_move")->isChecked());
}

void SelectionTest::UndoAndRedoGoThroughSelectionsAndHiding() {
    Shown shown;
    QVERIFY(!shown.actions.action("select_undo")->isEnabled());
    shown.view.setSelection({0, 1});
    shown.view.setSelection({2});
    shown.trigger("select_hide");
    QCOMPARE(shown.view.hiddenSamples(), Samples{2});
    QVERIFY(shown.view.selection().empty());
    shown.trigger("select_undo");
    QVERIFY(shown.view.hiddenSamples().empty());
    QCOMPARE(shown.view.selection(), Samples{2});
    shown.trigger("select_undo");
    QCOMPARE(shown.view.selection(), (Samples{0, 1}));
    shown.trigger("select_redo");
    QCOMPARE(shown.view.selection(), Samples{2});
    shown.view.setSelection({4});
    QVERIFY(!shown.actions.action("select_redo")->isEnabled());
    shown.view.setDataSet(shown.data);
    QVERIFY(!shown.view.canUndoSelection());
}

void SelectionTest::TheHistoryIsBounded() {
    SelectionHistory history;
    for (int i = 0; i < 300; ++i) history.record({{i}, {}});
    int steps = 0;
    PickedSamples now{{300}, {}};
    for (; history.canUndo(); ++steps) now = history.undo(now);
    QCOMPARE(steps, static_cast<int>(SelectionHistory::kMostSteps));
    QCOMPARE(now.selected, Samples{200});
    history.clear();
    const Samples many(SelectionHistory::kMostSamples / 2 - 10);
    for (int i = 0; i < 5; ++i) history.record({many, {i}});
    for (steps = 0; history.canUndo(); ++steps) now = history.undo(now);
    QCOMPARE(steps, 2);
}

void SelectionTest::IsolatedAndHiddenPointsAreNotFound() {
    Shown shown;
    QVERIFY(test::rests(shown.view));
    const QPoint corner = shown.at(0);
    shown.view.setSelection({1, 4});
    shown.trigger("select_isolate");
    QCOMPARE(shown.view.hiddenSamples(), (Samples{0, 2, 3}));
    QVERIFY(!shown.view.screenPositionOf(0));
    QSignalSpy clicked(&shown.view, &EmbeddingView::sampleClicked);
    QTest::mouseClick(&shown.view, Qt::LeftButton, {}, corner);
    QCOMPARE(clicked.value(0).value(0).toInt(), -1);
    shown.trigger("select_all");
    QCOMPARE(shown.view.selection(), (Samples{1, 4}));
    shown.trigger("select_show_hidden");
    QVERIFY(shown.view.screenPositionOf(0));
    QVERIFY(!shown.actions.action("select_show_hidden")->isEnabled());
}

void SelectionTest::WithoutGreyTheRestKeepsItsColour() {
    Shown shown;
    shown.view.setSelection({1});
    QVERIFY(shown.view.points()[0].style & kDimmedStyle);
    shown.trigger("select_greys_rest");
    QVERIFY(!(shown.view.points()[0].style & kDimmedStyle));
    QVERIFY(!shown.view.frame().dims);
}

void SelectionTest::ZoomToTheSelectionShowsAllOfIt() {
    Shown shown;
    QVERIFY(test::rests(shown.view));
    const double before = shown.view.camera().pixelsPerUnit;
    shown.view.setSelection({0, 4});
    shown.trigger("select_fit");
    QVERIFY(shown.view.camera().pixelsPerUnit > 1.5 * before);
    for (const int sample : {0, 4}) QVERIFY(shown.view.rect().contains(shown.at(sample)));
}

void SelectionTest::QueriesFindByWordFieldAndNegation() {
    SampleTags tags;
    tags.add({0, 3}, "Wrong label");
    QCOMPARE(find("BOOT"), (Samples{0, 2, 4}));
    QCOMPARE(find("label:\"ankle boot\" -file:2"), (Samples{0, 4}));
    QCOMPARE(find("\"ankle boot\""), (Samples{0, 2, 4}));
    QCOMPARE(find("label:none"), Samples{5});
    QCOMPARE(find("file:pictures/3"), Samples{3});
    QCOMPARE(find("split:held-out"), Samples{4});
    QCOMPARE(find("-split:held-out bag"), (Samples{1, 3}));
    QCOMPARE(find("tag:wrong", tags), (Samples{0, 3}));
    QCOMPARE(find("boot -tag:\"wrong label\"", tags), (Samples{2, 4}));
    QCOMPARE(find("  "), Samples{});
}

void SelectionTest::AQueryThatCannotBeUsedSaysWhy() {
    QVERIFY(SampleQuery("colour:red").problem().contains("colour:"));
    QVERIFY(SampleQuery("split:test").problem().contains("split:held-out"));
    QVERIFY(SampleQuery("label:coat file:1").problem().isEmpty());
    auto columns = std::make_shared<SampleColumns>(2);
    (*columns)[0] = {"Year", {}, {}, {}};
    (*columns)[1] = {"camera", {}, {}, {"nikon"}};
    const auto data = namedData();
    for (std::size_t i = 0; i < data->size(); ++i) {
        (*columns)[0].numbers.push_back(static_cast<float>(i));
        (*columns)[1].kinds.push_back(i == 2 ? 0 : -1);
    }
    const auto foundBy = [&](const char* text) {
        return SampleQuery(text, columns).find(*data, [](int) { return QStringList(); });
    };
    QCOMPARE(foundBy("year:<2"), (std::vector<int>{0, 1}));
    QCOMPARE(foundBy("year:1"), std::vector<int>{1});
    QCOMPARE(foundBy("camera:nik year:>1"), std::vector<int>{2});
    QVERIFY(SampleQuery("lens:50", columns).problem().contains("camera:"));
    Shown shown;
    QSignalSpy failed(&shown.actions, &SelectionActions::failed);
    shown.actions.selectByQuery("colour:red");
    QCOMPARE(failed.size(), 1);
}

void SelectionTest::ASearchSelectsInTheView() {
    Shown shown;
    QSignalSpy told(&shown.actions, &SelectionActions::told);
    shown.actions.selectByQuery("label:\"class 3\"");
    QTRY_COMPARE(told.size(), 1);
    QCOMPARE(shown.view.selection(), Samples{3});
}

void SelectionTest::TagsAreKeptAndReadAgain() {
    const auto data = namedData();
    Shown shown(data);
    shown.view.setSelection({1, 2});
    shown.actions.askForTag = [](const QStringList&, const std::function<void(QString)>& answer) {
        answer("  odd, \"one\" ");
    };
    shown.trigger("select_tag");
    QTRY_COMPARE(shown.actions.tags().tagsOf(2), QStringList{"odd, \"one\""});
    QTRY_VERIFY(readTags(tagsFile(*data), *data) == shown.actions.tags());
    Shown again(data);
    QTRY_VERIFY(again.actions.tags() == shown.actions.tags());
    again.view.setSelection({1});
    again.actions.untagSelection("odd, \"one\"");
    QCOMPARE(again.actions.tags().all().at("odd, \"one\""), Samples{2});
}

void SelectionTest::TheLastTagIsNotLostOnTheWayOut() {
    const auto data = namedData();
    QFile::remove(tagsFile(*data));
    {
        Shown shown(data);
        shown.view.setSelection({1});
        shown.actions.tagSelection("tag 0");
        QTRY_COMPARE(shown.actions.tags().tagsOf(1).size(), 1);
        for (int i = 1; i < 20; ++i) shown.actions.tagSelection(QString("tag %1").arg(i));
    }
    QCOMPARE(readTags(tagsFile(*data), *data).tagsOf(1).size(), 20);
    QFile::remove(tagsFile(*data));
}

void SelectionTest::AListHoldsPathClassSplitAndTags() {
    Shown shown(namedData());
    QTemporaryDir folder;
    const QString file = folder.filePath("list.csv");
    shown.actions.askForSaveName = [&](const QString&, const QString&) { return file; };
    shown.view.setSelection({0, 4});
    shown.actions.tagSelection("a");
    shown.actions.tagSelection("b");
    QTRY_COMPARE(shown.actions.tags().tagsOf(0), (QStringList{"a", "b"}));
    QSignalSpy told(&shown.actions, &SelectionActions::told);
    shown.trigger("select_export");
    QTRY_COMPARE(told.size(), 1);
    QCOMPARE(contentOf(file),
             "path,label,split,tags\npictures/0.png,ankle boot,train,a;b\npictures/4.png,ankle boot,val,a;b\n");
    QSignalSpy failed(&shown.actions, &SelectionActions::failed);
    shown.actions.askForSaveName = [&](const QString&, const QString&) { return folder.path(); };
    shown.trigger("select_export");
    QTRY_COMPARE(failed.size(), 1);
    QVERIFY(failed[0][0].toString().contains(folder.path()));
}

void SelectionTest::NamesGoToTheClipboardAndFoldersToTheFileManager() {
    auto data = std::make_shared<DataSet>(*namedData());
    data->root = "/nowhere";
    Shown shown(data);
    shown.view.setSelection({1, 3});
    shown.trigger("select_copy");
    QCOMPARE(QGuiApplication::clipboard()->text(), "pictures/1.png\npictures/3.png\n");
    QUrl opened;
    shown.actions.openUrl = [&](const QUrl& url) {
        opened = url;
        return false;
    };
    QSignalSpy failed(&shown.actions, &SelectionActions::failed);
    shown.trigger("select_open");
    QCOMPARE(opened.toLocalFile(), "/nowhere/pictures");
    QCOMPARE(failed.size(), 1);
}

void SelectionTest::ClassesAndTagsAreInTheMenu() {
    Shown shown;
    QMenu menu;
    shown.actions.addTo(menu);
    auto* classes = menu.findChild<QMenu*>("select_class_menu");
    Q_EMIT classes->aboutToShow();
    QCOMPARE(classes->actions().size(), 5);
    classes->actions()[2]->trigger();
    QCOMPARE(shown.view.selection(), Samples{2});
    shown.actions.tagSelection("seen");
    shown.view.setSelection({});
    auto* tagged = menu.findChild<QMenu*>("select_tag_menu");
    Q_EMIT tagged->aboutToShow();
    tagged->actions()[0]->trigger();
    QCOMPARE(shown.view.selection(), Samples{2});
    auto* untag = menu.findChild<QMenu*>("select_untag_menu");
    Q_EMIT untag->aboutToShow();
    untag->actions()[0]->trigger();
    QVERIFY(shown.actions.tags().all().empty());
}

void SelectionTest::WithoutAViewEverythingIsOff() {
    Shown shown;
    shown.view.setSelection({1});
    shown.actions.setView(nullptr);
    QMenu menu;
    shown.actions.addTo(menu);
    for (const QAction* action : menu.actions())
        if (!action->isSeparator() && !action->menu()) QVERIFY2(!action->isEnabled(), qPrintable(action->text()));
    shown.actions.selectByQuery("class");
    QCOMPARE(shown.view.selection(), Samples{1});
}

}  // namespace embedscope

QTEST_MAIN(embedscope::SelectionTest)
#include "selection_test.moc"
