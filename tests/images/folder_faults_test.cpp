#include "tests/images/picture_files.h"

#include <QTemporaryDir>
#include <QTest>

#include <unistd.h>

using namespace embedscope;
namespace fs = std::filesystem;
using Lines = std::vector<std::string>;

namespace {

/// Root may read everything, so what is forbidden is tried as another user.
class AsOrdinaryUser {
public:
    AsOrdinaryUser() : wasRoot_(geteuid() == 0), works_(!wasRoot_ || seteuid(kNobody) == 0) {}
    ~AsOrdinaryUser() {
        if (wasRoot_ && seteuid(0) != 0) std::abort();
    }
    AsOrdinaryUser(const AsOrdinaryUser&) = delete;
    AsOrdinaryUser& operator=(const AsOrdinaryUser&) = delete;
    bool works() const { return works_; }

private:
    static constexpr uid_t kNobody = 65534;
    bool wasRoot_;
    bool works_;
};

}  // namespace

/// What goes wrong with folders, and the sentences that say so.
class FolderFaultsTest : public QObject {
    Q_OBJECT

    QTemporaryDir temporary_;
    fs::path folder_;

    std::string named(const std::string& rest) const { return "\"" + folder_.string() + "\" " + rest; }

private Q_SLOTS:
    void init() {
        folder_ = fs::path(temporary_.path().toStdString()) / QTest::currentTestFunction();
        fs::create_directories(folder_);
        fs::permissions(temporary_.path().toStdString(), fs::perms(0755));
    }

    void NoFolderIsChosen() { QCOMPARE(complaintOf({}), std::string("No folder is chosen; open a folder of images.")); }

    void EmptyFolderSaysSo() {
        QCOMPARE(complaintOf(folder_),
                 named("holds no images; open a folder with pictures in it or in folders below it."));
    }

    void FolderOfFoldersOfNothingSaysSo() {
        fs::create_directories(folder_ / "cats/more");
        fs::create_directories(folder_ / "dogs");
        QCOMPARE(complaintOf(folder_),
                 named("holds no images; open a folder with pictures in it or in folders below it."));
    }

    void MissingFolderSaysSo() {
        QCOMPARE(complaintOf(folder_ / "gone"),
                 "\"" + (folder_ / "gone").string() + "\" does not exist; check the path.");
    }

    void FileThatIsNoFolderSaysSo() {
        writeBytes(folder_ / "notes.txt", "hello");
        QCOMPARE(complaintOf(folder_ / "notes.txt"),
                 "\"" + (folder_ / "notes.txt").string() +
                     "\" is no folder, no CSV manifest and no IDX file; open a folder of images.");
    }

    void ForbiddenFolderSaysSo() {
        fs::permissions(folder_, fs::perms(0));
        std::string complaint;
        {
            const AsOrdinaryUser user;
            if (!user.works()) QSKIP("cannot become another user here");
            complaint = complaintOf(folder_);
        }
        fs::permissions(folder_, fs::perms(0755));
        QCOMPARE(complaint, named("cannot be opened (Permission denied); check its permissions."));
    }

    void ForbiddenSubfolderAndFileAreReported() {
        writePicture(folder_ / "cats/1.png");
        writePicture(folder_ / "dogs/1.png");
        writePicture(folder_ / "cats/secret.png");
        fs::permissions(folder_ / "dogs", fs::perms(0));
        fs::permissions(folder_ / "cats/secret.png", fs::perms(0));
        Lines report;
        {
            const AsOrdinaryUser user;
            if (!user.works()) QSKIP("cannot become another user here");
            report = reportOf(*loaded(folder_));
        }
        fs::permissions(folder_ / "dogs", fs::perms(0755));
        QCOMPARE(report, (Lines{"cats/secret.png: It cannot be opened; check its permissions.",
                                "dogs: The folder cannot be opened (Permission denied); check its permissions."}));
    }

