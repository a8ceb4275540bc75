#pragma once

#include "ui/inspector/tuple_marks.h"

#include <QWidget>

#include <array>

class QToolButton;

namespace embedscope {

/// Four small buttons that say what is true of a row of images.
class TruthButtons : public QWidget {
    Q_OBJECT
public:
    static constexpr int kButton = 18, kWidth = 4 * kButton + 8;  // logical pixels

    /// @param row Part of the names of the buttons.
    explicit TruthButtons(int row, QWidget* parent = nullptr);
    /// What is marked is pressed down.
    void showMarks(const TupleMarks& marks);

Q_SIGNALS:
    /// Comes once the mouse has let go, so that the row may leave. @param at The button.
    void pressed(MarkKind kind, QWidget* at);
    /// By the mouse.
    void entered();

protected:
    void enterEvent(QEnterEvent* event) override;

private:
    TupleMarks shown_;
    std::array<QToolButton*, 4> buttons_{};  ///< By MarkKind.
};

}  // namespace embedscope
