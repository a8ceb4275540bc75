#include "engine/health_monitor.h"

#include "engine/evaluation/alarm_table.h"
#include "engine/evaluation/cures.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

namespace embedscope {
namespace {

constexpr std::size_t kRecentReports = 100;

constexpr std::array kNumbers{&Vitals::step,
                              &Vitals::loss,
                              &Vitals::activeFraction,
                              &Vitals::learningRate,
                              &Vitals::gradientNorm,
                              &Vitals::updateRatio,
                              &Vitals::spread,
                              &Vitals::scale,
                              &Vitals::emptyBatches,
                              &Vitals::effectiveRank,
                              &Vitals::rankCap,
                              &Vitals::trainRecallAt1,
                              &Vitals::holdOutRecallAt1,
                              &Vitals::proxies,
                              &Vitals::deadProxies,
                              &Vitals::checkedLabels,
                              &Vitals::doubtedLabels,
                              &Vitals::checkedHeldOut,
                              &Vitals::duplicates};

/// Measured at epoch ends: known until the next one.
constexpr std::array kLasting{&Vitals::effectiveRank,    &Vitals::rankCap,       &Vitals::trainRecallAt1,
                              &Vitals::holdOutRecallAt1, &Vitals::proxies,       &Vitals::deadProxies,
                              &Vitals::checkedLabels,    &Vitals::doubtedLabels, &Vitals::checkedHeldOut,
                              &Vitals::duplicates};

constexpr std::array kCourseNumbers{
    &HealthCourse::firstStep,          &HealthCourse::firstLoss,       &HealthCourse::firstScale,
    &HealthCourse::bestSpread,         &HealthCourse::lastSpreadStep,  &HealthCourse::highestGradient,
    &HealthCourse::highestUpdate,      &HealthCourse::firstHoldOut,    &HealthCourse::bestHoldOut,
    &HealthCourse::trainAtBestHoldOut, &HealthCourse::epochsBelowBest, &HealthCourse::epochEnds};

/// States of before they were kept have none.
constexpr std::array kLargeStepNumbers{&HealthCourse::highestUpdateStep, &HealthCourse::calmStep,
                                       &HealthCourse::calmRate, &HealthCourse::bestHoldOutStep};

constexpr double kUpdateWindow = 10;  // steps

/// Of a share of so many cases.
double standardError(double share, std::int64_t cases) {
    return std::sqrt(share * (1 - share) / static_cast<double>(std::max<std::int64_t>(1, cases)));
}

template <typename Owner, std::size_t N>
std::vector<double> numbersOf(const Owner& owner, const std::array<double Owner::*, N>& members) {
    std::vector<double> numbers;
    for (const auto member : members) numbers.push_back(owner.*member);
    return numbers;
}

template <typename Owner, std::size_t N>
void setNumbers(Owner& owner, const std::array<double Owner::*, N>& members, const double* numbers) {
    for (const auto member : members) owner.*member = *numbers++;
}

}  // namespace

HealthMonitor::HealthMonitor(HealthSubject subject) : subject_(subject), watches_(alarmTable().size()) {}

HealthMonitor::~HealthMonitor() = default;

std::vector<Alarm> HealthMonitor::observe(const Vitals& vitals, const Experiment& settings) {
    follow(vitals, settings);
    std::vector<Alarm> changes;
    if (Alarm* diverged = standing(std::string(kDivergedAlarm));
        diverged && vitals.step > static_cast<double>(diverged->sinceStep)) {
        diverged->overAtStep = static_cast<std::int64_t>(vitals.step);
        changes.push_back(*diverged);
    }
    for (std::size_t row = 0; row < watches_.size(); ++row) judge(row, settings, changes);
    if (!changes.empty()) publish();
    return changes;
}

void HealthMonitor::follow(const Vitals& vitals, const Experiment& settings) {
    constexpr double kWindow = 20;  // steps
    const bool epochEnd = !std::isnan(vitals.effectiveRank) || !std::isnan(vitals.trainRecallAt1);
    Vitals report = vitals;
    for (const auto lasting : kLasting)
        if (std::isnan(report.*lasting) && !recent_.empty()) report.*lasting = recent_.back().*lasting;
    recent_.push_back(report);
    if (recent_.size() > kRecentReports) recent_.erase(recent_.begin());

    if (std::isnan(course_.firstStep)) course_.firstStep = report.step;
    if (std::isnan(course_.firstScale)) course_.firstScale = report.scale;
    if (report.spread > course_.bestSpread) course_.bestSpread = report.spread;
    if (report.spread >= 0.5 * course_.bestSpread) course_.lastSpreadStep = report.step;
    const HealthCase run{recent_, course_, subject_, settings};
    if (std::isnan(course_.firstLoss)) course_.firstLoss = run.mean(&Vitals::loss, kWindow);
    course_.highestGradient = std::fmax(course_.highestGradient, run.mean(&Vitals::gradientNorm, kWindow));
    followUpdates(run.mean(&Vitals::updateRatio, kUpdateWindow));
    if (epochEnd) followEpochEnd(report);
    // The large steps before explain nothing that comes later.
    const bool atBest = course_.bestHoldOutStep >= report.step;
    if (atBest && run.mean(&Vitals::updateRatio, kWindow) <= kCalmUpdate) course_.highestUpdate = 0;
}

/// @param newest Mean update ratio of the newest window.
void HealthMonitor::followUpdates(double newest) {
    if (!(newest > course_.highestUpdate)) return;
    course_.highestUpdate = newest;
    const double begin = recent_.back().step - kUpdateWindow;
    const auto sizeOf = [begin](const Vitals& report) {
        return report.step > begin && !std::isnan(report.updateRatio) ? report.updateRatio : -1;
    };
    auto at = std::ranges::max_element(recent_, {}, sizeOf);
    course_.highestUpdateStep = at->step;
    while (at != recent_.begin()) {
        if (!((--at)->updateRatio <= kCalmUpdate)) continue;
        course_.calmStep = at->step;
        course_.calmRate = at->learningRate;
        return;
    }
}

/// Worse than at its best by more than chance: two standard errors, and not less than two points.
void HealthMonitor::followEpochEnd(const Vitals& report) {
    if (report.step > 0) ++course_.epochEnds;
    const double recall = report.holdOutRecallAt1;
    if (std::isnan(recall)) return;
    if (std::isnan(course_.firstHoldOut)) course_.firstHoldOut = recall;
    if (!(recall <= course_.bestHoldOut)) {
        course_.bestHoldOut = recall;
        course_.trainAtBestHoldOut = report.trainRecallAt1;
    }
    if (recall >= course_.bestHoldOut) course_.bestHoldOutStep = report.step;
    const double chance = std::max(0.02, 2 * standardError(course_.bestHoldOut, subject_.heldOut));
    course_.epochsBelowBest = recall < course_.bestHoldOut - chance ? course_.epochsBelowBest + 1 : 0;
}

void HealthMonitor::judge(std::size_t number, const Experiment& settings, std::vector<Alarm>& changes) {
    const AlarmRow& row = alarmTable()[number];
    Watch& watch = watches_[number];
    const double step = recent_.back().step;
    std::optional<Finding> found = row.find({recent_, course_, subject_, settings});
    Alarm* known = standing(std::string(row.id));
    if (!found) {
        if (known) {
            known->overAtStep = static_cast<std::int64_t>(step);
            changes.push_back(*known);
        }
        watch = {};
        return;
    }
    if (std::isnan(watch.since)) watch.since = step;
    if (known || step - watch.since < static_cast<double>(row.patience)) return;
    Alarm alarm;
    alarm.id = row.id;
    alarm.family = row.family;
    alarm.sinceStep = static_cast<std::int64_t>(watch.since);
    alarm.sentence = std::move(found->sentence);
    alarm.advice = std::move(found->advice);
    alarm.cure = std::move(found->cure);
    for (const auto& [id, samples] : samples_)
        if (id == row.id) alarm.samples = samples;
    alarms_.push_back(alarm);
    // One that a loaded state had told already is known to the log.
    if (std::exchange(watch.raised, 1) == 0)
        changes.push_back(std::move(alarm));
    else
        publish();
}

void HealthMonitor::setSamples(const std::string& alarmId, std::vector<std::int32_t> samples) {
    if (samples.size() > kMostAlarmSamples) samples.resize(kMostAlarmSamples);
    std::erase_if(samples_, [&](const auto& each) { return each.first == alarmId; });
    if (Alarm* alarm = standing(alarmId); alarm && alarm->samples != samples) {
        alarm->samples = samples;
        publish();
    }
    samples_.emplace_back(alarmId, std::move(samples));
}

Alarm HealthMonitor::tellDiverged(std::int64_t step, const std::string& sentence, const Experiment& settings) {
    Alarm alarm;
    alarm.id = kDivergedAlarm;
    alarm.family = HealthFamily::Steps;
    alarm.sinceStep = step;
    alarm.sentence = sentence;
    alarm.advice = "Nothing is lost: lower the learning rate and resume.";
    alarm.cure = lowerRate(settings, 10);
    alarm.cure->label += " and resume";
    alarm.cure->requests.emplace_back(SetPaused{false});
    alarms_.push_back(alarm);
    publish();
    return alarm;
}

std::vector<Alarm> HealthMonitor::endAll(std::int64_t step) {
    std::vector<Alarm> ended;
    for (Alarm& alarm : alarms_) {
        if (!alarm.holds()) continue;
        alarm.overAtStep = step;
        ended.push_back(alarm);
    }
    for (Watch& watch : watches_) watch.raised = 0;
    publish();
    return ended;
}

Alarm* HealthMonitor::standing(const std::string& id) {
    const auto found = std::ranges::find_if(alarms_, [&](const Alarm& each) { return each.id == id && each.holds(); });
    return found == alarms_.end() ? nullptr : &*found;
}

void HealthMonitor::publish() {
    while (alarms_.size() > HealthState::kMostAlarms) alarms_.erase(alarms_.begin());
    state_ = std::make_shared<const HealthState>(HealthState{alarms_});
}

void HealthMonitor::save(const StateWriter& state) const {
    std::vector<double> reports, watches;
    for (const Vitals& report : recent_) std::ranges::copy(numbersOf(report, kNumbers), std::back_inserter(reports));
    for (const Watch& watch : watches_) watches.insert(watches.end(), {watch.since, watch.raised});
    state.numbers("reports", reports);
    state.numbers("watches", watches);
    state.numbers("course", numbersOf(course_, kCourseNumbers));
    state.numbers("large_steps", numbersOf(course_, kLargeStepNumbers));
}

void HealthMonitor::load(const StateReader& state) {
    const auto reports = state.numbers<double>("reports");
    const auto watches = state.numbers<double>("watches", 2 * watches_.size());
    const auto course = state.numbers<double>("course", kCourseNumbers.size());
    if (reports.size() % kNumbers.size() != 0 || reports.size() > kRecentReports * kNumbers.size())
        state.fail("reports", "is not what a run's health was judged from");
    recent_.clear();
    for (std::size_t at = 0; at < reports.size(); at += kNumbers.size())
        setNumbers(recent_.emplace_back(), kNumbers, reports.data() + at);
    for (std::size_t row = 0; row < watches_.size(); ++row) watches_[row] = {watches[2 * row], watches[2 * row + 1]};
    course_ = {};
    setNumbers(course_, kCourseNumbers, course.data());
    if (state.has("large_steps"))
        setNumbers(course_, kLargeStepNumbers, state.numbers<double>("large_steps", kLargeStepNumbers.size()).data());
}

}  // namespace embedscope
