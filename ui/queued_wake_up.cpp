#include "ui/queued_wake_up.h"

#include <QMetaObject>

#include <atomic>
#include <memory>

namespace embedscope {

WakeUp queuedWakeUp(QObject* receiver, std::function<void()> receive) {
    auto pending = std::make_shared<std::atomic_flag>();
    return [receiver, receive = std::move(receive), pending] {
        if (pending->test_and_set()) return;
        QMetaObject::invokeMethod(
            receiver,
            [receive, pending] {
                pending->clear();  // before reading: what is published from now on wakes again
                receive();
            },
            Qt::QueuedConnection);
    };
}

}  // namespace embedscope
