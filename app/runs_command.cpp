#include "app/runs_command.h"

#include "engine/run_export.h"
#include "engine/run_list.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <cmath>
#include <cstdio>
#include <iostream>

namespace embedscope {
namespace {

QString text(const std::string& value) {
    return QString::fromStdString(value);
}

QJsonValue number(double value) {
    return std::isfinite(value) ? QJsonValue(value) : QJsonValue();
}

std::string nameOf(const KeptRun& run) {
    return run.folder.filename().empty() ? run.folder.parent_path().filename().string()
                                         : run.folder.filename().string();
}

QJsonObject jsonOf(const KeptRun& run) {
    QJsonObject json{
        {"folder", text(run.folder.string())}, {"name", text(nameOf(run))}, {"bytes", static_cast<qint64>(run.bytes)}};
    if (!run.problem.empty()) {
        json["problem"] = text(run.problem);
        return json;
    }
    json["experiment"] = text(run.settings.name);
    json["data"] = text(run.settings.data.folder.string());
    json["loss"] = text(run.settings.loss.id);
    json["miner"] = text(run.settings.miner.id);
    json["encoder"] = text(run.settings.encoder.id);
    json["seed"] = static_cast<qint64>(run.settings.seed);
    json["steps"] = static_cast<qint64>(run.steps);
    json["epochs"] = run.epochs;
    json["epochs_wanted"] = run.settings.epochs;
    json["seconds"] = run.seconds;
    json["recall_at_1"] = number(run.recallAt1);
    json["state"] = text(run.state);
    json["resumable"] = run.resumable;
    return json;
}

void print(const KeptRun& run) {
    if (!run.problem.empty()) {
        std::printf("%s\n    %s\n", nameOf(run).c_str(), run.problem.c_str());
        return;
    }
    std::printf("%s\n    %s, %s, %s: epoch %.4g of %d, step %lld", nameOf(run).c_str(), run.settings.loss.id.c_str(),
                run.settings.miner.id.c_str(), run.settings.encoder.id.c_str(), run.epochs, run.settings.epochs,
                static_cast<long long>(run.steps));
    if (std::isfinite(run.recallAt1)) std::printf(", Recall@1 %.1f %%", 100 * run.recallAt1);
    std::printf(", %.1f MiB, %s%s\n", static_cast<double>(run.bytes) / (1 << 20), run.state.c_str(),
                run.resumable && run.state != "finished" ? ", can be resumed" : "");
}

}  // namespace

void addRunsOptions(CLI::App& command, RunsOptions& options) {
    command.add_option("folder", options.folder, "A folder of run folders, or one run")
        ->required()
        ->type_name("FOLDER");
    command.add_flag("--json", options.json, "As one line of JSON");
}

int runRuns(const RunsOptions& options) {
    const std::vector<KeptRun> runs = keptRuns(options.folder);
    if (options.json) {
        QJsonArray all;
        for (const KeptRun& run : runs) all.append(jsonOf(run));
        std::cout << QJsonDocument(all).toJson(QJsonDocument::Compact).toStdString() << '\n';
        return 0;
    }
    for (const KeptRun& run : runs) print(run);
    std::fflush(stdout);
    if (runs.empty()) std::cout << "There are no runs in \"" << options.folder.string() << "\".\n";
    return 0;
}

void addExportOptions(CLI::App& command, ExportOptions& options) {
    std::string known;
    for (const ExportFormat& format : exportFormats()) known += (known.empty() ? "" : ", ") + format.id;
    command.add_option("run", options.run, "The folder of a run")->required()->type_name("RUN");
    command.add_option("--format", options.format, "One of: " + known)->type_name("ID");
    command.add_option("--out", options.out, "The file to write, or for projector and tensorboard the folder")
        ->required()
        ->type_name("PATH");
}

int runExport(const ExportOptions& options) {
    const std::string remark = exportRun(options.run, options.format, options.out);
    if (!remark.empty()) std::cerr << remark << '\n';
    std::cout << "Written to \"" << options.out.string() << "\".\n";
    return 0;
}

}  // namespace embedscope
