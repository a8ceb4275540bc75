#include "app/command_line.h"

#include "app/compare_command.h"
#include "app/embed_command.h"
#include "app/list_command.h"
#include "app/project_command.h"
#include "app/runs_command.h"
#include "app/train_command.h"
#include "app/view_command.h"
#include "engine/experiment.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <filesystem>
#include <iostream>
#include <stdexcept>
#include <string_view>

namespace embedscope {
namespace {

constexpr int kFailure = 1;
constexpr int kUsage = 2;
constexpr std::array<std::string_view, 11> kCommands{"train", "compare", "project", "runs", "export",   "embed",
                                                     "view",  "list",    "--help",  "-h",   "--version"};

struct ListOptions {
    std::string table;
    bool json = false;
};

int parsed(CLI::App& program, int argc, char** argv, const std::function<int()>& run) try {
    program.parse(argc, argv);
    return run();
} catch (const CLI::ParseError& error) {
    return program.exit(error) == 0 ? 0 : kUsage;
} catch (const std::invalid_argument& wrong) {
    std::cerr << "embedscope: " << wrong.what() << '\n';
    return kUsage;
} catch (const std::filesystem::filesystem_error& failure) {
    std::cerr << "embedscope: \"" << failure.path1().string() << "\" cannot be looked at (" << failure.code().message()
              << "); check its permissions, or choose another.\n";
    return kFailure;
} catch (const std::exception& failure) {
    std::cerr << "embedscope: " << failure.what() << '\n';
    return kFailure;
}

}  // namespace

std::optional<int> runCommand(int argc, char** argv, ViewSource* view) {
    if (argc < 2 || std::ranges::find(kCommands, std::string_view(argv[1])) == kCommands.end()) return std::nullopt;

    CLI::App program(
        "Trains an image encoder with contrastive learning and shows the embedding space form.\n"
        "Without a command, opens the window: embedscope [FOLDER]",
        "embedscope");
    program.set_version_flag("--version", std::string(programVersion()));
    program.require_subcommand(1);
    TrainOptions train;
    CLI::App& trainCommand = *program.add_subcommand("train", "Train without a window");
    addTrainOptions(trainCommand, train);
    CompareOptions compare;
    CLI::App& compareCommand = *program.add_subcommand("compare", "Train several runs side by side without a window");
    addCompareOptions(compareCommand, compare);
    ProjectOptions project;
    CLI::App& projectCommand = *program.add_subcommand("project", "Draw a map of embeddings from a NumPy file");
    addProjectOptions(projectCommand, project);
    RunsOptions runs;
    CLI::App& runsCommand = *program.add_subcommand("runs", "List the runs in a folder");
    addRunsOptions(runsCommand, runs);
    ExportOptions exported;
    CLI::App& exportCommand =
        *program.add_subcommand("export", "Write embeddings, metrics or the encoder of a run for other programs");
    addExportOptions(exportCommand, exported);
    EmbedOptions embedded;
    CLI::App& embedCommand = *program.add_subcommand("embed", "Embed images with the encoder of a run");
    addEmbedOptions(embedCommand, embedded);
    ViewSource source;
    CLI::App& viewCommand = *program.add_subcommand("view", "Look at embeddings or at a run in the window");
    addViewOptions(viewCommand, source);
    ListOptions list;
    CLI::App& listCommand = *program.add_subcommand("list", "Print a table of choices");
    listCommand.add_option("table", list.table, "One of: " + listableNames())->required()->type_name("TABLE");
    listCommand.add_flag("--json", list.json, "As one line of JSON");

    const int code = parsed(program, argc, argv, [&] {
        if (trainCommand.parsed()) return runTrain(train);
        if (compareCommand.parsed()) return runCompare(compare);
        if (projectCommand.parsed()) return runProject(project);
        if (runsCommand.parsed()) return runRuns(runs);
        if (exportCommand.parsed()) return runExport(exported);
        if (embedCommand.parsed()) return runEmbed(embedded);
        if (listCommand.parsed()) printList(list.table, list.json, std::cout);
        return 0;
    });
    if (code != 0 || !viewCommand.parsed()) return code;
    if (view) *view = source;
    return std::nullopt;
}

}  // namespace embedscope
