#include "engine/losses/pair_weights.h"
#include "engine/miners/miner.h"
#include "engine/miners/sampled_negatives.h"
#include "tests/support/batches.h"
#include "tests/support/reference.h"
#include "tests/support/reference_tensor.h"

#include <ATen/Functions.h>

#include <QTest>

#include <map>
#include <optional>
#include <set>

using namespace embedscope;
using Json = nlohmann::json;
using Pair = std::pair<std::int64_t, std::int64_t>;
using Pairs = std::multiset<Pair>;

namespace {

/// Places in the options of our rows.
const std::map<std::string, double> kStrategies = {{"hard", 0}, {"semihard", 1}, {"easy", 2}, {"all", 3}};
const std::map<std::string, double> kKinds = {{"all", 0}, {"hard", 1}, {"semihard", 2}, {"easy", 3}};

double distanceOf(const Json& params) {
    const Json& distance = params.at("distance");
    if (distance.at("type") == "CosineSimilarity") return 2;
    return distance.at("normalize_embeddings") ? 0 : 1;
}

Choice easyHard(const Json& params) {
    ParameterValues values = {{"positive", kStrategies.at(params.at("pos_strategy"))},
                              {"negative", kStrategies.at(params.at("neg_strategy"))}};
    if (params.contains("allowed_pos_range")) {
        values["positive_from"] = params["allowed_pos_range"][0];
        values["positive_to"] = params["allowed_pos_range"][1];
        values["negative_from"] = params["allowed_neg_range"][0];
        values["negative_to"] = params["allowed_neg_range"][1];
    }
    return {"batch_easy_hard", values};
}

/// Nothing for DistanceWeightedMiner, which is compared by its chances.
std::optional<Choice> ourMiner(const std::string& name, const Json& params) {
    if (name == "BatchHardMiner") return Choice{"batch_hard", {{"distance", distanceOf(params)}}};
    if (name == "BatchEasyHardMiner") return easyHard(params);
    if (name == "PairMarginMiner")
        return Choice{"pair_margin",
                      {{"positive_margin", params.at("pos_margin")},
                       {"negative_margin", params.at("neg_margin")},
                       {"distance", distanceOf(params)}}};
    if (name == "TripletMarginMiner")
        return Choice{"triplet_margin",
                      {{"mining_margin", params.at("margin")},
                       {"kind", kKinds.at(params.at("type_of_triplets"))},
                       {"distance", distanceOf(params)}}};
    if (name == "MultiSimilarityMiner")
        return Choice{"multi_similarity", {{"epsilon", params.at("epsilon")}, {"distance", distanceOf(params)}}};
    if (name == "AngularMiner") return Choice{"angular", {{"angle", params.at("angle")}}};
    if (name == "HDCMiner")
        return Choice{"hard_distance_cascade",
                      {{"share", params.at("filter_percentage")}, {"distance", distanceOf(params)}}};
    return std::nullopt;
}

struct Expected {
    Pairs similar, dissimilar;
    std::set<std::int64_t> looseAnchors;  ///< Several outcomes are right for these.
};

Expected expectedOf(const Json& result) {
    Expected expected;
    const Json& wanted = result["expected"];
    if (wanted.contains("triplets")) {
        for (const Json& t : wanted["triplets"]) {
            expected.similar.emplace(t[0], t[1]);
            expected.dissimilar.emplace(t[0], t[2]);
        }
    } else {
        for (const Json& pair : wanted["pos_pairs"]) expected.similar.emplace(pair[0], pair[1]);
        for (const Json& pair : wanted["neg_pairs"]) expected.dissimilar.emplace(pair[0], pair[1]);
    }
    for (const Json& tie : result.value("ties", Json::array()))
        expected.looseAnchors.insert(tie["anchor"].get<std::int64_t>());
    for (const Json& anchor : result.value("borderline_anchors", Json::array()))
        expected.looseAnchors.insert(anchor.get<std::int64_t>());
    const Json borderline = result.value("borderline", Json::array());
    std::vector<Json> lists;  // one list, or one for each side
    if (borderline.is_object())
        lists.assign(borderline.begin(), borderline.end());
    else
        lists.push_back(borderline);
    for (const Json& list : lists)
        for (const Json& tuple : list) expected.looseAnchors.insert(tuple[0].get<std::int64_t>());
    return expected;
}

Pairs listed(const torch::Tensor& weights) {
    Pairs pairs;
    const torch::Tensor matrix = weights.to(torch::kFloat64).contiguous();
    const auto value = matrix.accessor<double, 2>();
    for (std::int64_t i = 0; i < matrix.size(0); ++i)
        for (std::int64_t j = 0; j < matrix.size(1); ++j)
            for (int times = 0; times < static_cast<int>(value[i][j]); ++times) pairs.emplace(i, j);
    return pairs;
}

Pairs without(const Pairs& pairs, const std::set<std::int64_t>& anchors) {
    Pairs kept;
    for (const Pair& pair : pairs)
        if (!anchors.contains(pair.first)) kept.insert(pair);
    return kept;
}

/// All certain ones, and as many of the boundary as are to be taken.
bool cascadeMatches(const Json& wanted, const Pairs& actual) {
    Pairs rest = actual;
    for (const Json& pair : wanted["certain"])
        if (rest.erase(Pair(pair[0], pair[1])) != 1) return false;
    std::size_t taken = 0;
    for (const Json& pair : wanted["boundary"]) taken += rest.erase(Pair(pair[0], pair[1]));
    return rest.empty() && taken == wanted["take"].get<std::size_t>();
}

bool matches(const Json& result, const PairWeights& weights) {
    const Pairs similar = listed(weights.similar), dissimilar = listed(weights.dissimilar);
    if (result["miner"] == "HDCMiner")
        return cascadeMatches(result["expected"]["pos"], similar) &&
               cascadeMatches(result["expected"]["neg"], dissimilar);
    // Where only the number of triplets is listed: each has one negative.
    if (result["expected"].contains("count")) return dissimilar.size() == result["expected"]["count"];
    const Expected expected = expectedOf(result);
    const auto& loose = expected.looseAnchors;
    return without(similar, loose) == without(expected.similar, loose) &&
           without(dissimilar, loose) == without(expected.dissimilar, loose);
}

/// The largest difference of the chances, rows without candidates and borderline anchors left out.
double chanceFault(const Json& result, const torch::Tensor& embeddings, const torch::Tensor& labels) {
    const Json& params = result["params"];
    const torch::Tensor chances =
        distanceWeights(embeddings, labels, params.at("cutoff"), params.at("nonzero_loss_cutoff"));
    const auto actual = chances.accessor<double, 2>();
    const std::set<std::int64_t> loose =
        expectedOf(Json{{"expected", {{"pos_pairs", Json::array()}, {"neg_pairs", Json::array()}}},
                        {"borderline", result.value("borderline", Json::array())}})
            .looseAnchors;
    double fault = 0;
    const Json& rows = result["expected"]["probabilities"];
    for (std::size_t a = 0; a < rows.size(); ++a) {
        if (loose.contains(static_cast<std::int64_t>(a))) continue;
        for (std::int64_t n = 0; n < chances.size(1); ++n) {
            // null: no candidate, in the whole row
            const Json& listedChance = rows[a].is_null() ? rows[a] : rows[a][static_cast<std::size_t>(n)];
            const double wanted = listedChance.is_null() ? 0 : listedChance.get<double>();
            fault = std::max(fault, std::abs(actual[static_cast<std::int64_t>(a)][n] - wanted));
        }
    }
    return fault;
}

}  // namespace

class MinersReferenceTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void EveryMinerMatchesItsReference() {
        const Json file = referenceFile("miners.json");
        QStringList faults;
        int compared = 0;
        for (const Json& data : file["cases"]) {
            const torch::Tensor embeddings = tensorOf(data["inputs"]["embeddings"]);
            const torch::Tensor labels = labelsOf(data["inputs"]["labels"]);
            for (const Json& result : data["results"]) {
                ++compared;
                const QString name =
                    QString::fromStdString(data["id"].get<std::string>() + " " + result["miner"].get<std::string>() +
                                           " " + result["params"].dump());
                const auto choice = ourMiner(result["miner"], result["params"]);
                if (!choice && result["miner"] == "DistanceWeightedMiner") {
                    if (!(chanceFault(result, embeddings, labels) <= 1e-10)) faults << name;
                } else if (!choice) {
                    faults << name + ": no miner of ours";
                } else {
                    const Tuples tuples = makeMiner(*choice, 1)->mine(embeddings, labels);
                    if (!matches(result, pairWeights(embeddings, labels, tuples))) faults << name;
                }
            }
        }
        qInfo("%d results compared", compared);
        QVERIFY(compared > 0);
        QVERIFY2(faults.isEmpty(), qPrintable(faults.join('\n')));
    }

    void DrawnNegativesFollowTheirChances() {
        const Batch batch = seededBatch(8, 4, 2, 3);
        const torch::Tensor chances = distanceWeights(batch.embeddings, batch.labels, 0.5, 1.9);
        const auto miner = makeMiner({"distance_weighted", {{"nonzero_loss_cutoff", 1.9}}}, 11);
        torch::Tensor counts = torch::zeros({8, 8}, torch::kFloat64);
        constexpr int kRounds = 2000;
        for (int round = 0; round < kRounds; ++round) {
            const Tuples tuples = miner->mine(batch.embeddings, batch.labels);
            counts.index_put_({tuples.triplets[0], tuples.triplets[2]},
                              torch::ones({tuples.triplets.size(1)}, torch::kFloat64), true);
        }
        const torch::Tensor share = counts / counts.sum(1, true).clamp_min(1);
        QVERIFY((share - chances).abs().max().item<double>() < 0.03);
        QCOMPARE(counts.masked_select(chances == 0).sum().item<double>(), 0.0);
    }

    void TheSeedDecidesWhatIsDrawn() {
        const Batch batch = seededBatch(32, 4, 4, 3);
        const auto triplets = [&](std::uint64_t seed) {
            return makeMiner({"random", {}}, seed)->mine(batch.embeddings, batch.labels).triplets;
        };
        QVERIFY(at::equal(triplets(1), triplets(1)));
        QVERIFY(!at::equal(triplets(1), triplets(2)));
    }

    void EveryTupleObeysTheLabels() {
        const Batch batch = seededBatch(30, 5, 6, 12);
        torch::Tensor labels = batch.labels.clone();
        labels.slice(0, 24).fill_(-1);
        const torch::Tensor same = labels.unsqueeze(0) == labels.unsqueeze(1);
        const torch::Tensor unlabelled = (labels < 0).unsqueeze(0).logical_or((labels < 0).unsqueeze(1));
        for (const CatalogEntry& row : minerCatalog()) {
            const Tuples tuples = makeMiner({row.id, {}}, 1)->mine(batch.embeddings, labels);
            const PairWeights pairs = pairWeights(batch.embeddings, labels, tuples);
            QVERIFY2(pairs.similar.masked_select(same.logical_not()).sum().item<double>() == 0, row.id.c_str());
            QVERIFY2(pairs.dissimilar.masked_select(same).sum().item<double>() == 0, row.id.c_str());
            QVERIFY2((pairs.similar + pairs.dissimilar).masked_select(unlabelled).sum().item<double>() == 0,
                     row.id.c_str());
            QVERIFY2(pairs.similar.diagonal().sum().item<double>() == 0, row.id.c_str());
        }
    }

    void StrategiesThatNeedAPartnerRefuseAll() {
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument,
                                 makeMiner({"batch_easy_hard", {{"positive", 3}, {"negative", 1}}}, 1));
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, makeMiner({"hardest", {}}, 1));
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, makeMiner({"all", {{"margin", 1}}}, 1));
    }
};

QTEST_GUILESS_MAIN(MinersReferenceTest)
#include "miners_reference_test.moc"
