#include "engine/data_set.h"

#include <QTest>

#include <map>
#include <set>
#include <stdexcept>

using namespace embedscope;

namespace {

/// A data set without pixels; `sizes` holds the number of images of each class.
DataSet dataOf(const std::vector<int>& sizes, int unlabelled = 0) {
    DataSet data;
    data.name = "zoo";
    for (std::size_t label = 0; label < sizes.size(); ++label) {
        data.classNames.push_back("class " + std::to_string(label));
        for (int i = 0; i < sizes[label]; ++i)
            data.samples.push_back(
                {std::to_string(label) + "/" + std::to_string(i), std::int32_t(label), Split::Train});
    }
    for (int i = 0; i < unlabelled; ++i) data.samples.push_back({std::to_string(i), kUnlabelled, Split::Train});
    return data;
}

DataSettings rule(HoldOut holdOut, double share = 0.2) {
    DataSettings settings;
    settings.holdOut = holdOut;
    settings.holdOutShare = share;
    return settings;
}

/// Label -> held out, of all.
std::map<std::int32_t, std::pair<int, int>> heldOut(const DataSet& data) {
    std::map<std::int32_t, std::pair<int, int>> counts;
    for (const Sample& sample : data.samples) {
        counts[sample.label].first += sample.split == Split::HoldOut;
        counts[sample.label].second += 1;
    }
    return counts;
}

std::vector<bool> pattern(const DataSet& data) {
    std::vector<bool> held;
    for (const Sample& sample : data.samples) held.push_back(sample.split == Split::HoldOut);
    return held;
}

std::string complaint(const DataSet& data, const DataSettings& settings) try {
    withHoldOut(data, settings, 1);
    return {};
} catch (const std::runtime_error& failure) {
    return failure.what();
}

}  // namespace

class HoldOutTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void EveryClassGivesTheSameShare() {
        const auto split = withHoldOut(dataOf({100, 50, 10, 1}, 30), rule(HoldOut::Images), 7);
        const auto counts = heldOut(*split);
        QCOMPARE(counts.at(0).first, 20);
        QCOMPARE(counts.at(1).first, 10);
        QCOMPARE(counts.at(2).first, 2);
        QCOMPARE(counts.at(3).first, 0);            // the only one stays in training
        QCOMPARE(counts.at(kUnlabelled).first, 0);  // could not serve the metrics
    }

    void AClassKeepsAnImageForTraining() {
        for (const auto& [label, count] : heldOut(*withHoldOut(dataOf({2, 3, 4}), rule(HoldOut::Images, 0.9), 3)))
            QVERIFY(count.first < count.second);
    }

    void WholeClassesGoToEitherSide() {
        const auto counts =
            heldOut(*withHoldOut(dataOf({5, 6, 7, 8, 9, 5, 6, 7, 8, 9}), rule(HoldOut::Classes, 0.3), 7));
        int held = 0;
        for (const auto& [label, count] : counts) {
            QVERIFY(count.first == 0 || count.first == count.second);
            held += count.first > 0;
        }
        QCOMPARE(held, 3);
    }

    void TwoClassesStayOnEachSide() {
        for (const double share : {0.01, 0.9}) {
            int held = 0;
            for (const auto& [label, count] :
                 heldOut(*withHoldOut(dataOf({3, 3, 3, 3}), rule(HoldOut::Classes, share), 7)))
                held += count.first > 0;
            QCOMPARE(held, 2);
        }
        QCOMPARE(complaint(dataOf({3, 3, 3}), rule(HoldOut::Classes)),
                 std::string("Holding out whole classes needs at least 4 classes, \"zoo\" has 3; hold out images "
                             "instead."));
        QVERIFY(!complaint(dataOf({3, 3, 3, 0}), rule(HoldOut::Classes)).empty());  // a class of nothing is none
    }

    void ChoiceIsTheSameOnEveryMachine() {
        // From a separate Python program of mt19937_64 and Fisher-Yates; a change here breaks stored runs.
        const DataSet data = dataOf({5, 5});
        const std::vector<bool> held = pattern(*withHoldOut(data, rule(HoldOut::Images, 0.4), 1));
        QCOMPARE(held, pattern(*withHoldOut(data, rule(HoldOut::Images, 0.4), 1)));
        std::string text;
        for (const bool value : held) text += value ? '1' : '0';
        QCOMPARE(text, std::string("0101001010"));
    }

    void SeedsDifferAndEarlierHoldOutsAreForgotten() {
        const DataSet data = dataOf({50, 50});
        const auto first = withHoldOut(data, rule(HoldOut::Images), 1);
        const auto second = withHoldOut(*first, rule(HoldOut::Images), 2);
        QVERIFY(pattern(*first) != pattern(*second));
        QCOMPARE(pattern(*second), pattern(*withHoldOut(data, rule(HoldOut::Images), 2)));
        QCOMPARE(heldOut(*withHoldOut(*first, rule(HoldOut::None), 2)).at(0).first, 0);
    }

    void TheFoldersOwnSplitIsTakenIfThereIsOne() {
        DataSet data = dataOf({2, 2});
        data.folderSplit = {Split::HoldOut, Split::Train, Split::Train, Split::HoldOut};
        const std::vector<bool> own = {true, false, false, true};
        QCOMPARE(pattern(*withHoldOut(data, rule(HoldOut::Automatic), 1)), own);
        QCOMPARE(pattern(*withHoldOut(data, rule(HoldOut::FolderSplit), 9)), own);
    }

    void AutomaticTakesImagesWhereNothingIsHeldOut() {
        DataSet data = dataOf({10, 10});
        data.folderSplit.assign(20, Split::Train);
        QCOMPARE(heldOut(*withHoldOut(data, rule(HoldOut::Automatic), 1)).at(0).first, 2);
        QCOMPARE(complaint(data, rule(HoldOut::FolderSplit)),
                 std::string("\"zoo\" has no hold-out of its own (val/ or test/ beside train/, or a split column); "
                             "choose images or classes as hold-out."));
    }

    void PixelsAreSharedNotCopied() {
        DataSet data = dataOf({4, 4});
        data.pixels = std::make_shared<const std::vector<std::uint8_t>>(8);
        QVERIFY(withHoldOut(data, rule(HoldOut::Images), 1)->pixels == data.pixels);
    }

    void GoodDataHasNoProblems() { QVERIFY(problems(dataOf({5, 5}), Experiment{}).empty()); }

    void ProblemsAreSentences() {
        const auto only = [](const DataSet& data) {
            const auto found = problems(data, Experiment{});
            return found.size() == 1 ? found[0] : std::string();
        };
        QVERIFY(only(dataOf({}, 5)).starts_with("\"zoo\" has no labels"));
        QVERIFY(only(dataOf({5})).starts_with("\"zoo\" has one class (\"class 0\")"));
        QVERIFY(only(dataOf({5, 1, 1})).starts_with("Fewer than two classes of \"zoo\""));
        DataSet held = dataOf({3, 3});
        for (Sample& sample : held.samples) sample.split = Split::HoldOut;
        QVERIFY(only(held).starts_with("All labelled images of \"zoo\" are held out"));
    }
};

QTEST_GUILESS_MAIN(HoldOutTest)
#include "hold_out_test.moc"
