#pragma once

#include <QObject>

class QWidget;

namespace embedscope {

/// Below `page`, the wheel scrolls the page and never turns a number or a list, not even one that has the keyboard:
/// whoever scrolls past a field does not change it. Fields that are added later are guarded too.
class WheelGuard : public QObject {
    Q_OBJECT
public:
    explicit WheelGuard(QWidget* page);
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void guard(QObject* object);
};

}  // namespace embedscope
