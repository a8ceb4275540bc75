#pragma once

#include "engine/wake_up.h"

#include <QObject>

#include <functional>

namespace embedscope {

/// A WakeUp that calls `receive` on the receiver's thread; at most one call is pending, however often it is woken.
/// The receiver must outlive the worker that wakes; calls still pending when it dies are dropped by Qt.
WakeUp queuedWakeUp(QObject* receiver, std::function<void()> receive);

}  // namespace embedscope
