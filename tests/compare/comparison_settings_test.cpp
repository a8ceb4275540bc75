#include "engine/compare/settings.h"
#include "tests/support/comparisons.h"

#include <nlohmann/json.hpp>

#include <QTest>

#include <algorithm>
#include <set>
#include <stdexcept>

using namespace embedscope;
using embedscope::test::contains;
using embedscope::test::tripletExperiment;
using embedscope::test::twoMargins;

namespace {

using Values = std::vector<std::string>;

std::vector<std::string> idsOf(const std::vector<SettingDifference>& differences) {
    std::vector<std::string> ids;
    std::ranges::transform(differences, std::back_inserter(ids), &SettingDifference::id);
    return ids;
}

std::string complaint(const std::string& path, const Values& values,
                      const std::vector<std::uint64_t>& seeds = {1}) try {
    makeGrid(tripletExperiment(0.2), path, values, seeds);
    return "";
} catch (const std::invalid_argument& error) {
    return error.what();
}

std::string warningsOf(const Comparison& comparison) {
    std::string text;
    for (const std::string& warning : twinWarnings(comparison)) text += warning + '\n';
    return text;
}

/// Keys of experiment.json as SettingDifference::id has them.
std::set<std::string> keysOf(const Experiment& experiment) {
    std::set<std::string> keys;
    const auto json = nlohmann::json::parse(toJson(experiment));
    for (const auto& [key, value] : json.items()) {
        if (!value.is_object() || value.contains("id")) keys.insert(key);
        if (!value.is_object() || value.contains("id")) continue;
        for (const auto& [inner, unused] : value.items()) keys.insert(key + '.' + inner);
    }
    return keys;
}

}  // namespace

class ComparisonSettingsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void EverySettingOfAnExperimentIsCompared() {
        Experiment experiment;
        experiment.learning = Learning::SemiSupervised;
        std::set<std::string> known;
        for (const SettingValue& setting : settingsOf(experiment)) known.insert(setting.id);
        for (const std::string& key : keysOf(experiment))
            QVERIFY2(known.contains(key), ("engine/compare/settings.cpp has no label for " + key).c_str());
    }

    void ADifferenceHasTheFormsWords() {
        const auto found = differences(twoMargins());
        QCOMPARE(idsOf(found), Values{"loss.margin"});
        QCOMPARE(found[0].label, std::string("Margin"));
        QCOMPARE(found[0].values, (Values{"0.2", "0.5"}));
    }

    void AStandardValueThatIsWrittenOutIsNoDifference() {
        Comparison comparison = twoMargins();
        const double standard = parameterOf(entryOf(lossCatalog(), "triplet_margin", "loss"), "margin").standard;
        comparison.runs[0].experiment.loss.parameters = {};
        comparison.runs[1].experiment.loss.parameters = {{"margin", standard}};
        QVERIFY(differences(comparison).empty());
    }

    void ParametersOfAChoiceThatOnlyOneMadeAreListedWhenSet() {
        Comparison comparison = twoMargins();
        comparison.runs[1].experiment.loss = {"contrastive_squared", {}};
        comparison.runs[0].experiment.loss = {"triplet_margin", {}};
        comparison.runs[1].experiment.augmentation = {"supervised", {}};
        auto ids = idsOf(differences(comparison));
        QVERIFY(std::ranges::find(ids, "loss") != ids.end());
        QVERIFY(std::ranges::find(ids, "augmentation") != ids.end());
        QVERIFY(std::ranges::none_of(ids, [](const std::string& id) { return id.starts_with("augmentation."); }));
    }

    void SettingsWithoutMeaningAreEmpty() {
        Comparison comparison = twoMargins();
        comparison.runs[1].experiment.learning = Learning::SelfSupervised;
        for (const SettingDifference& each : differences(comparison))
            if (each.id == "loss" || each.id == "miner") QCOMPARE(each.values[1], std::string());
        const auto ids = idsOf(differences(comparison));
        QVERIFY(std::ranges::find(ids, "loss") != ids.end());
        QVERIFY(std::ranges::find(ids, "view_loss") != ids.end());
    }

    void SeedAndNameComeLast() {
        Comparison comparison = twoMargins();
        comparison.runs[1].experiment.name = "other";
        comparison.runs[1].experiment.seed = 2;
        comparison.runs[1].experiment.threads = 2;
        QCOMPARE(idsOf(differences(comparison)), (Values{"loss.margin", "threads", "seed", "name"}));
    }

    void TrueTwinsHaveNoWarning() { QCOMPARE(warningsOf(twoMargins()), std::string()); }

    void WarningsSayWhatDiffersAndWhatFollows() {
        Comparison comparison = twoMargins();
        comparison.runs[1].experiment.sampler.parameters["batch_size"] = 64;
        QCOMPARE(warningsOf(comparison),
                 std::string("“B” draws batches of 64 images and “A” of 128 images: they do not see "
                             "the same images in the same step.\n"));
        comparison = twoMargins();
        comparison.runs[1].experiment.encoder = {"resnet18", {}};
        QVERIFY(contains(warningsOf(comparison), "do not start from the same points"));
        comparison = twoMargins();
        comparison.runs[1].experiment.data.folder = "/others";
        QVERIFY(contains(warningsOf(comparison), "no number of the table can be compared"));
        comparison = twoMargins();
        comparison.runs[1].experiment.augmentation = {"supervised", {}};
        QVERIFY(contains(warningsOf(comparison), "other views of the same images"));
        comparison = twoMargins();
        comparison.runs[1].experiment.learning = Learning::SelfSupervised;
        QVERIFY(contains(warningsOf(comparison), "batches hold different images"));
        comparison = twoMargins();
        comparison.runs[1].experiment.seed = 9;
        QVERIFY(contains(warningsOf(comparison), "has seed 9, which no run of other settings has"));
    }

    void AGridHasAllValuesWithAllSeeds() {
        const Comparison grid = makeGrid(tripletExperiment(0.2), "loss.margin", {"0.2", "0.5", "1"}, {1, 2});
        QCOMPARE(grid.runs.size(), std::size_t{6});
        QCOMPARE(grid.runs[3].name, std::string("Margin 0.5, seed 2"));
        QCOMPARE(grid.runs[3].experiment.loss.parameters.at("margin"), 0.5);
        QCOMPARE(grid.runs[3].experiment.seed, std::uint64_t{2});
        QVERIFY(problems(grid).empty());
        QVERIFY(twinWarnings(grid).empty());
        const auto groups = seedGroups(grid);
        QCOMPARE(groups.size(), std::size_t{3});
        QCOMPARE(groups[1].name, std::string("margin 0.5"));
        QCOMPARE(groups[1].runs, (std::vector<std::size_t>{2, 3}));
    }

    void AGridVariesChoicesAndPlainSettingsToo() {
        const Comparison miners = makeGrid(tripletExperiment(0.2), "miner", {"all", "semi_hard"}, {1});
        QCOMPARE(miners.runs[0].experiment.miner.id, std::string("all"));
        const Comparison rates = makeGrid(tripletExperiment(0.2), "learning_rate", {"0.001", "1e-2"}, {1});
        QCOMPARE(rates.runs[1].experiment.learningRate, 0.01);
        const Comparison learning =
            makeGrid(tripletExperiment(0.2), "learning", {"supervised", "self_supervised"}, {1});
        QVERIFY(problems(learning).empty());
        QCOMPARE(makeGrid(tripletExperiment(0.2), "", {}, {1, 2, 3}).runs.size(), std::size_t{3});
    }

    void AGridThatCannotWorkIsRefusedWithASentence() {
        QVERIFY(contains(complaint("loss.magrin", {"1", "2"}), "margin"));
        QVERIFY(contains(complaint("nothing", {"1", "2"}), "is no setting"));
        QVERIFY(contains(complaint("added_losses", {"1", "2"}), "is no setting"));
        QVERIFY(contains(complaint("loss", {"triplet_margin", "tripet"}), "triplet_margin"));
        QVERIFY(contains(complaint("loss.margin", {"0.2", "wide"}), "wide"));
        QVERIFY(contains(complaint("loss.margin", {"0.2", "1e9"}), "choose a value from"));
        QVERIFY(contains(complaint("epochs", {"3", "x"}), "\"epochs\" must be a whole number"));
        QVERIFY(contains(complaint("loss.margin", {"0.2", "0.2"}), "stands there twice"));
        QVERIFY(contains(complaint("loss.margin", {"0.2"}), "2 to 64"));
        QVERIFY(contains(complaint("seed", {"1", "2"}), "seeds apart"));
        QVERIFY(contains(complaint("loss.margin", {}), "its values"));
        QVERIFY(contains(complaint("view_loss_weight", {"1", "2"}), "changes nothing"));
        QVERIFY(contains(complaint("miner", {"all", "semi_hard"}, {1, 1}), "seed 1 stands there twice"));
    }
};

QTEST_GUILESS_MAIN(ComparisonSettingsTest)
#include "comparison_settings_test.moc"
