// A long session in short: thousands of epochs of a tiny data set with the window live and the run kept.
//   xvfb-run -s "-screen 0 1600x1000x24" embedscope_bench_soak [--epochs 10000] [--lines 20] [--keep FOLDER]
// Prints a JSON line each twentieth of the way: memory, open handles, threads, bytes and files of the run folder. The
// last line says how they differ from those at a tenth of the way; the exit code is 1 if memory grew by more than 2 %,
// or if handles or threads were left.

#include "engine/machine.h"
#include "tests/support/small_experiment.h"
#include "tests/support/synthetic_data.h"
#include "ui/main_window.h"
#include "ui/work_view.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <QApplication>
#include <QElapsedTimer>
#include <QStackedWidget>
#include <QStandardPaths>
#include <QTemporaryDir>

#include <filesystem>
#include <iostream>
#include <iterator>
#include <vector>

using namespace embedscope;
namespace fs = std::filesystem;

namespace {

struct Standing {
    double epoch = 0;
    double mebibytes = 0;
    std::ptrdiff_t handles = 0, threads = 0, files = 0;
    double folderMebibytes = 0;
};

std::ptrdiff_t entriesOf(const fs::path& folder) {
    return std::distance(fs::directory_iterator(folder), fs::directory_iterator());
}

Standing standingAt(double epoch, const fs::path& folder) {
    Standing now;
    now.epoch = epoch;
    now.mebibytes = static_cast<double>(residentBytes()) / (1 << 20);
    now.handles = entriesOf("/proc/self/fd");
    now.threads = entriesOf("/proc/self/task");
    std::error_code none;
    for (fs::recursive_directory_iterator at(folder, none), end; !none && at != end; at.increment(none)) {
        std::error_code gone;  // a checkpoint may be thinned just now
        if (!at->is_regular_file(gone)) continue;
        const auto bytes = at->file_size(gone);
        if (gone) continue;
        ++now.files;
        now.folderMebibytes += static_cast<double>(bytes) / (1 << 20);
    }
    return now;
}

nlohmann::json jsonOf(const Standing& now, double seconds) {
    return {
        {"epoch", now.epoch},     {"seconds", seconds},     {"resident_mib", now.mebibytes}, {"handles", now.handles},
        {"threads", now.threads}, {"run_files", now.files}, {"run_mib", now.folderMebibytes}};
}

}  // namespace

int main(int argc, char** argv) {
    prepareProcess();
    QApplication application(argc, argv);
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName("embedscope-test");
    QCoreApplication::setApplicationName("embedscope-soak");
    int epochs = 10'000, lines = 20;
    QTemporaryDir temporary;
    std::string folder = temporary.filePath("run").toStdString();
    CLI::App options("A long session in short");
    options.add_option("--epochs", epochs)->check(CLI::Range(20, 100'000));
    options.add_option("--lines", lines)->check(CLI::Range(10, 1000));
    options.add_option("--keep", folder, "A folder for the run that stays");
    CLI11_PARSE(options, argc, argv);

    MainWindow window;
    window.resize(1400, 900);
    window.show();
    Experiment experiment = test::smallExperiment();
    experiment.epochs = epochs;
    std::vector<Standing> standings;
    QElapsedTimer clock;
    clock.start();
    QObject::connect(window.runs(), &RunController::snapshotArrived, &application, [&](const auto& snapshot) {
        const double due = static_cast<double>(standings.size() + 1) * epochs / lines;
        if (snapshot->epoch >= due || (snapshot->ended() && standings.size() < static_cast<std::size_t>(lines))) {
            standings.push_back(standingAt(snapshot->epoch, folder));
            std::cout << jsonOf(standings.back(), static_cast<double>(clock.elapsed()) / 1e3) << std::endl;
        }
        if (snapshot->ended()) QApplication::quit();
    });
    if (!window.runs()->start(experiment, test::syntheticData({.classes = 3, .perClass = 16}), folder)) return 1;
    // The page of the run, as when it was started from the form.
    qobject_cast<QStackedWidget*>(window.workView()->parentWidget())->setCurrentWidget(window.workView());
    QApplication::exec();

    const RunPhase phase = window.runs()->phase();
    const Standing &early = standings.at(standings.size() / 10), &last = standings.back();
    const double growth = last.mebibytes / early.mebibytes - 1;
    const bool steady =
        phase == RunPhase::Finished && growth <= 0.02 && last.handles <= early.handles && last.threads <= early.threads;
    std::cout << nlohmann::json{{"finished", phase == RunPhase::Finished},
                                {"memory_growth", growth},
                                {"handles_left", last.handles - early.handles},
                                {"threads_left", last.threads - early.threads},
                                {"steady", steady}}
              << std::endl;
    return steady ? 0 : 1;
}
