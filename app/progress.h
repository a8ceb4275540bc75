#pragma once

#include "engine/data_load.h"
#include "engine/snapshot.h"

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace embedscope {

/// How far the work is, on standard error: a line that renews itself on a terminal, else a line an epoch.
class Progress {
public:
    explicit Progress(bool quiet);
    ~Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    void show(const LoadState& state);
    void show(const Snapshot& snapshot);
    /// Of a run among others, by its name.
    struct NamedSnapshot {
        std::string name;
        std::shared_ptr<const Snapshot> snapshot;
    };
    void show(const std::vector<NamedSnapshot>& runs);
    /// Ends the line that renews itself, so that others may write.
    void finishLine();
    /// A sentence of its own, kept on the screen.
    void say(const std::string& sentence);

private:
    bool sayEpoch(const Snapshot& snapshot, const std::string& name);
    void renew(const std::string& line);

    bool quiet_;
    bool terminal_;
    bool lineOpen_ = false;
    std::map<std::string, int> epochSaid_;  ///< By the run's name; empty for one alone.
    bool loadSaid_ = false;
    std::chrono::steady_clock::time_point renewed_{};
};

}  // namespace embedscope
