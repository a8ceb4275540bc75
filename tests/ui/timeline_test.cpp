#include "ui/timeline.h"

#include "tests/ui/scatter_data.h"
#include "tests/ui/view_hand.h"
#include "ui/compare/time_bar.h"
#include "ui/scatter/trails.h"
#include "ui/work_view.h"

#include <QComboBox>
#include <QLabel>
#include <QSignalSpy>
#include <QSlider>
#include <QToolButton>
#include <QtTest>

#include <numeric>

namespace embedscope {
namespace {

std::shared_ptr<const Layout> layoutAt(std::int64_t step) {
    const float s = static_cast<float>(step);
    return test::makeLayout({-1, -1, 1, -1, -1, 1, 1, 1, s / 10, 0}, step);
}

/// A work view with the frames of ten steps. The layouts of a run share their samples.
struct Shown {
    std::shared_ptr<const DataSet> data = test::makeScatterData(5, 5);
    WorkView work;
    std::shared_ptr<const std::vector<std::int32_t>> samples = layoutAt(0)->samples;

    Shown() {
        work.resize(1300, 800);
        work.begin(Experiment(), data);
        work.show();
        for (int step = 0; step < 10; ++step) add(step);
    }
    void add(std::int64_t step, std::shared_ptr<const DistanceStatistics> distances = nullptr) {
        auto snapshot = std::make_shared<Snapshot>();
        snapshot->distances = std::move(distances);
        snapshot->step = step;
        snapshot->stepsPerEpoch = 5;
        snapshot->history = std::make_shared<const std::vector<MetricsRow>>();
        work.showSnapshot(snapshot);
        auto layout = std::make_shared<Layout>(*layoutAt(step));
        layout->samples = samples;
        work.showLayout(layout);
    }
    std::int64_t stepShown() { return work.view()->shownLayout()->step; }
};

}  // namespace

class TimelineTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void StepsGoBackForthAndLive() {
        Shown shown;
        Timeline& time = *shown.work.timeline();
        QVERIFY(time.isLive());
        time.stepBy(-1);
        QCOMPARE(shown.stepShown(), 8);
        time.stepBy(-3);
        QCOMPARE(shown.stepShown(), 5);
        time.stepBy(1);
        QCOMPARE(shown.stepShown(), 6);
        time.goToFirst();
        QCOMPARE(shown.stepShown(), 0);
        time.stepBy(-1);
        QCOMPARE(shown.stepShown(), 0);
        time.stepBy(100);
        QVERIFY(time.isLive());
        QCOMPARE(shown.stepShown(), 9);
    }

    void AMomentBetweenFramesIsThatOfTheFrameShown() {
        Shown shown;
        shown.add(20);
        auto* slider = shown.work.timeline()->findChild<QSlider*>("time_slider");
        QSignalSpy chosen(shown.work.timeline(), &Timeline::frameChosen);
        slider->setValue(slider->maximum() * 3 / 4);  // step 15
        QCOMPARE(shown.stepShown(), 9);
        QCOMPARE(shown.work.timeline()->findChild<QLabel*>("time_text")->text(), QString("step 9"));
        QCOMPARE(chosen.size(), 1);
    }

    void KeysOnTheSliderGoFromFrameToFrame() {
        Shown shown;
        shown.add(200);  // the others lie within a few steps of the handle
        shown.work.timeline()->goToFirst();
        auto* slider = shown.work.timeline()->findChild<QSlider*>("time_slider");
        QTest::keyClick(slider, Qt::Key_Right);
        QCOMPARE(shown.stepShown(), 1);
        for (int i = 0; i < 8; ++i) QTest::keyClick(slider, Qt::Key_Right);
        QCOMPARE(shown.stepShown(), 9);
        QTest::keyClick(slider, Qt::Key_Left);
        QCOMPARE(shown.stepShown(), 8);
        for (int i = 0; i < 2; ++i) QTest::keyClick(slider, Qt::Key_Right);
        QVERIFY(shown.work.timeline()->isLive());
    }

    void EventsAreJumpedToAndTold() {
        Shown shown;
        Timeline& time = *shown.work.timeline();
        QSignalSpy reached(&time, &Timeline::eventReached);
        auto* forth = time.findChild<QToolButton*>("timeline_event_forth");
        auto* back = time.findChild<QToolButton*>("timeline_event_back");
        QVERIFY(!forth->isEnabled());
        time.setEvents({{2, "Margin 0.2 → 0.5"}, {6, "The embedding has collapsed."}});
        time.goToFirst();
        forth->click();
        QCOMPARE(shown.stepShown(), 2);
        forth->click();
        QCOMPARE(shown.stepShown(), 6);
        QVERIFY(reached.back()[0].toString().contains("collapsed"));
        forth->click();
        QCOMPARE(shown.stepShown(), 6);
        back->click();
        QCOMPARE(shown.stepShown(), 2);
        back->click();
        QCOMPARE(shown.stepShown(), 2);
        QCOMPARE(reached.size(), 3);
    }

