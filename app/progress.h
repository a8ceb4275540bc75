#pragma once

#include "engine/data_load.h"
#include "engine/snapshot.h"

#include <chrono>
#include <string>

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
    /// Ends the line that renews itself, so that others may write.
    void finishLine();
    /// A sentence of its own, kept on the screen.
    void say(const std::string& sentence);

private:
    void renew(const std::string& line);

    bool quiet_;
    bool terminal_;
    bool lineOpen_ = false;
    int epochSaid_ = -1;
    bool loadSaid_ = false;
    std::chrono::steady_clock::time_point renewed_{};
};

}  // namespace embedscope
