#pragma once

#include <QClipboard>
#include <QLabel>

namespace embedscope {

/// A text with paths that fold, see foldable(); what is copied of it holds the paths as they are.
class PathLabel : public QLabel {
public:
    explicit PathLabel(QWidget* parent = nullptr);

    /// What is selected, without the places where it may fold.
    QString plainSelection() const;

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    void copy(QClipboard::Mode mode) const;
};

}  // namespace embedscope
