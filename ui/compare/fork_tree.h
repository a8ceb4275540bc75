#pragma once

#include <QColor>
#include <QLineF>
#include <QString>
#include <QWidget>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace embedscope {

/// One run of a comparison over its steps.
struct Branch {
    QString name;
    QString change;  ///< In what it differs, e.g. "margin 0.5"; empty: in nothing.
    QColor color;
    std::optional<std::size_t> parent;  ///< Of a fork: the run it goes on from.
    std::int64_t begin = 0;             ///< Its first step: 0, or where it was forked.
    std::int64_t now = 0;               ///< The step it has reached.
    std::int64_t end = 0;               ///< Its last step, when it is through.
};

/// The runs as lines over steps, each fork springing from the line of the run it goes on from.
class ForkTree : public QWidget {
    Q_OBJECT
public:
    explicit ForkTree(QWidget* parent = nullptr);

    void showBranches(std::vector<Branch> branches);
    /// Framed: the line is drawn stronger.
    void setCurrent(std::size_t run);

    QSize sizeHint() const override;
    std::size_t branchCount() const { return branches_.size(); }
    /// Where the line of a run lies, from its first step to the one it has reached.
    QLineF lineOf(std::size_t run) const;

Q_SIGNALS:
    void clicked(std::size_t run);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    bool event(QEvent* event) override;

private:
    double xOf(std::int64_t step) const;
    double yOf(std::size_t run) const;
    std::optional<std::size_t> runAt(const QPointF& place) const;
    void drawSteps(QPainter& painter) const;
    void drawBranch(QPainter& painter, std::size_t run) const;

    std::vector<Branch> branches_;
    std::int64_t lastStep_ = 1;
    std::size_t current_ = 0;
};

}  // namespace embedscope
