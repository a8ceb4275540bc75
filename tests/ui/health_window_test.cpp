// Alarms and pinned images in the real window.
#include "tests/support/fake_run.h"
#include "ui/charts/overlay_chart.h"
#include "ui/health_lights.h"
#include "ui/health_panel.h"
#include "ui/inspector/class_matrix.h"
#include "ui/inspector/watch_panel.h"
#include "ui/main_window.h"
#include "ui/preferences.h"
#include "ui/recent_places.h"
#include "ui/scatter/embedding_view.h"
#include "ui/work_view.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QPushButton>
#include <QTabWidget>
#include <QTableWidget>
#include <QTest>
#include <QToolButton>

using namespace embedscope;
using namespace embedscope::test;

namespace {

constexpr int kPatience = 60'000;  // milliseconds

/// The window with a scripted run on the sample.
struct Training {
    explicit Training(FakeScript script)
        : window((clearPreferences(), setKeepsRuns(false), std::make_unique<MainWindow>(fakeRunFactory(script)))) {
        window->resize(1500, 950);
        window->show();
        window->openSample();
        auto* start = window->findChild<QPushButton*>("start");
        if (!QTest::qWaitFor([start] { return start && start->isVisible() && start->isEnabled(); }, kPatience)) return;
        QTest::mouseClick(start, Qt::LeftButton);
        begun = QTest::qWaitFor([this] { return view()->shownLayout() != nullptr; }, kPatience);
    }

    EmbeddingView* view() const { return window->workView()->view(); }
    WatchPanel* watched() const { return window->findChild<WatchPanel*>(); }
    QTabWidget* tabs() const { return window->findChild<QTabWidget*>("course"); }
    /// A tracked sample of this class.
    int sampleOf(int label, int number) const {
        for (const int sample : *view()->shownLayout()->samples)
            if (window->runs()->data()->samples[static_cast<std::size_t>(sample)].label == label && number-- == 0)
                return sample;
        return -1;
    }

    std::unique_ptr<MainWindow> window;
    bool begun = false;
};

FakeScript slow() {
    FakeScript script;
    script.perStep = std::chrono::milliseconds(30);
    return script;
}

}  // namespace

class HealthWindowTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void AnAlarmLightsUpIsReadAndItsCureEndsIt() {
        FakeScript script = slow();
        script.alarmAtStep = 5;
        const Training training(script);
        QVERIFY(training.begun);
        auto* light = training.window->findChild<QToolButton*>("health_light_embedding");
        QVERIFY(light && light->isVisible());
        QTRY_VERIFY_WITH_TIMEOUT(light->font().bold(), kPatience);
        QVERIFY(!training.window->findChild<QToolButton*>("health_light_data")->font().bold());

        QTest::mouseClick(light, Qt::LeftButton);
        auto* panel = training.window->findChild<HealthPanel*>();
        QVERIFY(panel->isVisible());
        QCOMPARE(training.tabs()->tabText(training.tabs()->currentIndex()), QString("Health (1)"));
        QVERIFY(panel->findChild<QWidget*>("alarm_total_collapse"));

        QTest::mouseClick(panel->findChild<QPushButton*>("samples_of_total_collapse"), Qt::LeftButton);
        QCOMPARE(training.view()->selection(), (std::vector<int>{0, 1, 2}));

        const double before = training.window->runs()->snapshot()->settings.learningRate;
        QTest::mouseClick(panel->findChild<QPushButton*>("cure_total_collapse"), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(training.window->runs()->snapshot()->settings.learningRate < before, kPatience);
        QTRY_VERIFY_WITH_TIMEOUT(!light->font().bold(), kPatience);
        const auto shownRate = [&] {
            return training.window->workView()->findChild<QDoubleSpinBox*>("learning_rate")->value();
        };
        QTRY_VERIFY_WITH_TIMEOUT(shownRate() < before, kPatience);
        QCOMPARE(panel->raised(), 0);
        QVERIFY(!panel->findChild<QPushButton*>("cure_total_collapse") ||
                !panel->findChild<QPushButton*>("cure_total_collapse")->isVisible());
    }

