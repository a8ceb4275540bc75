#include "engine/evaluation/normalized_rows.h"
#include "engine/retrieval.h"
#include "tests/support/reference_rows.h"

#include <QTest>

using namespace embedscope;
using nlohmann::json;

namespace {

constexpr double kTolerance = 1e-9;
constexpr double kRankTolerance = 1e-6;  // the reference computes the reciprocal rank in float32

bool valuesAgree(const RetrievalValues& found, const json& expected) {
    return agrees(found.recallAt1, expected["precision_at_1"], kTolerance) &&
           agrees(found.rPrecision, expected["r_precision"], kTolerance) &&
           agrees(found.meanAveragePrecisionAtR, expected["mean_average_precision_at_r"], kTolerance) &&
           agrees(found.meanReciprocalRank, expected["mean_reciprocal_rank"], kRankTolerance);
}

RetrievalMeasures measure(const json& inputs, const std::vector<float>& rows, int k = 20) {
    const std::vector<std::int32_t> labels = inputs["labels"];
    const int width = widthOf(inputs["embeddings"]);
    if (!inputs.contains("reference")) return *retrievalMeasures(rows, width, labels, k);
    const std::vector<std::int32_t> others = inputs["reference_labels"];
    return *retrievalMeasures(rows, labels, rowsOf<float>(inputs["reference"]), others, width, k);
}

bool recallsAgree(const RetrievalValues& found, const json& expected) {
    const std::pair<const char*, double> all[] = {
        {"1", found.recallAt1}, {"2", found.recallAt2}, {"4", found.recallAt4}, {"8", found.recallAt8}};
    for (const auto& [k, value] : all)
        if (expected.contains(k) && !agrees(value, expected[k]["queries_with_a_match"], kTolerance)) return false;
    return true;
}

bool classesAgree(const RetrievalMeasures& found, const json& expected) {
    if (expected["classes"].size() != found.perClass.size()) return false;
    for (std::size_t i = 0; i < found.perClass.size(); ++i) {
        json one;
        for (const char* name :
             {"precision_at_1", "r_precision", "mean_average_precision_at_r", "mean_reciprocal_rank"})
            one[name] = expected[name][i];
        if (expected["classes"][i] != found.perClass[i].label || !valuesAgree(found.perClass[i].values, one))
            return false;
    }
    return true;
}

}  // namespace

class RetrievalReferenceTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void EveryCaseMatches_data() {
        QTest::addColumn<int>("index");
        for (int i = 0; i < int(file_["cases"].size()); ++i)
            if (file_["cases"][i]["expected"].contains("accuracy_calculator"))
                QTest::newRow(file_["cases"][i]["id"].get<std::string>().c_str()) << i;
    }

    void EveryCaseMatches() {
        QFETCH(int, index);
        const json inputs = file_["cases"][index]["inputs"], expected = file_["cases"][index]["expected"];
        std::vector<float> rows = rowsOf<float>(inputs["embeddings"]);
        const RetrievalMeasures found = measure(inputs, rows);
        QVERIFY(valuesAgree(found.overall, expected["accuracy_calculator"]));
        if (expected.contains("accuracy_calculator_avg_of_avgs"))
            QVERIFY(valuesAgree(found.classMean, expected["accuracy_calculator_avg_of_avgs"]));
        if (expected.contains("accuracy_calculator_per_class"))
            QVERIFY(classesAgree(found, expected["accuracy_calculator_per_class"]));
        if (expected.contains("recall_at")) QVERIFY(recallsAgree(found.overall, expected["recall_at"]));
        if (expected.contains("accuracy_calculator_cosine")) {
            normalizeRows(std::span(rows), widthOf(inputs["embeddings"]));
            QVERIFY(valuesAgree(measure(inputs, rows).overall, expected["accuracy_calculator_cosine"]));
        }
    }

    void NearestNeighbourVotesMatch() {
        int compared = 0;
        for (const json& item : file_["cases"]) {
            if (!item["expected"].contains("knn_accuracy_leave_one_out")) continue;
            const auto rows = rowsOf<float>(item["inputs"]["embeddings"]);
            for (const json& expected : item["expected"]["knn_accuracy_leave_one_out"]) {
                const double found = measure(item["inputs"], rows, expected["k"]).knnAccuracy;
                QVERIFY(agrees(found, expected["accuracy_tie_to_nearest"], kTolerance));
                ++compared;
            }
        }
        QVERIFY(compared >= 4);
    }

private:
    const json file_ = referenceFile("metrics.json");
};

QTEST_APPLESS_MAIN(RetrievalReferenceTest)
#include "retrieval_reference_test.moc"
