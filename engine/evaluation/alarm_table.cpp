#include "engine/evaluation/alarm_table.h"

#include <algorithm>
#include <cmath>

namespace embedscope {

const std::vector<AlarmRow>& alarmTable() {
    static const std::vector<AlarmRow> kTable = {
        totalCollapse(),     dimensionalCollapse(), noValidPairs(),        nothingActive(),
        everythingActive(),  deadProxies(),         learningRateTooHigh(), explodingGradient(),
        vanishingGradient(), overFitting(),         labelsInDoubt(),       duplicatesAcrossSplits()};
    return kTable;
}

double HealthCase::mean(double Vitals::*value, double steps) const {
    if (!(now().step - course.firstStep >= steps)) return Vitals::kNone;
    double sum = 0;
    int count = 0;
    for (const Vitals& report : recent) {
        if (report.step <= now().step - steps && &report != &recent.back()) continue;
        if (std::isnan(report.*value)) continue;
        sum += report.*value;
        ++count;
    }
    return count > 0 ? sum / count : Vitals::kNone;
}

double HealthCase::medianBefore(double Vitals::*value, double steps) const {
    constexpr std::size_t kFewest = 10;
    std::vector<double> values;
    for (const Vitals& report : recent)
        if (report.step <= now().step - steps && !std::isnan(report.*value)) values.push_back(report.*value);
    if (values.size() < kFewest) return Vitals::kNone;
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::ranges::nth_element(values, middle);
    return *middle;
}

}  // namespace embedscope
