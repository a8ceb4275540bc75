#pragma once

#include <QLabel>
#include <QTimer>

namespace embedscope {

/// One line at the foot of a window: how things stand, and for a while what was done. What there is no room for ends in
/// "…", and the tooltip tells all of it.
class StatusLine : public QLabel {
    Q_OBJECT
public:
    explicit StatusLine(QWidget* parent = nullptr);

    /// @param help Rich text for the tooltip, below the line.
    void showState(const QString& state, const QString& help = {});
    /// In its place. @param milliseconds 0: until takeBack() or something else is told.
    void tell(const QString& remark, int milliseconds = 0);
    void takeBack();
    /// Empty: nothing.
    const QString& told() const { return told_; }

    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    void showWords();

    QString state_, help_, told_;
    QTimer end_;
};

}  // namespace embedscope
