// Pans, zooms, glides and turns the embedding view in a real window: frames a second, the slowest frame, and the
// processor time of one frame (of all threads: a software OpenGL draws on several), with each renderer; how soon new
// coordinates are pixels, how soon the point under the cursor is known, and what memory the view takes beyond the
// layout and the images. Needs a display:
//   xvfb-run -s "-screen 0 1600x1000x24" embedscope_bench render
#include "tests/bench/benchmark.h"
#include "tests/ui/scatter_data.h"
#include "ui/scatter/embedding_view.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QMouseEvent>
#include <QTest>

#include <algorithm>
#include <ctime>
#include <fstream>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace embedscope::bench {
namespace {

constexpr int kMostFrames = 60;
constexpr double kPatience = 4000;  // milliseconds of one case: few frames tell that they are slow

double processorMilliseconds() {
    return 1e3 * static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

struct Layouts {
    std::shared_ptr<const Layout> one, other, space;
};

struct Case {
    const char* name;
    std::function<void(EmbeddingView&, int frame)> change;
};

void key(EmbeddingView& view, Qt::Key which) {
    QTest::keyClick(&view, which);
}

std::shared_ptr<const Layout> inSpace(const std::shared_ptr<const Layout>& plane) {
    auto space = std::make_shared<Layout>(*plane);
    RandomPoints random(3);
    for (std::size_t i = 0; i < plane->samples->size(); ++i)
        space->depths.push_back(static_cast<float>(0.3 * random.normal()));
    return space;
}

/// Of this process, in MiB.
double residentMemory() {
    std::ifstream file("/proc/self/statm");
    double all = 0, resident = 0;
    file >> all >> resident;
    return resident * 4096 / (1 << 20);
}

std::vector<Case> planeCases(const Layouts& layouts) {
    const auto& [one, other, space] = layouts;
    return {{"pan", [](EmbeddingView& view, int i) { key(view, i % 20 < 10 ? Qt::Key_Left : Qt::Key_Right); }},
            {"zoom", [](EmbeddingView& view, int i) { key(view, i % 10 < 5 ? Qt::Key_Plus : Qt::Key_Minus); }},
            {"new_layout", [=](EmbeddingView& view, int i) { view.showLayout(i % 2 ? one : other); }},
            {"glide", [](EmbeddingView& view, int) { view.refresh(); }},
            {"hover", [](EmbeddingView& view, int i) {
                 const QPointF place(300 + 5 * i, 300 + 3 * i);
                 QMouseEvent move(QEvent::MouseMove, place, view.mapToGlobal(place), Qt::NoButton, Qt::NoButton, {});
                 QCoreApplication::sendEvent(&view, &move);
             }}};
}

std::vector<Case> spaceCases() {
    return {
        {"turn",
         [](EmbeddingView& view, int i) {
             QTest::keyClick(&view, i % 20 < 10 ? Qt::Key_Left : Qt::Key_Right, Qt::ControlModifier);
         }},
        {"pan_in_space", [](EmbeddingView& view, int i) { key(view, i % 20 < 10 ? Qt::Key_Left : Qt::Key_Right); }}};
}

void measure(EmbeddingView& view, const Case& what, std::size_t points) {
    std::vector<double> milliseconds;
    const double processorBefore = processorMilliseconds();
    QElapsedTimer all;
    all.start();
    for (int i = 0; i < kMostFrames && (i < 3 || all.elapsed() < kPatience); ++i) {
        QElapsedTimer one;
        one.start();
        what.change(view, i);
        QCoreApplication::sendPostedEvents(view.window(), QEvent::UpdateRequest);  // paints now
        milliseconds.push_back(1e-6 * static_cast<double>(one.nsecsElapsed()));
    }
    const double seconds = 1e-3 * static_cast<double>(all.elapsed());
    const auto frames = static_cast<double>(milliseconds.size());
    const double processor = (processorMilliseconds() - processorBefore) / frames;
    std::ranges::sort(milliseconds);
    print({{"bench", "render"},
           {"renderer", view.rendererName().toStdString()},
           {"points", points},
           {"drawn_last", view.drawn().points.size()},
           {"case", what.name},
           {"frames_per_second", rounded(frames / seconds)},
           {"median_ms", rounded(milliseconds[milliseconds.size() / 2])},
           {"worst_ms", rounded(milliseconds.back())},
           {"processor_ms_per_frame", rounded(processor)}});
}

void measureAll(const std::vector<std::size_t>& counts, const std::vector<std::string>& renderers) {
    char name[] = "embedscope_bench";
    char* arguments[] = {name, nullptr};
    int count = 1;
    const QApplication application(count, arguments);
    for (const std::size_t points : counts)
        for (const std::string& renderer : renderers) {
            qputenv("EMBEDSCOPE_RENDERER", renderer.c_str());
            const auto data = test::makeScatterData(points, 10);
            Layouts layouts{test::makeLayout(test::classClouds(*data, 1)), nullptr, nullptr};
            auto other = std::make_shared<Layout>(*layouts.one);  // of the same samples, so that the points glide
            other->coordinates = test::classClouds(*data, 2);
            layouts.other = other;
            layouts.space = inSpace(layouts.one);
            const double before = residentMemory();
            EmbeddingView view;
            view.resize(1000, 800);
            view.setDataSet(data);
            view.showLayout(layouts.one);
            view.show();
            if (!QTest::qWaitForWindowExposed(&view)) throw std::runtime_error("The window does not appear.");
            for (const Case& what : planeCases(layouts)) measure(view, what, points);
            const double plane = residentMemory() - before;
            view.showLayout(layouts.space);
            if (!QTest::qWaitFor([&view] { return !view.isMoving(); }))
                throw std::runtime_error("The view does not come to rest.");
            for (const Case& what : spaceCases()) {
                // While it was turned, not all of them may have been drawn.
                if (!QTest::qWaitFor([&] { return view.drawn().points.size() == points; }))
                    throw std::runtime_error("The view does not come to rest.");
                measure(view, what, points);
            }
            print({{"bench", "render"},
                   {"renderer", view.rendererName().toStdString()},
                   {"points", points},
                   {"case", "memory"},
                   {"plane_mib", rounded(plane)},
                   {"space_mib", rounded(residentMemory() - before)}});
        }
}

Measurement prepare(CLI::App& command) {
    const auto counts =
        std::make_shared<std::vector<std::size_t>>(std::vector<std::size_t>{10'000, 100'000, 1'000'000});
    command.add_option("--points", *counts, "Numbers of points");
    const auto renderers = std::make_shared<std::vector<std::string>>(std::vector<std::string>{"raster", "opengl"});
    command.add_option("--renderers", *renderers, "raster, opengl");
    return [=] { measureAll(*counts, *renderers); };
}

}  // namespace

Benchmark renderBenchmark() {
    return {"render", "The embedding view in a window: frames a second", prepare};
}

}  // namespace embedscope::bench
