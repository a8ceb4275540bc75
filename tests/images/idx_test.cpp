#include "tests/images/picture_files.h"

#include <zlib.h>

#include <QTemporaryDir>
#include <QTest>

#include <numeric>

using namespace embedscope;
namespace fs = std::filesystem;
using Lines = std::vector<std::string>;

namespace {

std::string number(std::uint32_t value) {
    return {char(value >> 24), char(value >> 16 & 255), char(value >> 8 & 255), char(value & 255)};
}

std::string header(std::uint32_t count, std::uint32_t height, std::uint32_t width) {
    return number(0x803) + number(count) + number(height) + number(width);
}

/// `count` images, the pixels of the i-th all i.
std::string images(std::uint32_t count, std::uint32_t height = 8, std::uint32_t width = 8) {
    std::string bytes = header(count, height, width);
    for (std::uint32_t i = 0; i < count; ++i) bytes += std::string(std::size_t(height) * width, char(i));
    return bytes;
}

std::string labels(const std::vector<int>& values) {
    std::string bytes = number(0x801) + number(std::uint32_t(values.size()));
    for (const int value : values) bytes += char(value);
    return bytes;
}

void writeGz(const fs::path& file, const std::string& bytes) {
    fs::create_directories(file.parent_path());
    const gzFile stream = gzopen(file.c_str(), "wb");
    gzwrite(stream, bytes.data(), unsigned(bytes.size()));
    gzclose(stream);
}

}  // namespace

class IdxTest : public QObject {
    Q_OBJECT

    QTemporaryDir temporary_;
    fs::path folder_;
    fs::path images_;

    std::string named(const std::string& why) const { return "\"" + images_.string() + "\" " + why; }

private Q_SLOTS:
    void init() {
        folder_ = fs::path(temporary_.path().toStdString()) / QTest::currentTestFunction();
        images_ = folder_ / "train-images-idx3-ubyte";
    }

    void FolderOfTrainAndT10kHasItsOwnSplit() {
        writeBytes(images_, images(3));
        writeBytes(folder_ / "train-labels-idx1-ubyte", labels({2, 0, 1}));
        writeGz(folder_ / "t10k-images-idx3-ubyte.gz", images(2));
        writeGz(folder_ / "t10k-labels-idx1-ubyte.gz", labels({1, 2}));
        const auto data = loaded(folder_);
        QVERIFY((data->shape == ImageShape{8, 8, 1}));
        QCOMPARE(data->classNames, (Lines{"0", "1", "2"}));
        QCOMPARE(listing(*data), (Lines{"t10k-images-idx3-ubyte.gz#0=1 train", "t10k-images-idx3-ubyte.gz#1=2 train",
                                        "train-images-idx3-ubyte#0=2 train", "train-images-idx3-ubyte#1=0 train",
                                        "train-images-idx3-ubyte#2=1 train"}));
        QCOMPARE(data->folderSplit,
                 (std::vector{Split::HoldOut, Split::HoldOut, Split::Train, Split::Train, Split::Train}));
        QCOMPARE(int(data->image(4)[0]), 2);
        QCOMPARE(int(originalImage(*data, 4, 64).pixels[63]), 2);
        QCOMPARE(originalImage(*data, 4, 4).shape.width, 4);
    }

    void OneFileOpensAlone() {
        writeBytes(images_, images(3));
        writeBytes(folder_ / "train-labels-idx1-ubyte", labels({2, 0, 1}));
        writeBytes(folder_ / "t10k-images-idx3-ubyte", images(2));
        const auto data = loaded(images_);
        QCOMPARE(data->size(), std::size_t(3));
        QVERIFY(data->folderSplit.empty());
    }

    void PlainFileBesideItsGzCountsOnce() {
        writeBytes(images_, images(3));
        writeGz(folder_ / "train-images-idx3-ubyte.gz", images(3));
        QCOMPARE(loaded(folder_)->size(), std::size_t(3));
    }

    void WithoutLabelsItIsUnlabelledAndSaysSo() {
        writeBytes(images_, images(2));
        DataLoad load({.folder = folder_}, {});
        QTRY_COMPARE(load.latest()->phase, LoadPhase::Done);
        QVERIFY(load.latest()->dataSet->classNames.empty());
        QCOMPARE(load.latest()->message,
                 std::string("No labels were found beside \"train-images-idx3-ubyte\", so its images are unlabelled."));
        QCOMPARE(load.latest()->preview.size(), std::size_t(2));
        QCOMPARE(load.latest()->decoded, std::size_t(2));
    }

