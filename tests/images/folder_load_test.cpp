#include "tests/images/picture_files.h"

#include <QTemporaryDir>
#include <QTest>

using namespace embedscope;
namespace fs = std::filesystem;
using Lines = std::vector<std::string>;

/// Which folders mean what.
class FolderLoadTest : public QObject {
    Q_OBJECT

    QTemporaryDir temporary_;
    fs::path folder_;

private Q_SLOTS:
    void init() {
        folder_ = fs::path(temporary_.path().toStdString()) / QTest::currentTestFunction();
        fs::create_directories(folder_);
    }

    void SubfoldersAreClassesInOrderOfTheirNames() {
        writePicture(folder_ / "dogs/1.png");
        writePicture(folder_ / "cats/2.JPG");
        writePicture(folder_ / "cats/1.bmp");
        const auto data = loaded(folder_);
        QCOMPARE(data->classNames, (Lines{"cats", "dogs"}));
        QCOMPARE(listing(*data), (Lines{"cats/1.bmp=0 train", "cats/2.JPG=0 train", "dogs/1.png=1 train"}));
        QVERIFY(data->folderSplit.empty());
        QCOMPARE(data->name, std::string("SubfoldersAreClassesInOrderOfTheirNames"));
    }

    void DeeperFoldersBelongToTheFirst() {
        writePicture(folder_ / "cats/2024/may/1.png");
        writePicture(folder_ / "dogs/1.png");
        QCOMPARE(listing(*loaded(folder_)), (Lines{"cats/2024/may/1.png=0 train", "dogs/1.png=1 train"}));
    }

    void TrainAndTestAboveTheClassesAreTheFoldersSplit() {
        writePicture(folder_ / "Train/cats/1.png");
        writePicture(folder_ / "Train/dogs/1.png");
        writePicture(folder_ / "VALIDATION/cats/2.png");
        writePicture(folder_ / "test/dogs/2.png");
        const auto data = loaded(folder_);
        QCOMPARE(data->classNames, (Lines{"cats", "dogs"}));
        QCOMPARE(data->folderSplit, (std::vector{Split::Train, Split::Train, Split::HoldOut, Split::HoldOut}));
        QCOMPARE(data->samples[0].path, std::string("Train/cats/1.png"));
    }

    void TrainAmongOtherClassesIsAClass() {
        writePicture(folder_ / "car/1.png");
        writePicture(folder_ / "train/1.png");
        const auto data = loaded(folder_);
        QCOMPARE(data->classNames, (Lines{"car", "train"}));
        QVERIFY(data->folderSplit.empty());
    }

    void FlatFolderIsUnlabelled() {
        writePicture(folder_ / "b.png");
        writePicture(folder_ / "a.png");
        const auto data = loaded(folder_);
        QCOMPARE(listing(*data), (Lines{"a.png=-1 train", "b.png=-1 train"}));
        QVERIFY(data->classNames.empty());
    }

    void ImagesAboveTheClassesAreUnlabelled() {
        writePicture(folder_ / "cats/1.png");
        writePicture(folder_ / "unsorted.png");
        QCOMPARE(listing(*loaded(folder_)), (Lines{"cats/1.png=0 train", "unsorted.png=-1 train"}));
    }

    void HiddenAndOtherFilesAreIgnored() {
        writePicture(folder_ / "cats/1.png");
        writePicture(folder_ / "cats/._1.png");
        writePicture(folder_ / ".git/x.png");
        writeBytes(folder_ / "cats/Thumbs.db", "thumbs");
        writeBytes(folder_ / "README.md", "read me");
        const auto data = loaded(folder_);
        QCOMPARE(data->size(), std::size_t(1));
        QVERIFY(data->skipped.empty());
    }

    void SpacesAndOtherAlphabetsWork() {
        writePicture(folder_ / "фото 写真" / "белый кот" / "№ 1.png");
        writePicture(folder_ / "фото 写真" / "犬" / "été.jpg");
        const auto data = loaded(folder_ / "фото 写真");
        QCOMPARE(data->name, std::string("фото 写真"));
        QCOMPARE(data->classNames, (Lines{"белый кот", "犬"}));
        QCOMPARE(originalImage(*data, 0, 64).shape.width, 16);
    }

