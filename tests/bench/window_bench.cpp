// How soon the window shows points and how promptly it answers, on a real display:
//   xvfb-run -s "-screen 0 1600x1000x24" embedscope_bench_window FOLDER [--seconds 4] [--rounds 8]
//       [--threads N] [--tracked N]
//   xvfb-run -s "-screen 0 1600x1000x24" embedscope_bench_window --images 100000 --tracked 100000   # made ones
// A timer of the window's own thread should fire every 5 ms; how late it does is how long a click would wait. Prints a
// JSON line for opening the folder, one for placing the first points, and one for training with the view live, which
// holds its speed against the same run without a window; the two take turns.

#include "engine/machine.h"
#include "tests/bench/made_images.h"
#include "ui/form/experiment_form.h"
#include "ui/main_window.h"
#include "ui/preferences.h"
#include "ui/recent_places.h"
#include "ui/scatter/embedding_view.h"
#include "ui/work_view.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <QApplication>
#include <QElapsedTimer>
#include <QPushButton>
#include <QStandardPaths>
#include <QTest>
#include <QTimer>

#include <algorithm>
#include <cmath>
#include <iostream>
#include <optional>
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

    void setCounting(bool counting) { counting ? (clock_.restart(), timer_.start(kBeat)) : timer_.stop(); }
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

/// Training steps of one of two runs that take turns, so that a change of the machine's other load meets both.
class Turns {
public:
    explicit Turns(std::function<std::shared_ptr<const Snapshot>()> latest) : latest_(std::move(latest)) {}

    void take(double seconds, const std::function<void(bool)>& setPaused) {
        setPaused(false);
        QTest::qWait(kSettle);
        const auto before = latest_();
        QTest::qWait(static_cast<int>(1000 * seconds));
        const auto after = latest_();
        setPaused(true);
        QTest::qWait(kSettle);
        steps_ += static_cast<double>(after->step - before->step);
        seconds_ += after->seconds - before->seconds;
    }

    double stepsPerSecond() const { return steps_ / seconds_; }

private:
    static constexpr int kSettle = 300;  // milliseconds until a request is heard and the other run is silent
    std::function<std::shared_ptr<const Snapshot>()> latest_;
    double steps_ = 0, seconds_ = 0;
};

struct Options {
    std::string folder;
    std::size_t images = 0;  ///< Made, in place of a folder.
    int tracked = 10'000, rounds = 8, threads = 0;
    double turn = 4;  ///< Seconds.
};

int measure(const Options& options) {
    const auto& [folder, images, tracked, rounds, threads, turn] = options;
    std::optional<bench::MadeFolder> made;
    if (images > 0) {
        bench::MadeImages wanted;
        wanted.count = images;
        made.emplace(wanted);
    }
    clearPreferences();
    setKeepsRuns(false);
    MainWindow window;
    window.resize(1400, 900);
    window.show();
    Pulse pulse;
    QElapsedTimer clock;
    clock.start();
    const auto elapsed = [&clock] { return static_cast<double>(clock.restart()) / 1000; };

    window.openPlace(QString::fromStdString(made ? made->path().string() : folder));
    auto* form = window.findChild<ExperimentForm*>();
    if (!QTest::qWaitFor([&] { return form->isVisible(); }, kPatience)) return 1;
    std::cout << pulse.report("open", elapsed()) << std::endl;

    Experiment experiment = form->experiment();
    experiment.threads = threads;
    experiment.trackedSamples = tracked;
    experiment.epochs = 1000;
    form->setExperiment(experiment);
    elapsed();
    form->findChild<QPushButton*>("start")->click();
    if (!QTest::qWaitFor([&] { return window.workView()->view()->shownLayout() != nullptr; }, kPatience)) return 1;
    std::cout << pulse.report("first_points", elapsed()) << std::endl;

    RunController& runs = *window.runs();
    runs.setPaused(true);
    const auto alone = startTrainingRun(
        {.runId = 2, .experiment = experiment, .data = runs.data(), .recorder = nullptr, .wakeUp = [] {}});
    alone->post(SetPaused{true});
    const auto ready = [&] { return alone->latest()->phase == RunPhase::Paused; };
    if (!QTest::qWaitFor(ready, kPatience)) return 1;

    Turns live([&] { return runs.snapshot(); });
    Turns unseen([&] { return alone->latest(); });
    pulse.report({}, 0);
    for (int round = 0; round < rounds; ++round) {
        live.take(turn, [&](bool paused) { runs.setPaused(paused); });
        pulse.setCounting(false);
        unseen.take(turn, [&](bool paused) { alone->post(SetPaused{paused}); });
        pulse.setCounting(true);
    }
    nlohmann::json line = pulse.report("training", rounds * turn);
    line["points"] = window.workView()->view()->points().size();
    line["steps_per_second"] = live.stepsPerSecond();
    line["without_window_steps_per_second"] = unseen.stepsPerSecond();
    line["ratio"] = live.stepsPerSecond() / unseen.stepsPerSecond();
    std::cout << line << std::endl;
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App options("Measures how promptly the window answers.");
    Options what;
    auto* folder = options.add_option("folder", what.folder);
    options.add_option("--images", what.images, "So many made images in place of a folder")->excludes(folder);
    options.add_option("--tracked", what.tracked, "Points of the picture at most");
    options.add_option("--seconds", what.turn, "Of one turn");
    options.add_option("--rounds", what.rounds, "Turns of each of the two runs");
    options.add_option("--threads", what.threads);
    CLI11_PARSE(options, argc, argv);
    if (what.folder.empty() && what.images == 0) return options.exit(CLI::RequiredError("FOLDER or --images"));
    prepareProcess();
    const QApplication application(argc, argv);
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName("embedscope-bench");
    QCoreApplication::setApplicationName("embedscope-bench");
    return measure(what);
}