    void SizeAndChannelsCanBeSet() {
        writeBytes(images_, images(2));
        const auto data = loadDataSet({.folder = folder_, .imageSize = 12, .channels = Channels::Colour});
        QVERIFY((data->shape == ImageShape{12, 12, 3}));
        QCOMPARE(int(data->image(1).back()), 1);
        QVERIFY(loaded(folder_)->fingerprint != data->fingerprint);
    }

    void FingerprintFollowsTheLabels() {
        writeBytes(images_, images(2));
        writeBytes(folder_ / "train-labels-idx1-ubyte", labels({0, 1}));
        const std::string before = loaded(folder_)->fingerprint;
        writeGz(folder_ / "train-labels-idx1-ubyte.gz", labels({1, 0}));
        fs::remove(folder_ / "train-labels-idx1-ubyte");
        QVERIFY(loaded(folder_)->fingerprint != before);
    }

    void ShorterThanItsHeaderSaysSo() {
        const std::string why = named("is shorter than its header says; copy or download it again.");
        writeBytes(images_, images(3).substr(0, 100));
        QCOMPARE(complaintOf(folder_), why);
        writeBytes(images_, header(4'000'000'000U, 1, 2));  // claims 8 GB in 16 bytes
        QCOMPARE(complaintOf(folder_).starts_with(named("")), true);
        writeBytes(images_, header(100'000'000, 8, 8));
        QCOMPARE(complaintOf(folder_), why);
        writeBytes(images_, header(3, 8, 8).substr(0, 10));
        QCOMPARE(complaintOf(folder_), named("ends inside its header."));
    }

    void AbsurdClaimsAreRefused() {
        writeBytes(images_, header(1, 0xffffffff, 0xffffffff));
        QCOMPARE(complaintOf(folder_), named("claims images of 4294967295x4294967295 pixels; 1 to 512 work."));
        writeBytes(images_, header(4'294'967'295U, 512, 512));
        const std::string text = complaintOf(folder_);
        QVERIFY2(text.find("of memory once decoded") != std::string::npos, text.c_str());
        writeBytes(images_, header(0, 8, 8));
        QCOMPARE(complaintOf(folder_), named("holds no images."));
    }

    void SmallFileCannotInflateWithoutBound() {
        // 16 MB of zeros in 16 KB; what lies behind the claimed images is not read.
        writeGz(folder_ / "train-images-idx3-ubyte.gz", header(2, 8, 8) + std::string(16 << 20, '\0'));
        QCOMPARE(loaded(folder_)->size(), std::size_t(2));
    }

    void OtherFilesAndLabelsAreRefused() {
        writeBytes(images_, labels({1, 2, 3, 4, 5, 6, 7, 8, 9}));
        QCOMPARE(complaintOf(folder_), named("is no IDX images file."));
        writeBytes(images_, images(3));
        const fs::path beside = folder_ / "train-labels-idx1-ubyte";
        writeBytes(beside, labels({1, 2}));
        QCOMPARE(complaintOf(folder_), "\"" + beside.string() + "\" does not hold one label for each image.");
        writeBytes(beside, images(3));
        QCOMPARE(complaintOf(folder_), "\"" + beside.string() + "\" is no IDX labels file.");
    }

    void DamagedGzipSaysSo() {
        std::string noise(20'000, '\0');
        std::uint32_t state = 1;  // bytes that do not compress, so that the cut falls into them
        for (char& byte : noise) byte = char((state = state * 1664525 + 1013904223) >> 24);
        const fs::path file = folder_ / "train-images-idx3-ubyte.gz";
        writeGz(file, header(200, 10, 10) + noise);
        fs::resize_file(file, fs::file_size(file) / 2);
        const std::string text = complaintOf(folder_);
        QVERIFY2(text.ends_with("copy or download it again."), text.c_str());
    }

    void FilesOfDifferentSizesAreRefused() {
        writeBytes(images_, images(2));
        writeBytes(folder_ / "t10k-images-idx3-ubyte", images(2, 9, 9));
        QCOMPARE(complaintOf(folder_), named("has images of another size than the file before it; open one of them."));
    }
};

QTEST_GUILESS_MAIN(IdxTest)
#include "idx_test.moc"
