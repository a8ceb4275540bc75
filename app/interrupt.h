#pragma once

#include "app/doorbell.h"

#include <csignal>

namespace embedscope {

/// While it lives, the first Ctrl+C (or SIGTERM) rings the bell instead of ending the program; the second ends it.
/// One at a time.
class Interrupt {
public:
    explicit Interrupt(Doorbell& bell);
    ~Interrupt();
    Interrupt(const Interrupt&) = delete;
    Interrupt& operator=(const Interrupt&) = delete;

    bool raised() const;

private:
    struct sigaction beforeInt_ {};
    struct sigaction beforeTerm_ {};
};

}  // namespace embedscope
