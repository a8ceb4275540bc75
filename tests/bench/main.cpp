// embedscope_bench COMMAND [OPTIONS]: what README.md beside this file says of each. Prints JSON lines.

#include "engine/machine.h"
#include "tests/bench/benchmark.h"

#include <array>
#include <exception>
#include <utility>

using namespace embedscope;
using namespace embedscope::bench;

int main(int argc, char** argv) try {
    prepareProcess();
    const std::array benchmarks = {trainBenchmark(),  lossBenchmark(),    loadBenchmark(),      neighborsBenchmark(),
                                   tsneBenchmark(),   umapBenchmark(),    liveBenchmark(),      pairsBenchmark(),
                                   renderBenchmark(), augmentBenchmark(), optimizerBenchmark(), measuresBenchmark(),
                                   layersBenchmark()};
    CLI::App program("Measures the speed of Embedscope's parts and prints JSON lines.", "embedscope_bench");
    program.require_subcommand(1);
    std::vector<std::pair<CLI::App*, Measurement>> commands;
    for (const Benchmark& benchmark : benchmarks) {
        CLI::App* command = program.add_subcommand(benchmark.name, benchmark.help);
        commands.emplace_back(command, benchmark.prepare(*command));
    }
    CLI11_PARSE(program, argc, argv);
    for (const auto& [command, measure] : commands)
        if (command->parsed()) measure();
    return 0;
} catch (const std::exception& failure) {
    std::cerr << "embedscope_bench: " << failure.what() << '\n';
    return 1;
}
