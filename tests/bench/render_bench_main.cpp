#include "tests/bench/render_bench.h"

#include <QApplication>

#include <string>

int main(int argc, char** argv) {
    const QApplication application(argc, argv);
    std::vector<std::size_t> counts;
    for (int i = 1; i < argc; ++i) counts.push_back(std::stoul(argv[i]));
    if (counts.empty()) counts = {10'000, 100'000, 1'000'000};
    return embedscope::bench::benchRender(counts);
}