    void ManifestInTheFolderDecides() {
        writePicture(folder_ / "images/1.png");
        writePicture(folder_ / "images/2.png");
        writeBytes(folder_ / "manifest.csv", "path,label\nimages/1.png,cat\nimages/2.png,dog\n");
        const auto data = loaded(folder_);
        QCOMPARE(data->classNames, (Lines{"cat", "dog"}));
        QCOMPARE(data->name, std::string("ManifestInTheFolderDecides"));
    }

    void SmallImagesOfOneSizeKeepIt() {
        for (int i = 0; i < 3; ++i) writeGrey(folder_ / "a" / (std::to_string(i) + ".png"), {28, 28});
        QVERIFY((loaded(folder_)->shape == ImageShape{28, 28, 1}));
    }

    void LargeImagesBecome64AndSmallMixedOnes32() {
        writePicture(folder_ / "large/a/1.jpg", {640, 480});
        writePicture(folder_ / "large/b/2.jpg", {320, 480});
        QVERIFY((loaded(folder_ / "large")->shape == ImageShape{64, 64, 3}));
        writePicture(folder_ / "small/a/1.png", {20, 24});
        writePicture(folder_ / "small/b/2.png", {40, 36});
        QVERIFY((loaded(folder_ / "small")->shape == ImageShape{32, 32, 3}));
    }

    void GreyPicturesStoredAsColourAreGrey() {
        writePicture(folder_ / "a/1.png", {16, 16}, {90, 90, 90});
        writeGrey(folder_ / "b/1.png");
        QCOMPARE(loaded(folder_)->shape.channels, 1);
    }

    void SettingsOverrideSizeAndChannels() {
        writeGrey(folder_ / "a/1.png", {28, 28}, 77);
        DataSettings settings;
        settings.folder = folder_;
        settings.imageSize = 40;
        settings.channels = Channels::Colour;
        const auto data = loadDataSet(settings);
        QVERIFY((data->shape == ImageShape{40, 40, 3}));
        QCOMPARE(data->pixels.size(), std::size_t(40 * 40 * 3));
        QVERIFY(std::ranges::all_of(data->image(0), [](int value) { return value == 77; }));
    }

    void ColoursAreRgbAndTheMiddleIsCutOut() {
        cv::Mat image(16, 48, CV_8UC3, cv::Scalar(0, 0, 255));        // red, in BGR
        image(cv::Rect(16, 0, 16, 16)).setTo(cv::Scalar(255, 0, 0));  // its middle is blue
        writeBytes(folder_ / "a/1.png", encoded(image, ".png"));
        const auto data = loaded(folder_);
        QVERIFY((data->shape == ImageShape{16, 16, 3}));
        for (std::size_t i = 0; i < 16 * 16; ++i) {
            QCOMPARE(int(data->image(0)[3 * i]), 0);
            QCOMPARE(int(data->image(0)[3 * i + 2]), 255);
        }
    }

    void FingerprintChangesWithTheData() {
        writePicture(folder_ / "a/1.png");
        writePicture(folder_ / "b/1.png");
        const std::string before = loaded(folder_)->fingerprint;
        QCOMPARE(before.size(), std::size_t(16));
        QCOMPARE(loaded(folder_)->fingerprint, before);
        writePicture(folder_ / "b/2.png");
        const std::string more = loaded(folder_)->fingerprint;
        QVERIFY(more != before);
        fs::rename(folder_ / "b", folder_ / "c");
        QVERIFY(loaded(folder_)->fingerprint != more);
    }

    void BundledSampleHas2500ImagesOfTenClasses() {
        const auto data = loaded(bundledSampleFolder());
        QCOMPARE(data->size(), std::size_t(2500));
        QCOMPARE(data->classNames.size(), std::size_t(10));
        QVERIFY((data->shape == ImageShape{28, 28, 1}));
        QVERIFY(data->skipped.empty());
    }
};

QTEST_GUILESS_MAIN(FolderLoadTest)
#include "folder_load_test.moc"
