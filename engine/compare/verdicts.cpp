// Over more than one pair of groups the p-values are stepped down as S. Holm, Scandinavian Journal of Statistics 1979,
// has it.
#include "engine/compare/students_t.h"
#include "engine/comparison.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>

namespace embedscope {
namespace {

constexpr double kSignificant = 0.05;

/// One pair of groups, the differences paired by seed.
struct Test {
    const SeedGroup* first = nullptr;
    const SeedGroup* second = nullptr;
    std::size_t seeds = 0;
    double mean = 0, deviation = 0;  ///< Of first - second, in Recall@1.
    double p = 1;
};

/// Differences in Recall@1 of runs with the same seed; unmeasured ones are left out.
std::vector<double> pairedDifferences(const Comparison& comparison, const std::vector<ComparisonRow>& rows,
                                      const SeedGroup& first, const SeedGroup& second) {
    std::vector<double> differences;
    for (const std::size_t a : first.runs)
        for (const std::size_t b : second.runs) {
            if (comparison.runs[a].experiment.seed != comparison.runs[b].experiment.seed) continue;
            const double difference = rows.at(a).recallAt1 - rows.at(b).recallAt1;
            if (!std::isfinite(difference)) continue;
            differences.push_back(difference);
            break;  // a seed that stands twice in a group counts once
        }
    return differences;
}

Test testOf(const SeedGroup& first, const SeedGroup& second, const std::vector<double>& differences) {
    Test test{&first, &second, differences.size()};
    const auto count = static_cast<double>(differences.size());
    test.mean = std::accumulate(differences.begin(), differences.end(), 0.0) / count;
    double squares = 0;
    for (const double each : differences) squares += (each - test.mean) * (each - test.mean);
    test.deviation = std::sqrt(squares / (count - 1));
    if (test.deviation > 0)
        test.p = twoSidedP(test.mean / (test.deviation / std::sqrt(count)), count - 1);
    else
        test.p = test.mean == 0 ? 1 : 0;
    return test;
}

/// The smallest p times the number of tests, the next times one fewer, never falling.
void stepDown(std::vector<Test>& tests) {
    std::vector<Test*> byP;
    for (Test& test : tests) byP.push_back(&test);
    std::ranges::stable_sort(byP, {}, [](const Test* test) { return test->p; });
    double largest = 0;
    for (std::size_t i = 0; i < byP.size(); ++i) {
        largest = std::max(largest, std::min(1.0, byP[i]->p * static_cast<double>(byP.size() - i)));
        byP[i]->p = largest;
    }
}

template <typename... Values>
std::string written(const char* format, Values... values) {
    char text[160];
    std::snprintf(text, sizeof text, format, values...);
    return text;
}

std::string writtenP(const Test& test, std::size_t tests) {
    const std::string p = test.p < 0.001 ? "p < 0.001" : written(test.p < 0.1 ? "p = %.3f" : "p = %.2f", test.p);
    return p + (tests > 1 ? written(", corrected for %zu tests", tests) : "");
}

std::string sentenceOf(const Test& test, std::size_t tests) {
    const bool turned = test.mean < 0;
    const std::string ahead = "“" + (turned ? test.second : test.first)->name + "”";
    const std::string behind = "“" + (turned ? test.first : test.second)->name + "”";
    const std::string by = written("%.1f ± %.1f points of Recall@1 over %zu seeds", 100 * std::abs(test.mean),
                                   100 * test.deviation, test.seeds);
    const std::string p = " (" + writtenP(test, tests) + ").";
    if (test.mean == 0 && test.deviation == 0)
        return ahead + " and " + behind + written(" have the same Recall@1 with each of %zu seeds.", test.seeds);
    if (test.p < kSignificant) return ahead + " is ahead of " + behind + " by " + by + p;
    return ahead + " and " + behind + " cannot be told apart: they differ by " + by + p;
}

}  // namespace

std::vector<std::string> verdicts(const Comparison& comparison, const std::vector<ComparisonRow>& rows) {
    const std::vector<SeedGroup> groups = seedGroups(comparison);
    std::vector<Test> tests;
    for (std::size_t a = 0; a < groups.size(); ++a)
        for (std::size_t b = a + 1; b < groups.size(); ++b) {
            const std::vector<double> differences = pairedDifferences(comparison, rows, groups[a], groups[b]);
            if (differences.size() >= 2) tests.push_back(testOf(groups[a], groups[b], differences));
        }
    stepDown(tests);
    std::vector<std::string> sentences;
    for (const Test& test : tests) sentences.push_back(sentenceOf(test, tests.size()));
    return sentences;
}

}  // namespace embedscope
