#pragma once

#include "ui/compare/layout_history.h"

#include <QWidget>

#include <optional>
#include <utility>
#include <vector>

class QComboBox;
class QLabel;
class QToolButton;

namespace embedscope {

class MarkedSlider;

/// The moment that all panes show: now, or one of the recorded past.
class TimeBar : public QWidget {
    Q_OBJECT
public:
    explicit TimeBar(QWidget* parent = nullptr);

    /// @param last The latest moment that was recorded, on the axis chosen.
    void setLast(double last);
    /// Moments that are marked on the slider, on the axis chosen, with what they are.
    void setMarks(std::vector<std::pair<double, QString>> marks);
    /// None: now.
    std::optional<double> moment() const { return moment_; }
    void setMoment(std::optional<double> moment);
    TimeAxis axis() const;
    /// From now on arrow keys and the wheel do not move the handle a little but ask by stepped().
    void setFramewise() { framewise_ = true; }
    /// "training step", "epoch", "seconds of training".
    QString axisLabel() const;

Q_SIGNALS:
    void momentChanged();
    void stepped(int frames);  ///< 1 on, -1 back.
    void axisChanged();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void step(int action);
    void showMoment();
    void showMarks();

    MarkedSlider* slider_ = nullptr;
    QLabel* text_ = nullptr;
    QToolButton* live_ = nullptr;
    QComboBox* axis_ = nullptr;
    std::optional<double> moment_;
    double last_ = 0;
    bool framewise_ = false;
    std::vector<std::pair<double, QString>> marks_;
};

}  // namespace embedscope
