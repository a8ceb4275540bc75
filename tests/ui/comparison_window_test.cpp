#include "tests/ui/opened_comparison.h"
#include "ui/compare/comparison_controller.h"
#include "ui/compare/comparison_pane.h"
#include "ui/compare/comparison_results.h"
#include "ui/compare/comparison_table.h"
#include "ui/compare/layout_history.h"
#include "ui/compare/time_bar.h"
#include "ui/gallery_window.h"
#include "ui/inspector/gallery_panel.h"
#include "ui/inspector/thumbnail_grid.h"

#include <QAction>
#include <QComboBox>
#include <QElapsedTimer>
#include <QSignalSpy>
#include <QSlider>
#include <QStandardPaths>
#include <QTest>
#include <QToolButton>

#include <cmath>
#include <utility>

using namespace embedscope;
using test::kPatience;
using test::margins;
using Opened = test::OpenedComparison;

namespace {

void lasso(EmbeddingView& view, const QRectF& around) {
    const QList<QPointF> corners{around.topLeft(), around.topRight(), around.bottomRight(), around.bottomLeft()};
    QTest::mousePress(&view, Qt::LeftButton, Qt::ShiftModifier, corners[0].toPoint());
    for (const QPointF& corner : corners) {
        QMouseEvent move(QEvent::MouseMove, corner, view.mapToGlobal(corner), Qt::NoButton, Qt::LeftButton,
                         Qt::ShiftModifier);
        QApplication::sendEvent(&view, &move);
    }
    QTest::mouseRelease(&view, Qt::LeftButton, Qt::ShiftModifier, corners[3].toPoint());
}

double spreadBetween(const Layout& one, const Layout& other) {
    double sum = 0;
    for (std::size_t i = 0; i < one.coordinates.size(); ++i) sum += std::abs(one.coordinates[i] - other.coordinates[i]);
    return sum / static_cast<double>(one.coordinates.size());
}

}  // namespace

class ComparisonWindowTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName("embedscope-test");
        QCoreApplication::setApplicationName("embedscope-comparison-test");
    }

    void TwoPanesTrainAndTheTableHasARowEach() {
        Opened opened(margins({0.2, 1.0}), startTrainingRun);
        QTRY_VERIFY_WITH_TIMEOUT(opened.window->comparison(), kPatience);
        QCOMPARE(opened.page().paneCount(), std::size_t{2});
        for (std::size_t pane : {0, 1}) {
            QTRY_VERIFY_WITH_TIMEOUT(opened.view(pane).shownLayout(), kPatience);
            QTRY_VERIFY_WITH_TIMEOUT(opened.view(pane).shownLayout()->step >= 5, kPatience);
        }
        QVERIFY(opened.page().pane(0)->head().differs.contains("Margin 0.2"));
        QVERIFY(opened.page().pane(1)->head().differs.contains("Margin 1"));
        const ComparisonTable& table = *opened.page().results()->table();
        QTRY_COMPARE(table.rowCount(), 2);
        QCOMPARE(table.headerData(1, Qt::Horizontal, Qt::DisplayRole).toString(), QString("Margin"));
        QCOMPARE(table.index(1, 1).data().toString(), QString("1"));
        const auto stepOf = [&table](int run) {
            return table.index(run, 2).data(ComparisonTable::kSortRole).toDouble();
        };
        QTRY_VERIFY_WITH_TIMEOUT(stepOf(0) >= 5 && stepOf(1) >= 5, kPatience);

        QElapsedTimer clock;
        clock.start();
        opened.window->close();
        opened.window.reset();
        QVERIFY2(clock.elapsed() < 2000, qPrintable(QString("%1 ms").arg(clock.elapsed())));
    }

    void ALassoSelectsInAllPanesUntilTheLinkIsCut() {
        Opened opened(margins({0.2, 1.0}));
        pauseWithPictures(opened);
        if (QTest::currentTestFailed()) return;
        lasso(opened.view(0), QRectF(opened.view(0).rect()).adjusted(5, 5, -5, -5));
        const std::vector<int> first = opened.view(0).selection();
        QVERIFY(!first.empty());
        QCOMPARE(opened.view(1).selection(), first);

        QTest::mouseClick(opened.button("link_selection"), Qt::LeftButton);
        opened.view(0).setSelection({});
        QCOMPARE(opened.view(1).selection(), first);
        lasso(opened.view(1), QRectF(opened.view(1).rect()).adjusted(5, 5, -5, -5));
        QVERIFY(opened.view(0).selection().empty());
    }

    void CameraHoverAndClickAreLinked() {
        Opened opened(margins({0.2, 1.0}));
        pauseWithPictures(opened);
        if (QTest::currentTestFailed()) return;
        EmbeddingView &a = opened.view(0), &b = opened.view(1);
        Q_EMIT a.sampleHovered(7);
        QCOMPARE(b.ringedSample(), 7);
        QCOMPARE(a.ringedSample(), -1);
        Q_EMIT a.sampleClicked(9);
        QCOMPARE(a.selectedSample(), 9);
        QCOMPARE(b.selectedSample(), 9);

        const double before = b.camera().pixelsPerUnit;
        QTest::keyClick(&a, Qt::Key_Plus);
        QVERIFY(b.camera().pixelsPerUnit > before * 1.2);
        QVERIFY(!b.followsPoints());
        QTest::keyClick(&b, Qt::Key_F);
        QVERIFY(a.followsPoints() && b.followsPoints());

        QTest::mouseClick(opened.button("link_camera"), Qt::LeftButton);
        const double alone = b.camera().pixelsPerUnit;
        QTest::keyClick(&a, Qt::Key_Plus);
        QCOMPARE(b.camera().pixelsPerUnit, alone);
    }

    void PanesShareAFrameUntilTheLinkIsCut() {
        Comparison comparison = margins({0.2, 0.2});
        comparison.runs[1].experiment.seed = 5;  // another picture
        Opened opened(comparison);
        pauseWithPictures(opened);
        if (QTest::currentTestFailed()) return;
        const double aligned = spreadBetween(*opened.view(0).shownLayout(), *opened.view(1).shownLayout());
        QCOMPARE(opened.view(0).camera().pixelsPerUnit, opened.view(1).camera().pixelsPerUnit);
        QTest::mouseClick(opened.button("link_axes"), Qt::LeftButton);
        const double own = spreadBetween(*opened.view(0).shownLayout(), *opened.view(1).shownLayout());
        QVERIFY2(aligned < own, qPrintable(QString("%1 and %2").arg(aligned).arg(own)));
    }

    void PanesLieInSpaceAndTurnTogetherUntilTheLinkIsCut() {
        Comparison comparison = margins({0.2, 0.2});
        comparison.runs[1].experiment.seed = 5;  // another picture
        Opened opened(comparison);
        pauseWithPictures(opened);
        if (QTest::currentTestFailed()) return;
        EmbeddingView &a = opened.view(0), &b = opened.view(1);
        auto* dimensions = opened.page().findChild<QComboBox*>("map_dimensions");
        QVERIFY(dimensions->isVisible());
        dimensions->setCurrentIndex(dimensions->findData(3));
        Q_EMIT dimensions->activated(dimensions->currentIndex());
        QTRY_VERIFY_WITH_TIMEOUT(a.isInSpace() && b.isInSpace() && opened.isStill(), kPatience);

        const auto depthsApart = [&] {
            const std::vector<float>&one = a.shownLayout()->depths, &other = b.shownLayout()->depths;
            double sum = 0;
            for (std::size_t i = 0; i < one.size(); ++i) sum += std::abs(one[i] - other[i]);
            return sum + spreadBetween(*a.shownLayout(), *b.shownLayout()) * static_cast<double>(2 * one.size());
        };
        const double aligned = depthsApart();
        QTest::keyClick(&a, Qt::Key_Right, Qt::ControlModifier);
        QVERIFY(a.turn().yaw > EmbeddingView::kCorner.yaw);
        QVERIFY(b.turn() == a.turn());
        QCOMPARE(b.orbit().yaw, a.orbit().yaw);
        QVERIFY(b.orbit().pivot == a.orbit().pivot);
        QCOMPARE(b.orbit().reach, a.orbit().reach);
        QVERIFY(b.ownSpace() != a.ownSpace());
        QVERIFY(a.followsPoints());

        QTest::mouseClick(opened.button("link_camera"), Qt::LeftButton);
        const SpaceTurn alone = a.turn();
        QTest::keyClick(&b, Qt::Key_Down, Qt::ControlModifier);
        QVERIFY(a.turn() == alone);
        QVERIFY(b.turn().pitch > alone.pitch);
        QTest::mouseClick(opened.button("link_axes"), Qt::LeftButton);
        QTRY_VERIFY(depthsApart() > aligned);
        QTRY_VERIFY(a.orbit().pivot == a.ownSpace().middle && b.orbit().pivot == b.ownSpace().middle);
    }

    void ArrowsLeadFromOnePaneToTheOther() {
        Opened opened(margins({0.2, 1.0}));
        pauseWithPictures(opened);
        if (QTest::currentTestFailed()) return;
        QVERIFY(opened.view(1).arrows().empty());
        QTest::mouseClick(opened.button("show_arrows"), Qt::LeftButton);
        const std::vector<SampleArrow> some = opened.view(1).arrows();
        QVERIFY(some.size() > 50 && some.size() <= kMostArrows);
        QVERIFY(opened.view(0).arrows().empty());
        const std::vector<std::int32_t>& samples = *opened.view(1).shownLayout()->samples;
        opened.view(0).setSelection({samples[3], samples[4]});
        const std::vector<SampleArrow> selected = opened.view(1).arrows();
        QCOMPARE(selected.size(), std::size_t{2});
        const int sample = selected[0].sample;
        QVERIFY(sample == samples[3] || sample == samples[4]);
        const QPointF there = *opened.view(1).screenPositionOf(sample);
        QVERIFY(std::hypot(selected[0].to.x() - there.x(), selected[0].to.y() - there.y()) < 0.5);
        QCOMPARE(selected[0].from, *opened.view(0).screenPositionOf(sample));  // same frame, same scale, same size
    }

    void AllPanesAreScrubbedTogether() {
        Opened opened(margins({0.2, 1.0}));
        QTRY_VERIFY_WITH_TIMEOUT(opened.window->comparison(), kPatience);
        const auto lastStep = [&opened](std::size_t pane) {
            const auto& frames = opened.page().history(pane).frames();
            return frames.empty() ? 0 : frames.back().step;
        };
        QTRY_VERIFY_WITH_TIMEOUT(lastStep(0) >= 40 && lastStep(1) >= 40, kPatience);
        auto* slider = opened.page().findChild<QSlider*>("time_slider");
        opened.page().controller()->setPaused(true);
        QTRY_VERIFY(opened.page().controller()->isPaused());
        // The steps that had begun still arrive.
        std::int64_t seen = -1;
        const auto standsStill = [&] {
            const std::int64_t now = lastStep(0) + lastStep(1);
            return std::exchange(seen, now) == now;
        };
        QTRY_VERIFY_WITH_TIMEOUT(standsStill(), kPatience);
        QTest::mouseClick(slider, Qt::LeftButton, {}, QPoint(slider->width() / 4, slider->height() / 2));
        QVERIFY(opened.page().timeBar()->moment());
        const double quarter = static_cast<double>(std::max(lastStep(0), lastStep(1))) / 4;
        QVERIFY(std::abs(*opened.page().timeBar()->moment() - quarter) < 0.2 * quarter + 2);
        opened.page().timeBar()->setMoment(20);
        for (std::size_t pane : {0, 1}) {
            QTRY_VERIFY(opened.view(pane).shownLayout()->step <= 20);
            QCOMPARE(opened.view(pane).shownLayout()->step, opened.page().history(pane).at(TimeAxis::Step, 20)->step);
        }
        QTest::mouseClick(opened.button("time_live"), Qt::LeftButton);
        for (std::size_t pane : {0, 1}) QTRY_VERIFY(opened.view(pane).shownLayout()->step >= 40);
    }

    void OneRunIsPausedAloneAndAllTogether() {
        Opened opened(margins({0.2, 1.0}));
        QTRY_VERIFY_WITH_TIMEOUT(opened.window->comparison(), kPatience);
        const ComparisonController& controller = *opened.page().controller();
        QTRY_VERIFY_WITH_TIMEOUT(controller.run(1)->phase() == RunPhase::Running, kPatience);
        QTest::mouseClick(opened.page().pane(1)->findChild<QToolButton*>("pane_pause"), Qt::LeftButton);
        QTRY_VERIFY(controller.run(1)->phase() == RunPhase::Paused);
        QVERIFY(controller.run(0)->phase() == RunPhase::Running);
        QVERIFY(!controller.isPaused());
        opened.window->findChild<QAction*>("action_start_pause")->trigger();
        QTRY_VERIFY(controller.isPaused());
        opened.window->findChild<QAction*>("action_start_pause")->trigger();
        QTRY_VERIFY(controller.run(0)->phase() == RunPhase::Running && controller.run(1)->phase() == RunPhase::Running);
    }

    void ColoursAndPicturesAreThoseOfAllPanes() {
        Opened opened(margins({0.2, 1.0}));
        QTRY_VERIFY_WITH_TIMEOUT(opened.window->comparison() && opened.isStill(), kPatience);
        const auto action = [&](const char* name) { return opened.window->findChild<QAction*>(name); };
        action("color_by_split")->trigger();
        action("outline_hull")->trigger();
        action("pictures_always")->trigger();
        for (std::size_t pane : {0, 1}) {
            QCOMPARE(opened.view(pane).colorBy(), ColorBy::Split);
            QCOMPARE(opened.view(pane).classOutline(), ClassOutline::Hull);
            QCOMPARE(opened.view(pane).pictures().mode(), PictureMode::Always);
        }
        QCOMPARE(opened.page().findChild<QComboBox*>("color_by")->currentText(), QString("Split"));
        QVERIFY(!action("color_by_hardness")->isEnabled());  // computed for a single run only
    }

    void TheGalleryShowsTheSelectionOfTheFramedPane() {
        Opened opened(margins({0.2, 1.0}));
        QTRY_VERIFY_WITH_TIMEOUT(opened.window->comparison() && opened.isStill(), kPatience);
        opened.view(0).setSelection({3, 1, 7});
        opened.window->findChild<QAction*>("select_gallery")->trigger();
        auto* gallery = opened.window->findChild<GalleryWindow*>("gallery_window");
        QVERIFY(gallery && gallery->isVisible());
        QTRY_COMPARE(gallery->panel()->grid()->samples().size(), 3U);
        QSignalSpy clicked(opened.page().currentView(), &EmbeddingView::sampleClicked);
        const QPoint place = gallery->panel()->grid()->cellAt(0).center();
        QTest::mouseClick(gallery->panel()->grid()->viewport(), Qt::LeftButton, {}, place);
        QCOMPARE(clicked.size(), 1);
        opened.view(0).setSelection({2});
        QTRY_COMPARE(gallery->panel()->grid()->samples().size(), 1U);
    }
};

QTEST_MAIN(ComparisonWindowTest)
#include "comparison_window_test.moc"
