#include "engine/training/turns.h"

#include <QTest>

#include <array>
#include <atomic>
#include <random>
#include <thread>
#include <vector>

using namespace embedscope;

namespace {

constexpr std::size_t kMembers = 4;
constexpr std::int64_t kSteps = 300;

/// Members that step, pause, do other work and leave as chance has it.
struct Crowd {
    Turns turns;
    std::array<Turns::Member*, kMembers> members{};
    std::array<std::int64_t, kMembers> reached{};
    std::atomic<int> inside{0}, collisions{0};

    explicit Crowd(Pace pace) : turns(kMembers, pace) {
        for (std::size_t i = 0; i < kMembers; ++i) members[i] = &turns.join(i);
    }

    void live(std::size_t number, std::int64_t steps) {
        Turns::Member& member = *members[number];
        std::mt19937 chance(static_cast<unsigned>(number));
        while (reached[number] < steps) {
            if (chance() % 50 == 0) {
                turns.setPaused(member, true);
                turns.setPaused(member, false);
            }
            const Work work = chance() % 20 ? Work::Step : Work::Other;
            if (turns.take(member, work, {}) != Turns::Answer::Turn) continue;
            collisions += inside.fetch_add(1) != 0;
            reached[number] += work == Work::Step;
            inside.fetch_sub(1);
            turns.giveBack(member, reached[number]);
        }
        turns.leave(member);
    }
};

}  // namespace

class TurnsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void OneAtATimeAndNobodyIsForgotten_data() {
        QTest::addColumn<bool>("lockStep");
        QTest::newRow("lock-step") << true;
        QTest::newRow("free") << false;
    }
    void OneAtATimeAndNobodyIsForgotten() {
        QFETCH(bool, lockStep);
        Crowd crowd(lockStep ? Pace::LockStep : Pace::Free);
        {
            std::vector<std::jthread> threads;
            for (std::size_t i = 0; i < kMembers; ++i)
                threads.emplace_back([&crowd, i] { crowd.live(i, i == 3 ? kSteps / 3 : kSteps); });
        }
        QCOMPARE(crowd.collisions.load(), 0);
        for (std::size_t i = 0; i < kMembers; ++i) QCOMPARE(crowd.reached[i], i == 3 ? kSteps / 3 : kSteps);
    }

    void AStopWakesTheWaiting() {
        Turns turns(2, Pace::LockStep);  // the second never joins
        Turns::Member& member = turns.join(0);
        Turns::Answer answer = Turns::Answer::Turn;
        {
            std::jthread waiting([&](const std::stop_token& stop) { answer = turns.take(member, Work::Step, stop); });
        }
        QVERIFY(answer == Turns::Answer::Stopped);
    }

    void AKnockIsHeardBeforeAndDuringTheWait() {
        Turns turns(2, Pace::LockStep);
        Turns::Member& member = turns.join(0);
        turns.knock(member);
        QVERIFY(turns.take(member, Work::Step, {}) == Turns::Answer::Knocked);
        Turns::Answer answer = Turns::Answer::Turn;
        std::jthread waiting([&](const std::stop_token& stop) { answer = turns.take(member, Work::Step, stop); });
        turns.knock(member);
        waiting.join();
        QVERIFY(answer == Turns::Answer::Knocked);
    }

    void OneWhoLeavesWithTheTurnPassesItOn() {
        Turns turns(2, Pace::Free);
        Turns::Member &first = turns.join(0), &second = turns.join(1);
        QVERIFY(turns.take(first, Work::Step, {}) == Turns::Answer::Turn);
        std::jthread other([&] { QVERIFY(turns.take(second, Work::Step, {}) == Turns::Answer::Turn); });
        turns.leave(first);
        other.join();
    }
};

QTEST_GUILESS_MAIN(TurnsTest)
#include "turns_test.moc"
