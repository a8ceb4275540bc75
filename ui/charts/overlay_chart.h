#pragma once

#include <QColor>
#include <QPointF>
#include <QString>
#include <QWidget>

#include <optional>
#include <vector>

class QCPItemLine;
class QCustomPlot;
class QLabel;

namespace embedscope {

/// One run in a chart of several.
struct OverlayLine {
    QString name;
    QColor color;
    std::vector<QPointF> points;  ///< Rising in x.
};

/// One quantity of several runs over the same axis.
class OverlayChart : public QWidget {
    Q_OBJECT
public:
    /// @param percent Values are shares and written in per cent.
    OverlayChart(const QString& name, const QString& title, const QString& help, bool percent,
                 QWidget* parent = nullptr);

    /// Draws at once. @param xLabel What x counts, e.g. "training step".
    void setLines(std::vector<OverlayLine> lines, const QString& xLabel);
    const std::vector<OverlayLine>& lines() const { return lines_; }
    /// A vertical line, and the values there in the head; none: the newest values.
    void setCursor(std::optional<double> x);

Q_SIGNALS:
    void clicked(double x);

protected:
    void changeEvent(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void build(const QString& name, const QString& help);
    void applyColors();
    void draw();
    void drawHead();

    QString title_;
    bool percent_ = false;
    std::vector<OverlayLine> lines_;
    std::optional<double> cursor_;
    QLabel* head_ = nullptr;
    QCustomPlot* plot_ = nullptr;
    QCPItemLine* cursorLine_ = nullptr;
};

}  // namespace embedscope
