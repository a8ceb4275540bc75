#pragma once

#include "tests/support/fake_run.h"
#include "ui/compare/comparison_controller.h"
#include "ui/compare/comparison_page.h"
#include "ui/main_window.h"
#include "ui/preferences.h"
#include "ui/scatter/embedding_view.h"

#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

#include <filesystem>
#include <initializer_list>
#include <memory>
#include <string>

namespace embedscope::test {

inline constexpr int kPatience = 60'000;  // milliseconds; the machine may be busy

inline Experiment triplets(double margin) {
    Experiment experiment;
    experiment.data.folder = bundledSampleFolder();
    experiment.loss = {"triplet_squared", {{"margin", margin}}};
    return experiment;
}

inline Comparison margins(std::initializer_list<double> values) {
    Comparison comparison;
    for (const double margin : values)
        comparison.runs.push_back(
            {std::string(1, static_cast<char>('A' + comparison.runs.size())), triplets(margin), {}});
    return comparison;
}

/// The window after a comparison was opened from its file.
struct OpenedComparison {
    explicit OpenedComparison(const Comparison& comparison, RunFactory factory = fakeRunFactory())
        : window((clearPreferences(), std::make_unique<MainWindow>(std::move(factory)))) {
        window->askToKeep = [](const QString&, const QString&) { return KeepAnswer::Discard; };
        window->resize(1500, 950);
        window->show();
        const std::filesystem::path file = folder.filePath("comparison.json").toStdString();
        writeComparison(file, comparison);
        window->openComparison(QString::fromStdString(file.string()));
    }

    ComparisonPage& page() const { return *window->comparison(); }
    EmbeddingView& view(std::size_t pane) const { return *page().view(pane); }
    QToolButton* button(const char* name) const { return page().findChild<QToolButton*>(name); }

    /// Pictures in all panes that do not move any more.
    bool isStill() const {
        for (std::size_t i = 0; i < page().paneCount(); ++i)
            if (!view(i).shownLayout() || view(i).isMoving()) return false;
        return true;
    }

    QTemporaryDir folder;
    std::unique_ptr<MainWindow> window;
};

/// Fails the test if there is no picture in both panes in time.
inline void pauseWithPictures(const OpenedComparison& opened) {
    QVERIFY(QTest::qWaitForWindowExposed(opened.window.get()));
    QTRY_VERIFY_WITH_TIMEOUT(opened.window->comparison(), kPatience);
    for (std::size_t pane : {0, 1}) {
        QTRY_VERIFY_WITH_TIMEOUT(opened.view(pane).shownLayout(), kPatience);
        QTRY_VERIFY_WITH_TIMEOUT(opened.view(pane).shownLayout()->step >= 10, kPatience);
    }
    opened.page().controller()->setPaused(true);
    QTRY_VERIFY_WITH_TIMEOUT(opened.page().controller()->isPaused(), kPatience);
    const auto caughtUp = [&opened](std::size_t pane) {
        const RunController& run = *opened.page().controller()->run(pane);
        return run.snapshot()->bank && opened.view(pane).shownLayout()->step == run.snapshot()->bank->step;
    };
    QTRY_VERIFY_WITH_TIMEOUT(caughtUp(0) && caughtUp(1) && opened.isStill(), kPatience);
}

}  // namespace embedscope::test
