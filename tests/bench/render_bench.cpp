// Pans, zooms and glides the embedding view in a real window and prints one JSON line per case:
//   xvfb-run -s "-screen 0 1600x1000x24" embedscope_bench_render [POINTS …]     (10k, 100k, 1M)
// Each case is one line for each renderer: frames a second, the slowest frame, and the processor time of one frame
// (of all threads: a software OpenGL draws on several).

#include "tests/bench/render_bench.h"

#include "tests/ui/scatter_data.h"
#include "ui/scatter/embedding_view.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QTest>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <functional>

namespace embedscope::bench {
namespace {

constexpr int kFrames = 60;

double processorMilliseconds() {
    return 1e3 * static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

struct Case {
    const char* name;
    std::function<void(EmbeddingView&, int frame)> change;
};

void key(EmbeddingView& view, Qt::Key which) {
    QTest::keyClick(&view, which);
}

std::vector<Case> cases(const DataSet& data) {
    const auto one = test::makeLayout(test::classClouds(data, 1)), other = test::makeLayout(test::classClouds(data, 2));
    return {{"pan", [](EmbeddingView& view, int i) { key(view, i % 20 < 10 ? Qt::Key_Left : Qt::Key_Right); }},
            {"zoom", [](EmbeddingView& view, int i) { key(view, i % 10 < 5 ? Qt::Key_Plus : Qt::Key_Minus); }},
            {"new_layout", [=](EmbeddingView& view, int i) { view.showLayout(i % 2 ? one : other); }}};
}

void measure(EmbeddingView& view, const Case& what, std::size_t points) {
    std::vector<double> milliseconds;
    const double processorBefore = processorMilliseconds();
    QElapsedTimer all;
    all.start();
    for (int i = 0; i < kFrames; ++i) {
        QElapsedTimer one;
        one.start();
        what.change(view, i);
        QCoreApplication::sendPostedEvents(view.window(), QEvent::UpdateRequest);  // paints now
        milliseconds.push_back(1e-6 * static_cast<double>(one.nsecsElapsed()));
    }
    const double seconds = 1e-3 * static_cast<double>(all.elapsed());
    const double processor = (processorMilliseconds() - processorBefore) / kFrames;
    std::ranges::sort(milliseconds);
    std::printf(
        "{\"bench\":\"render\",\"renderer\":\"%s\",\"points\":%zu,\"case\":\"%s\",\"frames_per_second\":%.1f,"
        "\"median_ms\":%.2f,\"worst_ms\":%.2f,\"processor_ms_per_frame\":%.2f}\n",
        qPrintable(view.rendererName()), points, what.name, kFrames / seconds, milliseconds[milliseconds.size() / 2],
        milliseconds.back(), processor);
    std::fflush(stdout);
}

}  // namespace

int benchRender(const std::vector<std::size_t>& counts) {
    for (const std::size_t count : counts)
        for (const char* renderer : {"opengl", "raster"}) {
            qputenv("EMBEDSCOPE_RENDERER", renderer);
            const auto data = test::makeScatterData(count, 10);
            EmbeddingView view;
            view.resize(1000, 800);
            view.setDataSet(data);
            view.showLayout(test::makeLayout(test::classClouds(*data, 1)));
            view.show();
            if (!QTest::qWaitForWindowExposed(&view)) return 1;
            for (const Case& what : cases(*data)) measure(view, what, count);
        }
    return 0;
}

}  // namespace embedscope::bench
