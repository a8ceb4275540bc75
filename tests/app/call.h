#pragma once

#include "app/command_line.h"

#include <iostream>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

namespace embedscope::test {

struct Outcome {
    std::optional<int> code;
    std::string out, err;
};

/// Calls what main() calls, and keeps what it prints.
inline Outcome call(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "embedscope");
    std::vector<char*> raw;
    for (std::string& argument : arguments) raw.push_back(argument.data());
    raw.push_back(nullptr);
    std::ostringstream out, err;
    std::streambuf* const outBefore = std::cout.rdbuf(out.rdbuf());
    std::streambuf* const errBefore = std::cerr.rdbuf(err.rdbuf());
    Outcome outcome;
    outcome.code = runCommand(static_cast<int>(arguments.size()), raw.data());
    std::cout.rdbuf(outBefore);
    std::cerr.rdbuf(errBefore);
    outcome.out = out.str();
    outcome.err = err.str();
    return outcome;
}

}  // namespace embedscope::test
