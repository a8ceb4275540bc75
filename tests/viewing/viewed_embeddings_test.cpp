// Embeddings of other programs.

#include "engine/viewed_embeddings.h"

#include "engine/embedding_file.h"
#include "tests/app/stripes.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <condition_variable>
#include <fstream>
#include <mutex>
#include <random>

using namespace embedscope;
using namespace embedscope::test;
namespace fs = std::filesystem;

class ViewedEmbeddingsTest : public QObject {
    Q_OBJECT

    QTemporaryDir temporary_;

    fs::path at(const std::string& name) const { return fs::path(temporary_.path().toStdString()) / name; }
    fs::path written(const std::string& name, const std::string& text) const {
        std::ofstream(at(name), std::ios::binary) << text;
        return at(name);
    }
    static QString refusalOf(const ViewSource& source) try {
        openEmbeddings(source);
        return "";
    } catch (const std::runtime_error& refusal) {
        return refusal.what();
    }

private Q_SLOTS:
    void TheSameNumbersComeFromNpyAndTsv() {
        writeEmbeddings(at("a.npy"), std::vector<float>{1, 2, 3, 4, 5, 6.5}, 2);
        const ViewedEmbeddings npy = openEmbeddings({at("a.npy"), {}, {}});
        const ViewedEmbeddings tsv = openEmbeddings({written("b.tsv", "1\t2\n3\t4\n5\t6.5\n"), {}, {}});
        QVERIFY(npy.bank->embeddings == tsv.bank->embeddings);
        QCOMPARE(tsv.bank->dimension, 2);
        QCOMPARE(npy.data->size(), std::size_t{3});
        QCOMPARE(npy.data->samples[2].label, kUnlabelled);
        QVERIFY(npy.data->classNames.empty());
    }

