#include "ui/data_controller.h"
#include "ui/paths.h"

#include <QDir>
#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace embedscope;

namespace {

DataSettings sampleSettings() {
    DataSettings settings;
    settings.folder = bundledSampleFolder();
    return settings;
}

}  // namespace

class ShellDataTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void TheSampleOpensWithPreviewsOnTheWay() {
        DataController controller;
        std::shared_ptr<const DataSet> data;
        bool previewed = false;
        connect(&controller, &DataController::opened, this, [&data](const auto& opened) { data = opened; });
        connect(&controller, &DataController::progressed, this,
                [&previewed](const auto& state) { previewed = previewed || !state->preview.empty(); });
        controller.open(sampleSettings());
        QTRY_VERIFY_WITH_TIMEOUT(data, 60'000);
        QVERIFY(data->size() >= 2000);
        QCOMPARE(data->classNames.size(), std::size_t(10));
        QVERIFY(previewed);
    }

    void AFolderThatIsNotThereIsASentenceThatNamesIt() {
        DataController controller;
        QSignalSpy failed(&controller, &DataController::failed);
        DataSettings settings;
        settings.folder = "/nowhere/at/all";
        controller.open(settings);
        QTRY_COMPARE(failed.size(), 1);
        QVERIFY(failed[0][0].toString().contains("/nowhere/at/all"));
    }

    void AnEmptyFolderIsASentence() {
        const QTemporaryDir folder;
        DataController controller;
        QSignalSpy failed(&controller, &DataController::failed);
        DataSettings settings;
        settings.folder = pathOf(folder.path());
        controller.open(settings);
        QTRY_COMPARE(failed.size(), 1);
        QVERIFY(!failed[0][0].toString().isEmpty());
    }

    void CancelEndsTheLoadWithoutData() {
        DataController controller;
        QSignalSpy opened(&controller, &DataController::opened);
        QSignalSpy cancelled(&controller, &DataController::cancelled);
        controller.open(sampleSettings());
        controller.cancel();
        QTRY_COMPARE(cancelled.size(), 1);
        QCOMPARE(opened.size(), 0);
    }

    void DestroyingItInMidLoadIsQuick() {
        auto controller = std::make_unique<DataController>();
        QSignalSpy progressed(controller.get(), &DataController::progressed);
        controller->open(sampleSettings());
        QTRY_VERIFY(!progressed.isEmpty());
        QElapsedTimer clock;
        clock.start();
        controller.reset();
        QVERIFY(clock.elapsed() < 500);
    }
};

QTEST_MAIN(ShellDataTest)
#include "shell_data_test.moc"
