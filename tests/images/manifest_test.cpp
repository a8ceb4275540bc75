#include "tests/images/picture_files.h"

#include <QTemporaryDir>
#include <QTest>

using namespace embedscope;
namespace fs = std::filesystem;
using Lines = std::vector<std::string>;

class ManifestTest : public QObject {
    Q_OBJECT

    QTemporaryDir temporary_;
    fs::path folder_;

    /// The data set of a manifest with these lines, beside pictures 1.png to 4.png and "a, b".png.
    std::shared_ptr<const DataSet> of(const std::string& text) {
        writeBytes(folder_ / "list.csv", text);
        return loaded(folder_ / "list.csv");
    }
    std::string complaint(const std::string& text) {
        writeBytes(folder_ / "list.csv", text);
        return complaintOf(folder_ / "list.csv");
    }
    std::string atLine(int line, const std::string& why) const {
        return "\"" + (folder_ / "list.csv").string() + "\", line " + std::to_string(line) + ": " + why;
    }

private Q_SLOTS:
    void initTestCase() {
        folder_ = fs::path(temporary_.path().toStdString()) / "data";
        for (const char* name : {"1.png", "2.png", "3.png", "4.png", "sub/a, \"b\".png"}) writePicture(folder_ / name);
        writePicture(folder_.parent_path() / "outside.png");
        fs::create_symlink("../outside.png", folder_ / "link.png");
        fs::create_directory_symlink("..", folder_ / "up");
    }

    void LabelsAndSplitsAreRead() {
        const auto data = of("path,label,split\n2.png,dog,test\n1.png,cat,train\n3.png,cat,\n");
        QCOMPARE(data->name, std::string("list"));
        QCOMPARE(data->classNames, (Lines{"cat", "dog"}));
        QCOMPARE(listing(*data), (Lines{"1.png=0 train", "2.png=1 train", "3.png=0 train"}));
        QCOMPARE(data->folderSplit, (std::vector{Split::Train, Split::HoldOut, Split::Train}));
    }

    void HeadingMayBeMissingOrInAnyOrder() {
        QCOMPARE(listing(*of("1.png,cat\n2.png,dog")), (Lines{"1.png=0 train", "2.png=1 train"}));
        QCOMPARE(listing(*of("split,Label,PATH\ntrain,cat,1.png\n")), (Lines{"1.png=0 train"}));
    }

    void EmptyLabelAndMinusOneAreUnlabelled() {
        QCOMPARE(listing(*of("1.png,\n2.png,-1\n3.png\n4.png,cat\n")),
                 (Lines{"1.png=-1 train", "2.png=-1 train", "3.png=-1 train", "4.png=0 train"}));
    }

    void QuotesBlanksCrlfAndByteOrderMarkAreUnderstood() {
        const auto data =
            of("\xef\xbb\xbfpath, label\r\n\"sub/a, \"\"b\"\".png\" , \"black, cat\"\r\n\r\n ./1.png , dog \r\n");
        QCOMPARE(data->classNames, (Lines{"black, cat", "dog"}));
        QCOMPARE(listing(*data), (Lines{"1.png=1 train", "sub/a, \"b\".png=0 train"}));
    }

    void PathsOutOfTheFolderAreRefusedAndListed() {
        const std::string absolute = (folder_ / "2.png").string();
        const auto data = of("1.png,cat\n" + absolute + ",cat\n../outside.png,cat\nsub/../../outside.png,cat\n" +
                             "link.png,cat\nup/outside.png,cat\n");
        QCOMPARE(listing(*data), (Lines{"1.png=0 train"}));
        QCOMPARE(data->skipped.size(), std::size_t(5));
        Lines report = reportOf(*data);
        const auto holds = [&](const std::string& line) { return std::ranges::count(report, line) == 1; };
        QVERIFY(holds(absolute + ": Its path is absolute; write it relative to the manifest."));
        QVERIFY(holds("../outside.png: Its path leads out of the manifest's folder."));
        QVERIFY(holds("sub/../../outside.png: Its path leads out of the manifest's folder."));
        QVERIFY(holds("link.png: A link in its path leads out of the manifest's folder."));
        QVERIFY(holds("up/outside.png: A link in its path leads out of the manifest's folder."));
    }

    void MissingAndRepeatedFilesAreListed() {
        const auto data = of("1.png,cat\ngone.png,cat\n./1.png,dog\n");
        QCOMPARE(listing(*data), (Lines{"1.png=0 train"}));
        QCOMPARE(reportOf(*data), (Lines{"1.png: The manifest names it more than once; its first line counts.",
                                         "gone.png: It cannot be opened (No such file or directory)."}));
    }

    void FaultsNameTheLine() {
        QCOMPARE(complaint("1.png,cat\n,dog\n"), atLine(2, "the path is missing."));
        QCOMPARE(complaint("1.png,\"cat\n"), atLine(1, "a quote is not closed."));
        QCOMPARE(complaint("path,label,split\n1.png,cat,later\n"),
                 atLine(2, "\"later\" is no split; write train, val or test."));
        QCOMPARE(complaint("1.png," + std::string(5000, 'x') + "\n"),
                 atLine(1, "a field is longer than 4,096 characters."));
        QCOMPARE(complaint(std::string(1 << 20, 'x')),
                 atLine(1, "the line is longer than 65,536 characters; this is no list of images."));
        QCOMPARE(complaint("1.png,caf\xe9\n"), atLine(1, "the line is not valid UTF-8; save the file as UTF-8."));
    }

    void ManifestOfNothingSaysSo() {
        const std::string text = complaint("path,label\n");
        QVERIFY2(text.find("names no image that can be used") != std::string::npos, text.c_str());
    }

    void FingerprintFollowsTheLabels() {
        const std::string before = of("1.png,cat\n2.png,dog\n")->fingerprint;
        QVERIFY(of("1.png,cat\n2.png,cat\n")->fingerprint != before);
        QCOMPARE(of("2.png,dog\n1.png,cat\n")->fingerprint, before);
    }
};

QTEST_GUILESS_MAIN(ManifestTest)
#include "manifest_test.moc"
