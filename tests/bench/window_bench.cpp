// How soon the window shows points and how promptly it answers, on a real display:
//   xvfb-run -s "-screen 0 1600x1000x24" embedscope_bench_window FOLDER [--seconds 10] [--threads N]
// A timer of the window's own thread should fire every 5 ms; how late it does is how long a click would wait. Prints a
// JSON line for opening the folder, one for placing the first points, one for training with the view live, and one that
// holds that against the same steps without a window.

#include "engine/machine.h"
#include "ui/form/experiment_form.h"
#include "ui/main_window.h"
#include "ui/scatter/embedding_view.h"
#include "ui/work_view.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <QApplication>
#include <QElapsedTimer>
#include <QPushButton>
#include <QSettings>
#include <QStandardPaths>
#include <QTest>
#include <QTimer>

#include <algorithm>
#include <cmath>
#include <iostream>
#include <vector>

using namespace embedscope;

namespace {

constexpr int kPatience = 600'000;  // milliseconds
constexpr int kBeat = 5;

/// How late the window's thread is, beat by beat.
class Pulse {
public:
    Pulse() {
        timer_.setTimerType(Qt::PreciseTimer);
        QObject::connect(&timer_, &QTimer::timeout, [this] {
            late_.push_back(std::max(0.0, static_cast<double>(clock_.nsecsElapsed()) / 1e6 - kBeat));
            clock_.restart();
        });
        clock_.start();
        timer_.start(kBeat);
    }

    /// Of the beats since the last call.
    nlohmann::json report(const std::string& phase, double seconds) {
        std::ranges::sort(late_);
        const auto at = [&](double share) {
            return late_.empty() ? 0 : late_[static_cast<std::size_t>(share * static_cast<double>(late_.size() - 1))];
        };
        double sum = 0;
        for (const double late : late_) sum += late;
        nlohmann::json line = {
            {"phase", phase},          {"seconds", seconds},
            {"beats", late_.size()},   {"late_ms_mean", late_.empty() ? 0 : sum / static_cast<double>(late_.size())},
            {"late_ms_p99", at(0.99)}, {"late_ms_worst", at(1)}};
        late_.clear();
        return line;
    }

private:
    QTimer timer_;
    QElapsedTimer clock_;
    std::vector<double> late_;
};

double imagesPerSecond(const Snapshot& snapshot) {
    double seconds = 0, reports = 0;
    for (const MetricsRow& row : *snapshot.history) {
        if (std::isnan(row.imagesPerSecond)) continue;
        reports += 1;
        seconds += 1 / row.imagesPerSecond;
    }
    return reports / seconds;
}

/// The same run with nobody looking, for as long.
double withoutWindow(const Experiment& experiment, std::shared_ptr<const DataSet> data, double seconds) {
    const auto run = startTrainingRun(
        {.runId = 2, .experiment = experiment, .data = std::move(data), .recorder = nullptr, .wakeUp = [] {}});
    QElapsedTimer clock;
    clock.start();
    while (run->latest()->seconds < seconds && !run->latest()->ended() && clock.elapsed() < kPatience) QTest::qWait(50);
    return imagesPerSecond(*run->latest());
}

int measure(const std::string& folder, double seconds, int threads) {
    QSettings().clear();
    MainWindow window;
    window.resize(1400, 900);
    window.show();
    Pulse pulse;
    QElapsedTimer clock;
    clock.start();
    const auto elapsed = [&clock] { return static_cast<double>(clock.restart()) / 1000; };

    window.openPlace(QString::fromStdString(folder));
    auto* form = window.findChild<ExperimentForm*>();
    if (!QTest::qWaitFor([&] { return form->isVisible(); }, kPatience)) return 1;
    std::cout << pulse.report("open", elapsed()) << std::endl;

    Experiment experiment = form->experiment();
    experiment.threads = threads;
    experiment.epochs = 1000;
    form->setExperiment(experiment);
    elapsed();
    form->findChild<QPushButton*>("start")->click();
    if (!QTest::qWaitFor([&] { return window.workView()->view()->shownLayout() != nullptr; }, kPatience)) return 1;
    std::cout << pulse.report("first_points", elapsed()) << std::endl;

    const RunController& runs = *window.runs();
    if (!QTest::qWaitFor([&] { return runs.snapshot()->seconds > seconds; }, kPatience)) return 1;
    nlohmann::json live = pulse.report("training", elapsed());
    const double shown = imagesPerSecond(*runs.snapshot());
    live["images_per_second"] = shown;
    std::cout << live << std::endl;

    const auto data = runs.data();
    window.runs()->stop();
    if (!QTest::qWaitFor([&] { return !runs.isActive(); }, kPatience)) return 1;
    window.hide();
    const double alone = withoutWindow(experiment, data, seconds);
    std::cout << nlohmann::json{{"phase", "without_window"}, {"images_per_second", alone}, {"ratio", shown / alone}}
              << std::endl;
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App options("Measures how promptly the window answers.");
    std::string folder;
    double seconds = 10;
    int threads = 0;
    options.add_option("folder", folder)->required();
    options.add_option("--seconds", seconds);
    options.add_option("--threads", threads);
    CLI11_PARSE(options, argc, argv);
    prepareProcess();
    const QApplication application(argc, argv);
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName("embedscope-bench");
    QCoreApplication::setApplicationName("embedscope-bench");
    return measure(folder, seconds, threads);
}
