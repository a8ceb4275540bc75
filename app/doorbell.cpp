#include "app/doorbell.h"

#include <cerrno>
#include <stdexcept>

namespace embedscope {

Doorbell::Doorbell() {
    if (sem_init(&semaphore_, 0, 0) != 0) throw std::runtime_error("The system has no semaphores left.");
}

Doorbell::~Doorbell() {
    sem_destroy(&semaphore_);
}

void Doorbell::ring() noexcept {
    const int before = errno;  // A handler must leave it as it was.
    sem_post(&semaphore_);     // Fails only when it has rung two thousand million times unheard, which is loud enough.
    errno = before;
}

void Doorbell::wait() noexcept {
    while (sem_wait(&semaphore_) != 0 && errno == EINTR) {
    }
    while (sem_trywait(&semaphore_) == 0) {
    }
}

}  // namespace embedscope
