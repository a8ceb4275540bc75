#include "ui/data_controller.h"
#include "ui/image_cache_dialog.h"
#include "ui/paths.h"
#include "ui/preferences.h"

#include <QDir>
#include <QDoubleSpinBox>
#include <QElapsedTimer>
#include <QImage>
#include <QLabel>
#include <QPushButton>
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
    void initTestCase() {
        QCoreApplication::setOrganizationName("EmbedscopeTest");
        QCoreApplication::setApplicationName("shell_data");
    }

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

    void AKnownFolderComesFromTheCacheUntilItIsCleared() {
        const QTemporaryDir cacheHome, pictures;
        const QByteArray before = qgetenv("XDG_CACHE_HOME");
        qputenv("XDG_CACHE_HOME", cacheHome.path().toUtf8());
        for (const QString name : {"a", "b"}) {
            QDir(pictures.path()).mkdir(name);
            QImage image(16, 16, QImage::Format_RGB32);
            image.fill(Qt::red);
            QVERIFY(image.save(pictures.path() + '/' + name + "/0.png"));
        }
        DataSettings settings;
        settings.folder = pathOf(pictures.path());
        const auto fromCache = [&settings] {
            DataController controller;
            std::shared_ptr<const DataSet> data;
            connect(&controller, &DataController::opened, &controller, [&data](const auto& opened) { data = opened; });
            controller.open(settings);
            if (!QTest::qWaitFor([&data] { return data != nullptr; })) throw std::runtime_error("nothing was opened");
            awaitImageCache();
            return data->fromCache;
        };
        QVERIFY(!fromCache());
        QVERIFY(fromCache());
        {
            ImageCacheDialog dialog(nullptr);
            const auto* content = dialog.findChild<QLabel*>("cache_content");
            auto* clear = dialog.findChild<QPushButton*>("cache_clear");
            QTRY_VERIFY2(content->text().startsWith("1 folder, "), qPrintable(content->text()));
            QVERIFY(clear->isEnabled());
            clear->click();
            QTRY_COMPARE(content->text(), QString("nothing"));
            QVERIFY(!clear->isEnabled());
        }
        QVERIFY(!fromCache());
        {
            ImageCacheDialog dialog(nullptr);
            dialog.findChild<QDoubleSpinBox*>("cache_limit")->setValue(0);
            QVERIFY(!savedImageCache().enabled());
            QVERIFY(!fromCache());
            dialog.findChild<QDoubleSpinBox*>("cache_limit")->setValue(2.5);
            QCOMPARE(savedImageCache().mostBytes, std::uint64_t(2.5 * (1 << 30)));
            QVERIFY(fromCache());
        }
        clearPreferences();
        qputenv("XDG_CACHE_HOME", before);
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