    void ThreePinnedImagesAreJoinedAndTheirDistancesFollowTheRun() {
        const Training training(slow());
        QVERIFY(training.begun);
        const std::vector<int> chosen{training.sampleOf(0, 0), training.sampleOf(0, 1), training.sampleOf(1, 0)};
        training.window->workView()->selectSample(chosen[0]);
        QTest::keyClick(training.view(), Qt::Key_P);
        QCOMPARE(training.watched()->samples(), std::vector<int>{chosen[0]});
        for (const int sample : {chosen[1], chosen[2]}) {
            training.window->workView()->selectSample(sample);
            auto* pin = training.window->findChild<QToolButton*>("pin_sample");
            QCOMPARE(pin->text(), QString("Pin"));
            QTest::mouseClick(pin, Qt::LeftButton);
            QCOMPARE(pin->text(), QString("Pinned"));
        }
        QCOMPARE(training.watched()->samples(), chosen);
        QCOMPARE(training.view()->watchedSamples(), chosen);
        QVERIFY(training.watched()->isVisible());

        QTRY_VERIFY_WITH_TIMEOUT(training.watched()->curveOf(chosen[0], chosen[2]).size() > 10, kPatience);
        auto* table = training.window->findChild<QTableWidget*>("watchedPairs");
        QTRY_COMPARE_WITH_TIMEOUT(table->rowCount(), 3, kPatience);
        const auto curve = training.watched()->curveOf(chosen[0], chosen[1]);
        for (std::size_t i = 1; i < curve.size(); ++i) QVERIFY(curve[i].x() > curve[i - 1].x());

        const auto bank = training.window->runs()->snapshot()->bank;
        const auto pairs = watchedPairs(*bank, chosen);
        double square = 0;
        const auto rowOf = [&](int sample) {
            return static_cast<std::size_t>(std::ranges::find(*bank->samples, sample) - bank->samples->begin());
        };
        const auto a = bank->row(rowOf(chosen[0])), b = bank->row(rowOf(chosen[2]));
        for (std::size_t i = 0; i < a.size(); ++i) square += std::pow(double(a[i]) - b[i], 2);
        QVERIFY(std::abs(pairs[1].distance - std::sqrt(square)) < 1e-9);

        QTest::mouseClick(training.window->findChild<QToolButton*>("pin_2"), Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(training.view()->watchedSamples().size(), std::size_t{2}, kPatience);
        QTest::mouseClick(training.window->findChild<QPushButton*>("unpin_all"), Qt::LeftButton);
        QVERIFY(training.view()->watchedSamples().empty());
    }

    void ACellOfTheClassMatrixSelectsItsClasses() {
        const Training training(slow());
        QVERIFY(training.begun);
        auto* matrix = training.window->findChild<ClassMatrix*>();
        training.tabs()->setCurrentWidget(matrix);
        auto* table = training.window->findChild<QTableWidget*>("class_distances");
        QTRY_COMPARE_WITH_TIMEOUT(table->rowCount(), 10, kPatience);
        QVERIFY(table->item(0, 1)->text().toDouble() > 0);
        QCOMPARE(table->item(0, 1)->text(), table->item(1, 0)->text());
        QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, table->visualItemRect(table->item(0, 1)).center());
        const auto& samples = training.window->runs()->data()->samples;
        const auto chosen = std::ranges::count_if(
            samples, [](const Sample& each) { return each.label < 2 && each.split == Split::HoldOut; });
        QVERIFY(chosen > 0);
        QCOMPARE(training.view()->selection().size(), static_cast<std::size_t>(chosen));  // held-out ones are shown
        const auto* note = training.window->findChild<QLabel*>("class_matrix_note");
        QVERIFY(note->text().contains("standard error"));
        // It stays when the numbers are measured anew, and follows them.
        const QString before = note->text();
        QTRY_VERIFY_WITH_TIMEOUT(note->text() != before, kPatience);
        QVERIFY(note->text().contains("standard error"));
        auto* chart = training.window->findChild<OverlayChart*>("classChart");
        QVERIFY(chart && chart->isVisible());
        QCOMPARE(chart->lines().size(), std::size_t(3));
        QTRY_VERIFY_WITH_TIMEOUT(chart->lines()[2].points.size() > 1, kPatience);

        // Esc, wherever the focus is. Keys go to the active window, and here no window manager chooses it.
        training.window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(training.window.get()));
        table->setFocus();
        QTest::keyClick(table, Qt::Key_Escape);
        QVERIFY(training.view()->selection().empty());
    }

    void OtherLabelsAndTheOtherSplitAreMeasuredBackToTheStart() {
        const Training training(slow());
        QVERIFY(training.begun);
        auto* matrix = training.window->findChild<ClassMatrix*>();
        training.tabs()->setCurrentWidget(matrix);
        auto* table = training.window->findChild<QTableWidget*>("class_distances");
        QTRY_COMPARE_WITH_TIMEOUT(table->rowCount(), 10, kPatience);
        QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, table->visualItemRect(table->item(0, 1)).center());
        auto* chart = training.window->findChild<OverlayChart*>("classChart");
        const auto isKnown = [chart] { return chart->lines().size() == 3 && !chart->lines()[2].points.empty(); };
        QTRY_VERIFY_WITH_TIMEOUT(isKnown() && chart->lines()[2].points.size() > 1, kPatience);
        const QPointF first = chart->lines()[2].points.front();

        const int relabelled = training.sampleOf(0, 0);
        training.window->workView()->relabel({relabelled}, 1);
        QTRY_VERIFY_WITH_TIMEOUT(isKnown() && chart->lines()[2].points.front().x() == first.x(), kPatience);
        training.window->findChild<QComboBox*>("class_matrix_split")->setCurrentIndex(1);
        QTRY_VERIFY_WITH_TIMEOUT(isKnown() && chart->lines()[2].points.front().x() == first.x() &&
                                     chart->lines()[2].points.front().y() != first.y(),
                                 kPatience);
    }

    void ANinthImageIsNotPinned() {
        const Training training(slow());
        QVERIFY(training.begun);
        for (int i = 0; i < 9; ++i) training.watched()->toggle(training.sampleOf(i, 0));
        QCOMPARE(training.watched()->samples().size(), WatchPanel::kMost);
        QCOMPARE(training.view()->watchedSamples().size(), WatchPanel::kMost);
    }
};

QTEST_MAIN(HealthWindowTest)
#include "health_window_test.moc"
#include "ui/recent_places.h"