    void LabelsComeFromTables_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("text");
        QTest::newRow("csv of embed") << "l.csv"
                                      << "path,label\nx/1.png,boot\nx/2.png,\nx/3.png,bag\n";
        QTest::newRow("projector") << "l.tsv"
                                   << "label\tpath\tsplit\nboot\tx/1.png\ttrain\n\tx/2.png\ttrain\n"
                                      "bag\tx/3.png\ttrain\n";
        QTest::newRow("export csv") << "l2.csv"
                                    << "index,path,label,split\n0,x/1.png,boot,train\n1,x/2.png,,train\n"
                                       "2,x/3.png,bag,hold_out\n";
    }
    void LabelsComeFromTables() {
        QFETCH(QString, name);
        QFETCH(QString, text);
        writeEmbeddings(at("c.npy"), std::vector<float>{1, 2, 3, 4, 5, 6}, 2);
        const ViewedEmbeddings viewed =
            openEmbeddings({at("c.npy"), written(name.toStdString(), text.toStdString()), {}});
        QCOMPARE(viewed.data->classNames, (std::vector<std::string>{"bag", "boot"}));
        QCOMPARE(viewed.data->samples[0].label, 1);
        QCOMPARE(viewed.data->samples[1].label, kUnlabelled);
        QCOMPARE(viewed.data->samples[2].path, std::string("x/3.png"));
    }

    void AListOfLabelsNeedsNoHeader() {
        writeEmbeddings(at("d.npy"), std::vector<float>{1, 2, 3, 4, 5, 6}, 2);
        const ViewedEmbeddings viewed = openEmbeddings({at("d.npy"), written("d.txt", "10\n9\n10\n"), {}});
        QCOMPARE(viewed.data->classNames, (std::vector<std::string>{"9", "10"}));
        QCOMPARE(viewed.data->samples[0].label, 1);
    }

    void NumbersComeBeforeWordsThatBeginLikeNumbers() {
        const std::vector<std::string> inOrder{"2", "9", "10", "100", "1a", "9b", "a"};
        std::string labels;
        for (int i = 0; i < 70; ++i) labels += inOrder[static_cast<std::size_t>(i * 3 % 7)] + "\n";
        writeEmbeddings(at("mixed.npy"), std::vector<float>(140, 1.5F), 2);
        const ViewedEmbeddings viewed = openEmbeddings({at("mixed.npy"), written("mixed.txt", labels), {}});
        QCOMPARE(viewed.data->classNames, inOrder);
    }

    void PicturesComeFromTheFolderAndFromNowhereElse() {
        writeStripes(at("images"), 1, 2);
        writeEmbeddings(at("e.npy"), std::vector<float>{1, 2, 3, 4, 5, 6}, 2);
        written("secret.png", "not for you");
        const ViewedEmbeddings viewed = openEmbeddings(
            {at("e.npy"), written("e.csv", "path\nstripes0/0.png\n../secret.png\n/etc/hostname\n"), at("images")});
        QCOMPARE(viewed.data->skipped.size(), std::size_t{2});
        QVERIFY(viewed.data->skipped[0].reason.find("outside the folder") != std::string::npos);
        QVERIFY2(viewed.remark.find("2 of 3") != std::string::npos, viewed.remark.c_str());
        const auto first = viewed.data->image(0);
        QVERIFY(std::ranges::any_of(first, [&](std::uint8_t value) { return value != first[0]; }));
    }

    void WhatLiesBesideIsFound() {
        writeEmbeddings(at("f.npy"), std::vector<float>{1, 2, 3, 4}, 2);
        QCOMPARE(labelsBeside(at("f.npy")), fs::path());
        written("f.csv", "path,label\na,b\nc,d\n");
        QCOMPARE(labelsBeside(at("f.npy")), at("f.csv"));
        QCOMPARE(openEmbeddings({at("f.npy"), {}, {}}).data->classNames.size(), std::size_t{2});
    }

    void AFolderOfEpochsIsShownFromTheFirstToTheLast() {
        const fs::path folder = at("epochs_of_others");
        for (const int epoch : {0, 2, 10}) {
            const auto value = static_cast<float>(epoch);
            fs::create_directories(folder / "epochs" / ("epoch_" + std::to_string(epoch)));
            writeEmbeddings(folder / "epochs" / ("epoch_" + std::to_string(epoch)) / "embeddings.npy",
                            std::vector<float>{1, 2, 3, 4, 5, value}, 2);
        }
        written("epochs_of_others/labels.csv", "label\na\nb\na\n");
        QVERIFY(areEmbeddings(folder) && !areEmbeddings(folder / "epochs"));
        const ViewedEmbeddings viewed = openEmbeddings({folder, {}, {}});
        QCOMPARE(viewed.data->classNames.size(), std::size_t{2});
        QCOMPARE(viewed.before.size(), std::size_t{2});
        std::mutex mutex;
        std::condition_variable told;
        std::vector<float> seen;
        RunStart start;
        start.runId = 4;
        start.wakeUp = [&] {
            const std::lock_guard lock(mutex);
            told.notify_all();
        };
        const std::unique_ptr<Run> run = showEmbeddings(std::move(start), viewed);
        std::unique_lock lock(mutex);
        QVERIFY(told.wait_for(lock, std::chrono::seconds(60), [&] {
            const auto now = run->latest();
            if (now->bank && (seen.empty() || seen.back() != now->bank->embeddings.back()))
                seen.push_back(now->bank->embeddings.back());
            return now->ended();
        }));
        QCOMPARE(seen.back(), 10.0F);
        QVERIFY(std::ranges::is_sorted(seen));
        QCOMPARE(run->latest()->epoch, 10.0);
        QVERIFY(refusalOf({at("."), {}, {}}).contains("holds no epochs/epoch_<k>/embeddings.npy"));
    }

    void FilesThatCannotBeAreRefusedWithASentence_data() {
        QTest::addColumn<QString>("tsv");
        QTest::addColumn<QString>("labels");
        QTest::addColumn<QString>("sentence");
        QTest::newRow("header") << "a\tb\n1\t2\n3\t4\n"
                                << ""
                                << "take the header off";
        QTest::newRow("ragged") << "1\t2\n3\n"
                                << ""
                                << "line 2: it has 1 numbers, the first line 2";
        QTest::newRow("one row") << "1\t2\n"
                                 << ""
                                 << "too small for a map";
        QTest::newRow("one column") << "1\n2\n"
                                    << ""
                                    << "too small for a map";
        QTest::newRow("empty") << ""
                               << ""
                               << "too small for a map";
        QTest::newRow("not finite") << "1\t2\nnan\t4\n"
                                    << ""
                                    << "no finite number in row 2";
        QTest::newRow("too few labels") << "1\t2\n3\t4\n"
                                        << "label\nx\n"
                                        << "names 1 rows";
        QTest::newRow("other columns") << "1\t2\n3\t4\n"
                                       << "one\ttwo\na\tb\nc\td\n"
                                       << "no column \"label\"";
        QTest::newRow("long line") << QString(3 << 20, '7') << ""
                                   << "longer than 1 MiB";
        QTest::newRow("many fields") << QString(70'000, '\t') << ""
                                     << "65,536 fields";
    }
    void FilesThatCannotBeAreRefusedWithASentence() {
        QFETCH(QString, tsv);
        QFETCH(QString, labels);
        QFETCH(QString, sentence);
        ViewSource source{written("g.tsv", tsv.toStdString()), {}, {}};
        if (!labels.isEmpty()) source.labels = written("g_labels.tsv", labels.toStdString());
        const QString refusal = refusalOf(source);
        QVERIFY2(refusal.contains(sentence), qPrintable(refusal));
        QVERIFY2(refusal.contains("/g"), qPrintable(refusal));
    }

    /// Seeded: any byte of a table may be anything.
    void DamagedTablesNeverCrash() {
        std::mt19937 random(3);
        const std::string numbers = "1\t2.5\t-3e2\n4\t5\t6\n7\t8\t9\n", labels = "label\tpath\na\tx\nb\ty\nc\tz\n";
        int refused = 0;
        for (int round = 0; round < 2000; ++round) {
            std::string one = numbers, other = labels;
            for (int change = 0; change < 3; ++change) {
                std::string& target = random() % 2 == 0 ? one : other;
                target[random() % target.size()] = static_cast<char>(random() % 256);
            }
            if (!refusalOf({written("h.tsv", one), written("h_labels.tsv", other), {}}).isEmpty()) ++refused;
        }
        QVERIFY(refused > 100 && refused < 2000);
    }
};

QTEST_GUILESS_MAIN(ViewedEmbeddingsTest)
#include "viewed_embeddings_test.moc"