    void AChangedSettingIsAnEvent() {
        Shown shown;
        auto snapshot = std::make_shared<Snapshot>();
        snapshot->step = 9;
        snapshot->stepsPerEpoch = 5;
        snapshot->history = std::make_shared<const std::vector<MetricsRow>>();
        snapshot->settings.learningRate *= 2;
        shown.work.showSnapshot(snapshot);
        QVERIFY(shown.work.timeline()->findChild<QToolButton*>("timeline_event_forth")->isEnabled());
        auto alarms = std::make_shared<HealthState>();
        Alarm alarm;
        alarm.sinceStep = 4;
        alarm.sentence = "The gradients explode.";
        alarms->alarms.push_back(alarm);
        shown.work.showHealth(alarms, true);
        shown.work.timeline()->goToFirst();
        shown.work.timeline()->jump(true);
        QCOMPARE(shown.stepShown(), 4);
    }

    void PlayingIsAsFastAsChosen() {
        Shown shown;
        Timeline& time = *shown.work.timeline();
        auto* speed = time.findChild<QComboBox*>("timeline_speed");
        const int usual = time.pace();
        speed->setCurrentIndex(speed->count() - 1);
        QCOMPARE(time.pace(), usual / 4);
        time.setPlaying(true);
        QVERIFY(QTest::qWaitFor([&] { return time.isLive() && !time.isPlaying(); }));
    }

    void ThePastStaysWhileTheRunGoesOn() {
        Shown shown;
        shown.work.timeline()->stepBy(-4);
        QCOMPARE(shown.stepShown(), 5);
        shown.add(10);
        QCOMPARE(shown.stepShown(), 5);
        shown.work.timeline()->goLive();
        QCOMPARE(shown.stepShown(), 10);
    }

    void DistancesAreThoseOfTheStepShown() {
        Shown shown;
        const auto addAt = [&](std::int64_t step, double mean) {
            auto distances = std::make_shared<DistanceStatistics>();
            distances->upperEdge = 2;
            for (DistanceDistribution* pairs : {&distances->similar, &distances->dissimilar}) {
                pairs->count = 10;
                pairs->share.assign(4, 0.25F);
                pairs->mean = mean;
            }
            shown.add(step, distances);
        };
        const auto caption = [&] { return shown.work.findChild<QLabel*>("distanceCaption")->text(); };
        addAt(10, 0.25);
        addAt(11, 0.75);
        QTRY_VERIFY(caption().contains("0.75"));
        QVERIFY(!caption().contains("step"));
        shown.work.timeline()->stepBy(-1);
        QTRY_VERIFY(caption().contains("step 10"));
        QVERIFY(caption().contains("0.25"));
        addAt(12, 1.25);  // the run goes on, the past stays
        QTest::qWait(150);
        QVERIFY(caption().contains("0.25"));
        shown.work.timeline()->goLive();
        QTRY_VERIFY(caption().contains("1.25"));
        QVERIFY(!caption().contains("step"));
    }

    void TheClickedImageShowsItsPathAlone() {
        Shown shown;
        shown.work.selectSample(4);
        shown.work.view()->setSelection({1, 2});
        auto* path = shown.work.findChild<QToolButton*>("sample_path");
        const auto trails = [&] { return shown.work.trails(); };
        QVERIFY(trails().empty());
        path->click();
        QCOMPARE(trails().size(), 1U);
        QCOMPARE(trails()[0].sample, 4);
        QCOMPARE(trails()[0].places.size(), 10U);
        shown.work.timeline()->stepBy(-3);
        QCOMPARE(trails()[0].places.size(), 7U);
        path->click();
        QVERIFY(trails().empty());
    }

    void ATrailBeginsAndPointsTheWayItWent() {
        const QPolygonF line({{0, 0}, {100, 0}, {100, 100}});
        const std::vector<QPolygonF> heads = arrowheadsOf(line);
        QCOMPARE(heads.size(), 3U);
        QVERIFY(heads.front()[1].x() > heads.front()[0].x() && heads.front()[1].y() == 0);  // to the right
        QVERIFY(heads.back()[1].y() > heads.back()[0].y() && heads.back()[1].x() == 100);
        QCOMPARE(arrowheadsOf(QPolygonF({{0, 0}, {30, 0}})).size(), 1U);
        QVERIFY(arrowheadsOf(QPolygonF({{0, 0}, {5, 0}, {5, 0}})).empty());
        QVERIFY(arrowheadsOf(QPolygonF({{1, 1}})).empty());
    }

    void TheSliderIsTheWidestOfItsRow() {
        Shown shown;
        QTRY_VERIFY(shown.work.timeline()->isVisible());
        QWidget* slider = shown.work.timeline()->findChild<QSlider*>("time_slider");
        for (const QWidget* other : shown.work.timeline()->findChildren<QAbstractButton*>())
            QVERIFY2(slider->width() > 2 * other->width(), qPrintable(other->objectName()));
        for (const QWidget* other : shown.work.timeline()->findChildren<QComboBox*>())
            QVERIFY2(slider->width() > other->width(), qPrintable(other->objectName()));
    }

