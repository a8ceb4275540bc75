#pragma once

#include "engine/comparison.h"

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <list>
#include <mutex>
#include <stop_token>

namespace embedscope {

enum class Work {
    Step,  ///< The next training step, in its order.
    Other  ///< What must not wait for the steps of others: placing the first points, measuring on demand.
};

/// Who of several runs computes: one at a time, in turns. Lock-step gives them to the run that is furthest behind, free
/// running to the one that has waited longest. Any thread, unless it says else.
class Turns {
public:
    /// @param expected Runs that must have joined before lock-step begins.
    Turns(std::size_t expected, Pace pace) : expected_(expected), pace_(pace) {}

    class Member;
    /// @param number Smaller ones go first where nothing else decides. Does not block.
    Member& join(std::size_t number);
    /// Gives back the turn it may have; the member is gone. Does not block.
    void leave(Member& member);

    enum class Answer { Turn, Knocked, Stopped };
    /// Thread of the member. Blocks until it has the turn, was knocked at, or a stop is requested.
    Answer take(Member& member, Work work, const std::stop_token& stop);
    /// @param step That the member has reached.
    void giveBack(Member& member, std::int64_t step);

    /// A paused member takes no steps, and nobody waits for it.
    void setPaused(Member& member, bool paused);
    /// Makes take() return, now or when it is called next: something else wants the member's attention.
    void knock(Member& member);
    void setPace(Pace pace);

private:
    bool mayGo(const Member& member) const;
    bool goesBefore(const Member& one, const Member& other) const;
    void callNext();

    std::size_t expected_;
    std::mutex mutex_;
    Pace pace_;
    std::list<Member> members_;
    Member* holder_ = nullptr;  ///< Has the turn, or has been called to it.
    std::size_t joined_ = 0;    ///< Ever.
    std::uint64_t tickets_ = 0;
};

/// Guarded by the mutex of its Turns.
class Turns::Member {
public:
    explicit Member(std::size_t number) : number_(number) {}

private:
    friend class Turns;
    std::size_t number_;
    std::int64_t step_ = 0;
    bool paused_ = false, waiting_ = false, knocked_ = false;
    Work work_ = Work::Other;
    std::uint64_t ticket_ = 0;  ///< Of the wait: smaller has waited longer.
    std::condition_variable_any called_;
};

}  // namespace embedscope
