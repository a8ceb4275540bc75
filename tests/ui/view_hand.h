#pragma once

#include "ui/scatter/embedding_view.h"

#include <QTest>

#include <vector>

namespace embedscope::test {

/// Presses at the first place, draws through the others and lets go, as a hand does.
inline void drag(EmbeddingView& view, const std::vector<QPoint>& path, Qt::KeyboardModifiers modifiers = {}) {
    QTest::mousePress(&view, Qt::LeftButton, modifiers, path.front());
    for (const QPoint& place : path) {
        QMouseEvent move(QEvent::MouseMove, place, view.mapToGlobal(place), Qt::NoButton, Qt::LeftButton, modifiers);
        QCoreApplication::sendEvent(&view, &move);
    }
    QTest::mouseRelease(&view, Qt::LeftButton, modifiers, path.back());
}

/// Corner to corner around a place.
inline std::vector<QPoint> around(QPoint place, int reach = 15) {
    return {place + QPoint(-reach, -reach), place + QPoint(reach, -reach), place + QPoint(reach, reach),
            place + QPoint(-reach, reach)};
}

inline bool rests(EmbeddingView& view) {
    return QTest::qWaitFor([&view] { return !view.isMoving(); });
}

}  // namespace embedscope::test
