#include "app/interrupt.h"

#include <atomic>
#include <cassert>

namespace embedscope {
namespace {

std::atomic<Doorbell*> bellOfInterrupt{nullptr};
std::atomic<bool> wasRaised{false};
static_assert(std::atomic<Doorbell*>::is_always_lock_free && std::atomic<bool>::is_always_lock_free);

void onSignal(int) {
    wasRaised = true;
    if (Doorbell* bell = bellOfInterrupt) bell->ring();
}

}  // namespace

Interrupt::Interrupt(Doorbell& bell) {
    assert(bellOfInterrupt == nullptr);
    wasRaised = false;
    bellOfInterrupt = &bell;
    struct sigaction action {};
    action.sa_handler = onSignal;
    action.sa_flags = SA_RESTART | static_cast<int>(SA_RESETHAND);
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, &beforeInt_);
    sigaction(SIGTERM, &action, &beforeTerm_);
}

Interrupt::~Interrupt() {
    sigaction(SIGINT, &beforeInt_, nullptr);
    sigaction(SIGTERM, &beforeTerm_, nullptr);
    bellOfInterrupt = nullptr;
}

bool Interrupt::raised() const {
    return wasRaised;
}

}  // namespace embedscope