    void UnreadableFilesAreSkippedCountedAndListed() {
        writePicture(folder_ / "a/1.png");
        writePicture(folder_ / "b/4.png", {16, 16}, {1, 2, 3});
        writeBytes(folder_ / "a/2.png", "");
        writeBytes(folder_ / "a/3.jpg", "this is a text");
        writeBytes(folder_ / "b/1.gif", std::string("GIF89a\x02\0\x02\0", 10));
        DataSettings settings;
        settings.folder = folder_;
        const auto data = loadDataSet(settings);
        QCOMPARE(listing(*data), (Lines{"a/1.png=0 train", "b/4.png=1 train"}));
        QCOMPARE(reportOf(*data),
                 (Lines{"a/2.png: It is empty.", "a/3.jpg: It is not an image that can be read.",
                        "b/1.gif: It looks like GIF, but it is damaged or of a kind that cannot be read."}));
        QCOMPARE(data->pixels.size(), 2 * data->shape.bytes());
        QCOMPARE(int(data->image(1)[0]), 3);  // the gap before it is closed
    }

    void FolderOfNothingReadableSaysSo() {
        writeBytes(folder_ / "a/1.png", "no picture");
        QCOMPARE(complaintOf(folder_), named("cannot be opened: none of the 1 images looked at can be read. The first "
                                             "is \"a/1.png\"; it is not an image that can be read."));
    }

    void LinksOutOfTheFolderAreReportedNotFollowed() {
        writePicture(folder_ / "data/cats/1.png");
        writePicture(folder_ / "outside/x.png");
        fs::create_symlink(folder_ / "outside/x.png", folder_ / "data/cats/x.png");
        fs::create_directory_symlink(folder_ / "outside", folder_ / "data/dogs");
        fs::create_symlink(folder_ / "gone.png", folder_ / "data/cats/y.png");
        fs::create_symlink("1.png", folder_ / "data/cats/2.png");
        const auto data = loaded(folder_ / "data");
        QCOMPARE(listing(*data), (Lines{"cats/1.png=0 train", "cats/2.png=0 train"}));
        const std::string out = ": It is a link that leads out of the folder; such links are not followed.";
        QCOMPARE(reportOf(*data),
                 (Lines{"cats/x.png" + out, "cats/y.png: It is a link that leads nowhere.", "dogs" + out}));
    }

    void FolderOfLinksOutSaysSo() {
        writePicture(folder_ / "outside/x.png");
        fs::create_directories(folder_ / "data");
        fs::create_symlink(folder_ / "outside/x.png", folder_ / "data/x.png");
        const std::string complaint = complaintOf(folder_ / "data");
        QVERIFY2(complaint.find("link that leads out of the folder") != std::string::npos, complaint.c_str());
    }

    void LinksInARingEnd() {
        writePicture(folder_ / "a/1.png");
        fs::create_directory_symlink(folder_, folder_ / "a/again");
        QCOMPARE(loaded(folder_)->size(), std::size_t(1));
    }

    void NamesThatAreNoUtf8AreReported() {
        writePicture(folder_ / "a/1.png");
        writePicture(folder_ / "a" / std::string("caf\xe9.png"));
        const Lines report = reportOf(*loaded(folder_));
        fs::remove_all(folder_);  // QTemporaryDir cannot
        QCOMPARE(report, (Lines{"a/caf?.png: Its name is not valid UTF-8; rename it."}));
    }

    void WhatDoesNotFitIntoMemorySaysWhatToLower() {
        // The files need not be there: what they would need is known from their number.
        const double memory = double(sysconf(_SC_PHYS_PAGES)) * double(sysconf(_SC_PAGESIZE));
        const auto count = std::size_t(0.8 * memory / (512.0 * 512 * 3));
        writePicture(folder_ / "0.png");
        std::string lines;
        for (std::size_t i = 0; i < count; ++i) lines += std::to_string(i) + ".png,cat\n";
        writeBytes(folder_ / "manifest.csv", lines);
        DataSettings settings{.folder = folder_, .imageSize = 512, .channels = Channels::Colour};
        try {
            loadDataSet(settings);
            QFAIL("it was loaded");
        } catch (const std::runtime_error& failure) {
            const std::string text = failure.what();
            QVERIFY2(text.find("choose a smaller image size") != std::string::npos, text.c_str());
        }
    }

    void OriginalThatIsGoneSaysWhich() {
        writePicture(folder_ / "a/1.png");
        const auto data = loaded(folder_);
        fs::remove(folder_ / "a/1.png");
        try {
            originalImage(*data, 0, 64);
            QFAIL("it was read");
        } catch (const std::runtime_error& failure) {
            const std::string text = failure.what();
            QVERIFY2(text.starts_with("\"a/1.png\" cannot be shown: it cannot be opened"), text.c_str());
        }
    }
};

QTEST_GUILESS_MAIN(FolderFaultsTest)
#include "folder_faults_test.moc"
