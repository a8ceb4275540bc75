#include "ui/wheel_guard.h"

#include <QAbstractSpinBox>
#include <QChildEvent>
#include <QComboBox>
#include <QSlider>

namespace embedscope {
namespace {

bool turnsByWheel(QObject* object) {
    return qobject_cast<QAbstractSpinBox*>(object) || qobject_cast<QComboBox*>(object) ||
           qobject_cast<QSlider*>(object);
}

}  // namespace

WheelGuard::WheelGuard(QWidget* page) : QObject(page) {
    guard(page);
}

void WheelGuard::guard(QObject* object) {
    object->installEventFilter(this);
    for (QObject* child : object->children()) guard(child);
}

bool WheelGuard::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::ChildAdded) guard(static_cast<QChildEvent*>(event)->child());
    if (event->type() == QEvent::Polish && turnsByWheel(watched))
        static_cast<QWidget*>(watched)->setFocusPolicy(Qt::StrongFocus);  // not by the wheel
    if (event->type() != QEvent::Wheel || !turnsByWheel(watched)) return false;
    event->ignore();
    return true;
}

}  // namespace embedscope
