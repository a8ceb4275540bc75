#pragma once

#include "engine/snapshot.h"
#include "ui/charts/chart_theme.h"

#include <QWidget>

#include <optional>
#include <string>
#include <vector>

class QCPGraph;
class QCPItemLine;
class QCPItemText;
class QCPRange;
class QCustomPlot;
class QLabel;

namespace embedscope {

/// One line of a chart: which column of the history it draws, and how its values read.
struct Curve {
    QString name;
    ChartInk ink = ChartInk::First;
    double MetricsRow::*value = nullptr;
    double MetricsRow::*low = nullptr;  ///< With `high`: a band around the line.
    double MetricsRow::*high = nullptr;
    bool percent = false;   ///< A share: drawn and written in per cent.
    bool onRight = false;   ///< Against the right axis, 0 to 100 %.
    bool points = false;    ///< Measured seldom: marks at the values, the first and the newest written out.
    bool fromZero = true;   ///< The axis starts at 0; else it frames the values.
    std::string measure{};  ///< If not empty: draws this id of MetricsRow::measures in place of `value`.
};

/// A small chart of the history over training steps.
class CurveChart : public QWidget {
    Q_OBJECT
public:
    CurveChart(const QString& name, const QString& title, const QString& help, std::vector<Curve> curves,
               QWidget* parent);

    /// Only the lowest chart of a stack writes the steps, only the highest the epochs.
    void setEdges(bool highest, bool lowest);
    void setHistory(const std::vector<MetricsRow>& history);
    /// A horizontal line where the margin stands. @param since The first step that it is of; none: of all.
    void setMark(const std::optional<MarginMark>& mark, std::optional<std::int64_t> since = {});
    /// The left axis has room for what came after this step only, once there is any; none: for all.
    void setScaleSince(std::optional<std::int64_t> step) { scaleSince_ = step; }
    /// Dotted verticals where a setting was changed.
    void setChanges(const std::vector<double>& steps);
    void setSteps(double first, double last, double stepsPerEpoch);
    /// The values at this step; none: the newest.
    void setCursor(std::optional<double> step);
    void draw();

Q_SIGNALS:
    void hovered(double step);
    void left();

protected:
    void changeEvent(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    struct Line {
        Curve curve;
        QCPGraph* value = nullptr;
        QCPGraph* low = nullptr;
        QCPGraph* high = nullptr;
    };
    void build(const QString& name, const QString& help);
    void addLine(const Curve& curve);
    void makeEndLabels();
    void applyColors();
    void setScale();
    std::optional<QCPRange> rangeOfLeftAxis(double after) const;
    void placeEndLabels();
    void drawHead();
    double valueAt(const Line& line, double step) const;

    QString title_;
    std::vector<Line> lines_;
    std::optional<double> cursor_;
    std::optional<MarginMark> mark_;
    std::optional<std::int64_t> scaleSince_;
    QLabel* head_ = nullptr;
    QCustomPlot* plot_ = nullptr;
    QCPItemLine* cursorLine_ = nullptr;
    QCPItemLine* markLine_ = nullptr;
    std::vector<QCPItemLine*> changeLines_;
    QCPItemText* markText_ = nullptr;
    QCPItemText* firstText_ = nullptr;
    QCPItemText* lastText_ = nullptr;
};

}  // namespace embedscope
