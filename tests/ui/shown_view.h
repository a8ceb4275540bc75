#pragma once

#include "tests/ui/scatter_data.h"
#include "ui/scatter/embedding_view.h"

#include <QTest>

#include <cmath>
#include <vector>

namespace embedscope::test {

inline double distance(QPointF a, QPointF b) {
    return std::hypot(a.x() - b.x(), a.y() - b.y());
}

/// Five samples in the corners and the middle of a square.
inline std::vector<float> square(float side = 1) {
    return {-side, -side, side, -side, -side, side, side, side, 0, 0};
}

struct ShownView {
    std::shared_ptr<const DataSet> data = makeScatterData(5, 5);
    EmbeddingView view;

    ShownView() {
        view.resize(600, 500);
        view.setDataSet(data);
        view.show();
        view.showLayout(makeLayout(square()));
    }
    bool rests() {
        return QTest::qWaitFor([this] { return !view.isMoving(); });
    }
    void drag(QPoint from, const std::vector<QPoint>& path, Qt::KeyboardModifiers modifiers) {
        QTest::mousePress(&view, Qt::LeftButton, modifiers, from);
        for (const QPoint& place : path) {
            QMouseEvent move(QEvent::MouseMove, place, view.mapToGlobal(place), Qt::NoButton, Qt::LeftButton,
                             modifiers);
            QCoreApplication::sendEvent(&view, &move);
        }
        QTest::mouseRelease(&view, Qt::LeftButton, modifiers, path.back());
    }
    /// A lasso around a place.
    void drawAround(QPoint place, Qt::KeyboardModifiers modifiers) {
        std::vector<QPoint> path;
        for (const QPoint corner : {QPoint(15, -15), QPoint(15, 15), QPoint(-15, 15)}) path.push_back(place + corner);
        drag(place + QPoint(-15, -15), path, modifiers);
    }
    QPoint at(int sample) { return view.screenPositionOf(sample)->toPoint(); }
};

}  // namespace embedscope::test