    void TheLossOfASampleSaysOfWhichStepItIs() {
        Shown shown;
        auto* loss = shown.work.findChild<QLabel*>("sampleLoss");
        shown.work.selectSample(4);
        QVERIFY(loss->text().isEmpty());
        auto mined = std::make_shared<MinedTuples>();
        mined->step = 8;
        mined->tuples.emplace_back();
        mined->tuples.back().anchor = 1;
        mined->tuples.back().positive = 2;
        mined->tuples.back().negative = 3;
        mined->tuples.back().loss = 0.25F;
        shown.work.showTuples(mined);
        QCOMPARE(loss->text(), QString("no loss: held out"));
        shown.work.selectSample(0);
        QCOMPARE(loss->text(), QString("no loss up to step 8"));
        shown.work.selectSample(2);
        QCOMPARE(loss->text(), QString("loss 0.25, 1.0 × the mean, last mined at step 8"));
        shown.work.timeline()->stepBy(-6);
        QVERIFY2(loss->text().endsWith("at step 8, not 3"), qPrintable(loss->text()));
        QVERIFY2(loss->toolTip().contains("the picture shows step 3"), qPrintable(loss->toolTip()));
        shown.work.timeline()->goLive();
        QVERIFY(!loss->text().contains("not"));
    }

    void ARunThatWentBackTakesItsFramesWithIt() {
        Shown shown;
        shown.add(4);
        shown.add(5);
        std::vector<std::int64_t> steps;
        for (const auto& layout : shown.work.timeline()->layoutsSoFar()) steps.push_back(layout->step);
        QCOMPARE(steps, (std::vector<std::int64_t>{0, 1, 2, 3, 4, 5}));
    }

    void EveryAxisStepsThroughAllFrames() {
        Shown shown;
        auto* axis = shown.work.timeline()->findChild<QComboBox*>("time_axis");
        for (const int index : {0, 1}) {
            axis->setCurrentIndex(index);
            for (std::int64_t step = 8; step >= 0; --step) {
                shown.work.timeline()->stepBy(-1);
                QCOMPARE(shown.stepShown(), step);
            }
        }
        axis->setCurrentIndex(2);  // no seconds were reported: all frames lie in second 0
        shown.work.timeline()->stepBy(-1);
        QVERIFY(!shown.work.timeline()->isLive());
    }

    void PlayingShowsEveryFrameOnceAndEndsLive() {
        Shown shown;
        QSignalSpy chosen(shown.work.timeline(), &Timeline::frameChosen);
        QTest::mouseClick(shown.work.timeline()->findChild<QToolButton*>("timeline_play"), Qt::LeftButton);
        QVERIFY(shown.work.timeline()->isPlaying());
        QCOMPARE(shown.stepShown(), 0);
        QTRY_VERIFY(!shown.work.timeline()->isPlaying());
        QVERIFY(shown.work.timeline()->isLive());
        QCOMPARE(chosen.size(), 10);  // nine of the past, and the return to now
    }

    void TrailsFollowTheSelectionUpToTheMomentShown() {
        Shown shown;
        auto* button = shown.work.timeline()->findChild<QToolButton*>("timeline_trails");
        button->setChecked(true);
        shown.work.view()->setSelection({4});
        const auto trails = [&] {
            return trailsOf(shown.work.timeline()->layoutsSoFar(), shown.work.view()->selection(), *shown.data);
        };
        QCOMPARE(trails().size(), 1U);
        QCOMPARE(trails()[0].places.size(), 10U);
        QVERIFY(std::abs(trails()[0].places[3].x - 0.3) < 1e-6);
        shown.work.timeline()->stepBy(-6);
        QCOMPARE(trails()[0].places.size(), 4U);
        QVERIFY(!shown.work.grab().isNull());
    }

    void TrailsAreBoundedAndLeaveOtherMapsOut() {
        const auto data = test::makeScatterData(200, 2);
        std::vector<std::shared_ptr<const Layout>> frames;
        for (int step = 0; step < 500; ++step) {
            auto layout = std::make_shared<Layout>(*test::makeLayout(std::vector<float>(400), step));
            layout->method = step < 100 ? "pca" : "tsne";
            frames.push_back(layout);
        }
        std::vector<int> all(200);
        std::iota(all.begin(), all.end(), 0);
        const std::vector<Trail> trails = trailsOf(frames, all, *data);
        QCOMPARE(trails.size(), kMostTrails);
        QVERIFY(trails[0].places.size() <= kMostTrailPlaces + 1);
        QVERIFY(trails[0].places.size() > 30);
    }

    void AnotherRunForgetsTheFrames() {
        Shown shown;
        shown.work.timeline()->stepBy(-2);
        shown.work.begin(Experiment(), shown.data);
        QVERIFY(shown.work.timeline()->isLive());
        QVERIFY(shown.work.timeline()->layoutsSoFar().empty());
        shown.work.timeline()->stepBy(-1);
        QVERIFY(!shown.work.view()->shownLayout());
    }
};

}  // namespace embedscope

QTEST_MAIN(embedscope::TimelineTest)
#include "timeline_test.moc"
