#pragma once

#include <semaphore.h>

namespace embedscope {

/// One thread sleeps until another, or a signal handler, rings. A condition variable may not be used by a handler.
class Doorbell {
public:
    Doorbell();
    ~Doorbell();
    Doorbell(const Doorbell&) = delete;
    Doorbell& operator=(const Doorbell&) = delete;

    /// Any thread and any signal handler. Does not block.
    void ring() noexcept;
    /// Blocks until it rang since the last wait; many rings count as one.
    void wait() noexcept;

private:
    sem_t semaphore_;
};

}  // namespace embedscope
