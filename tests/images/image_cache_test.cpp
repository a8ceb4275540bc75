#include "engine/image_cache.h"

#include "engine/images/cache_format.h"
#include "engine/images/cache_write.h"
#include "tests/images/picture_files.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <chrono>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace embedscope;
namespace fs = std::filesystem;

namespace {

std::string bytesOf(const fs::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

void overwrite(const fs::path& file, const std::string& bytes) {
    std::ofstream(file, std::ios::binary | std::ios::trunc)
        .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

std::size_t fileCount(const fs::path& folder) {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

bool sameImages(const DataSet& a, const DataSet& b) {
    return std::ranges::equal(a.pixels.view(), b.pixels.view()) && listing(a) == listing(b) &&
           reportOf(a) == reportOf(b) && a.fingerprint == b.fingerprint && a.shape == b.shape;
}

}  // namespace

/// Decoded images that are kept for the next time.
class ImageCacheTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> temporary_;
    fs::path folder_;
    ImageCache cache_;

    std::shared_ptr<const DataSet> open(int imageSize = 0) const {
        auto data = loadDataSet({.folder = folder_, .imageSize = imageSize}, cache_);
        awaitImageCache();
        return data;
    }

    fs::path onlyFile() const {
        if (fileCount(cache_.folder) != 1) throw std::runtime_error("not one file");
        return fs::directory_iterator(cache_.folder)->path();
    }

    /// Whatever is done to the file, the images are right.
    bool isRefusedAndRebuilt() const {
        const auto data = open();
        return !data->fromCache && sameImages(*data, *loaded(folder_)) && open()->fromCache;
    }

private Q_SLOTS:
    void init() {
        temporary_ = std::make_unique<QTemporaryDir>();
        const fs::path root = temporary_->path().toStdString();
        folder_ = root / "pictures";
        cache_ = {root / "cache" / "images", std::uint64_t{1} << 30};
        for (int i = 0; i < 24; ++i) {
            const fs::path file = folder_ / std::to_string(i % 3) / (std::to_string(i) + ".png");
            if (i % 7 == 2)
                writeBytes(file, "broken");
            else
                writePicture(file, {12, 12}, {double(10 * i), double(7 * i), 70});
        }
    }

    void AHitGivesTheBytesOfDecoding() {
        const auto plain = loaded(folder_);
        const auto first = open();
        const auto second = open();
        QVERIFY(!plain->fromCache && !first->fromCache && second->fromCache);
        QVERIFY(sameImages(*first, *plain));
        QVERIFY(sameImages(*second, *plain));
        QCOMPARE(second->size(), std::size_t(20));
        QCOMPARE(second->skipped.size(), std::size_t(4));
    }

    void AHitShowsPreviewsAndCounts() {
        open();
        DataLoad load({.folder = folder_}, {}, cache_);
        QTRY_COMPARE(load.latest()->phase, LoadPhase::Done);
        const auto state = load.latest();
        QVERIFY(state->dataSet->fromCache);
        QCOMPARE(state->preview.size(), std::size_t(20));
        QCOMPARE(state->decoded, std::size_t(20));
        QCOMPARE(state->skipped, std::size_t(4));
        QCOMPARE(state->message, std::string("4 of 24 files were skipped; see the report."));
    }

    void AnAddedARemovedAndAChangedFileAreSeen() {
        open();
        writePicture(folder_ / "0/new.png", {12, 12}, {1, 2, 3});
        QVERIFY(isRefusedAndRebuilt());
        fs::remove(folder_ / "0/new.png");
        QVERIFY(open()->fromCache);  // as it was the first time
        writePicture(folder_ / "0/0.png", {12, 12}, {200, 100, 50});
        QVERIFY(isRefusedAndRebuilt());
    }

    void AFileReplacedUnderItsOldTimeAndSizeIsSeen() {
        const fs::path file = folder_ / "0/0.bmp";
        fs::remove(folder_ / "0/0.png");
        writePicture(file, {12, 12}, {1, 2, 3});
        const auto time = fs::last_write_time(file);
        open();
        const auto size = fs::file_size(file);
        writePicture(file, {12, 12}, {3, 2, 1});
        fs::last_write_time(file, time);
        QCOMPARE(fs::file_size(file), size);
        QVERIFY(isRefusedAndRebuilt());
    }

    void AFolderOfTheSameNamesElsewhereIsAnother() {
        open();
        const fs::path before = folder_;
        folder_ = folder_.parent_path() / "other";
        fs::create_directories(folder_);
        for (const auto& entry : fs::directory_iterator(before))
            fs::rename(entry.path(), folder_ / entry.path().filename());
        QVERIFY(!open()->fromCache);
    }

    void EachShapeHasAFileOfItsOwn() {
        open();
        QVERIFY(!open(16)->fromCache);
        QCOMPARE(contentOf(cache_).files, std::size_t(2));
        QVERIFY(open(16)->fromCache && open()->fromCache);
        QVERIFY(open(12)->fromCache);  // what was chosen for the images is 12
        QCOMPARE(contentOf(cache_).files, std::size_t(2));
        QVERIFY(sameImages(*open(16), *loadDataSet({.folder = folder_, .imageSize = 16})));
    }

    void TornFilesAreRefused() {
        open();
        const std::string whole = bytesOf(onlyFile());
        for (const std::size_t length : {std::size_t(0), std::size_t(1), kCacheHeaderBytes - 1, kCacheHeaderBytes,
                                         kCachePixelsAt, whole.size() / 2, whole.size() - 1}) {
            overwrite(onlyFile(), whole.substr(0, length));
            QVERIFY2(isRefusedAndRebuilt(), std::to_string(length).c_str());
        }
        overwrite(onlyFile(), whole + "x");
        QVERIFY(isRefusedAndRebuilt());
        overwrite(onlyFile(), "a foreign file");
        QVERIFY(isRefusedAndRebuilt());
    }

    void EveryByteOfHeaderAndIndexIsGuarded() {
        open();
        const fs::path file = onlyFile();
        const std::string whole = bytesOf(file);
        const std::size_t index = kCachePixelsAt + 20 * 12 * 12 * 3;
        QVERIFY(whole.size() > index + 3 * 12);
        for (std::size_t at = 0; at < whole.size(); at = at + 1 == kCacheHeaderBytes ? index : at + 1) {
            std::string mutated = whole;
            mutated[at] = static_cast<char>(mutated[at] ^ 0x41);
            overwrite(file, mutated);
            const auto data = open();
            QVERIFY2(!data->fromCache, std::to_string(at).c_str());
            QCOMPARE(reportOf(*data).size(), std::size_t(4));
        }
    }

    void LiesThatAddUpAreRefused() {
        const auto fits = [](CacheHeader header, std::uint64_t fileBytes) {
            return decodedHeader(encodedHeader(header, std::string(header.indexBytes, 'x')), fileBytes).has_value();
        };
        const CacheHeader honest{
            .key = 1, .shape = {8, 8, 3}, .own = {8, false}, .found = 3, .kept = 2, .indexBytes = 13};
        QVERIFY(fits(honest, honest.fileBytes()));
        QVERIFY(!fits(honest, honest.fileBytes() + 1));
        for (const ImageShape& shape : {ImageShape{0, 8, 3}, {8, 513, 3}, {8, 8, 2}, {-8, 8, 3}}) {
            CacheHeader lie = honest;
            lie.shape = shape;
            QVERIFY(!fits(lie, lie.fileBytes()));
        }
        CacheHeader lie = honest;
        lie.kept = 4;  // of three
        QVERIFY(!fits(lie, lie.fileBytes()));
        lie.found = lie.kept = ~std::uint64_t{0} / 192 + 2;  // wraps around to a small file
        QVERIFY(!fits(lie, lie.fileBytes()));
        const std::vector<Unreadable> two = {{1, "it is empty"}, {4, "it is no file"}};
        QVERIFY(decodedIndex(encodedIndex(two), 5) == two);
        QVERIFY(!decodedIndex(encodedIndex(two), 4));
        QVERIFY(!decodedIndex(encodedIndex({two[1], two[0]}), 5));
        QVERIFY(!decodedIndex(encodedIndex({two[0], two[0]}), 5));
        std::string huge = encodedIndex({two[0]});
        huge[8 + 3] = 0x7f;  // a reason of two billion letters
        QVERIFY(!decodedIndex(huge, 5));
        QCOMPARE(decodedIndex(encodedIndex({{0, "\xff?"}}), 5)->front().reason, std::string("??"));
    }

    void WhatFailsInPassingIsTriedAgain() {
        const auto filesAfter = [this](bool passing) {
            CacheWriter writer(cache_, {.key = 7, .shape = {1, 1, 1}, .own = {8, true}, .found = 2});
            writer.put(0, std::vector<std::uint8_t>{5});
            const SharedBytes pixels = writer.finish({{1, "it cannot be opened (Too many open files)", passing}});
            awaitImageCache();
            return pixels.view().front() == 5 ? contentOf(cache_).files : std::size_t(99);
        };
        QCOMPARE(filesAfter(true), std::size_t(0));
        QCOMPARE(fileCount(cache_.folder), std::size_t(0));
        QCOMPARE(filesAfter(false), std::size_t(1));
    }

    void LoadsAtTheSameTimeDoNotDisturbEachOther() {
        const auto plain = loaded(folder_);
        std::vector<std::shared_ptr<const DataSet>> opened(6);
        {
            std::vector<std::jthread> threads;
            for (auto& data : opened)
                threads.emplace_back([&data, this] { data = loadDataSet({.folder = folder_}, cache_); });
        }
        awaitImageCache();
        for (const auto& data : opened) QVERIFY(sameImages(*data, *plain));
        QVERIFY(open()->fromCache);
        QCOMPARE(fileCount(cache_.folder), std::size_t(1));
    }

    void AKilledWriterLeavesNothingThatCounts() {
        const pid_t child = ::fork();
        if (child == 0) {
            CacheWriter writer(cache_, {.key = 7, .shape = {12, 12, 3}, .own = {12, false}, .found = 24});
            writer.put(0, std::vector<std::uint8_t>(12 * 12 * 3));
            ::_exit(0);  // as a power cut: no destructor
        }
        int status = 0;
        QCOMPARE(::waitpid(child, &status, 0), child);
        QCOMPARE(fileCount(cache_.folder), std::size_t(1));
        QCOMPARE(contentOf(cache_).files, std::size_t(0));
        open();
        QVERIFY(open()->fromCache);
        QCOMPARE(fileCount(cache_.folder), std::size_t(1));  // the draft is gone
    }

    void TheDraftOfALivingWriterStays() {
        const CacheWriter writer(cache_, {.key = 7, .shape = {12, 12, 3}, .own = {12, false}, .found = 24});
        const fs::path draft = onlyFile();
        open();
        QVERIFY(fs::exists(draft));
    }

    void ACancelledLoadLeavesNoDraft() {
        { DataLoad load({.folder = folder_}, {}, cache_); }
        awaitImageCache();
        if (fs::exists(cache_.folder)) QVERIFY(fileCount(cache_.folder) == contentOf(cache_).files);
    }

    void TheLimitRemovesWhatWasUsedLongestAgo() {
        std::vector<fs::path> folders;
        for (const char* name : {"a", "b", "c"}) {
            folders.push_back(folder_.parent_path() / name);
            for (int i = 0; i < 8; ++i)
                writePicture(folders.back() / (i % 2 ? "x" : "y") / (std::to_string(i) + ".png"), {16, 16},
                             {double(i), 9, 9});
        }
        const auto openThat = [&](const fs::path& folder) {
            folder_ = folder;
            return open()->fromCache;
        };
        openThat(folders[0]);
        const std::uint64_t each = contentOf(cache_).bytes;
        cache_.mostBytes = 2 * each;
        const fs::path fileOfA = onlyFile();
        openThat(folders[1]);
        const auto hoursAgo = [](int hours) { return fs::file_time_type::clock::now() - std::chrono::hours(hours); };
        for (const auto& entry : fs::directory_iterator(cache_.folder))
            fs::last_write_time(entry.path(), hoursAgo(entry.path() == fileOfA ? 9 : 5));
        QVERIFY(openThat(folders[0]));  // now b is the older one
        QVERIFY(!openThat(folders[2]));
        QCOMPARE(contentOf(cache_).bytes, 2 * each);
        QVERIFY(openThat(folders[0]));
        QVERIFY(openThat(folders[2]));
        QVERIFY(!openThat(folders[1]));
    }

    void ImagesBeyondTheLimitAreDecodedIntoMemory() {
        cache_.mostBytes = 6000;
        DataLoad load({.folder = folder_}, {}, cache_);
        QTRY_COMPARE(load.latest()->phase, LoadPhase::Done);
        const auto state = load.latest();
        QVERIFY(sameImages(*state->dataSet, *loaded(folder_)));
        QVERIFY2(state->message.starts_with("The decoded images are not kept for the next time: \"" +
                                            cache_.folder.string() + "\" may hold 0 MiB"),
                 state->message.c_str());
        QCOMPARE(state->decoded, std::size_t(20));
        QCOMPARE(contentOf(cache_).files, std::size_t(0));
    }

    void ACacheThatCannotBeWrittenIsSaidAndDoesNotHinder() {
        writeBytes(cache_.folder.parent_path(), "a file where the folder should be");
        DataLoad load({.folder = folder_}, {}, cache_);
        QTRY_COMPARE(load.latest()->phase, LoadPhase::Done);
        QVERIFY(sameImages(*load.latest()->dataSet, *loaded(folder_)));
        QVERIFY(load.latest()->message.starts_with("The decoded images are not kept for the next time: \""));
    }

    void AFolderWithoutAnyReadableImageKeepsNothing() {
        for (const auto& entry : fs::recursive_directory_iterator(folder_))
            if (entry.is_regular_file()) writeBytes(entry.path(), "broken");
        QVERIFY_THROWS_EXCEPTION(std::runtime_error, open());
        awaitImageCache();
        QVERIFY(!fs::exists(cache_.folder) || fileCount(cache_.folder) == 0);
    }

    void ClearingLeavesOpenImagesReadable() {
        open();
        const auto data = open();
        const auto plain = loaded(folder_);
        const ImageCacheContent removed = clear(cache_);
        QCOMPARE(removed.files, std::size_t(1));
        QVERIFY(removed.bytes > data->pixels.size());
        QCOMPARE(contentOf(cache_).files, std::size_t(0));
        QVERIFY(sameImages(*data, *plain));
    }

    void TheFolderIsTheUsersAlone() {
        open();
        struct stat status {};
        QCOMPARE(::stat(cache_.folder.c_str(), &status), 0);
        QCOMPARE(int(status.st_mode & 0777), 0700);
        QCOMPARE(::stat(onlyFile().c_str(), &status), 0);
        QCOMPARE(int(status.st_mode & 0777), 0600);
    }

    void TheUsersFolderFollowsTheEnvironment() {
        const QByteArray before = qgetenv("XDG_CACHE_HOME"), home = qgetenv("HOME");
        qputenv("XDG_CACHE_HOME", "/somewhere");
        QCOMPARE(userImageCache().folder, fs::path("/somewhere/embedscope/images"));
        qputenv("XDG_CACHE_HOME", "relative");  // to be ignored, says the standard
        qputenv("HOME", "/home/me");
        QCOMPARE(userImageCache().folder, fs::path("/home/me/.cache/embedscope/images"));
        qunsetenv("XDG_CACHE_HOME");
        qunsetenv("HOME");
        QVERIFY(!userImageCache().enabled());
        qputenv("XDG_CACHE_HOME", before);
        qputenv("HOME", home);
    }
};

QTEST_GUILESS_MAIN(ImageCacheTest)
#include "image_cache_test.moc"
