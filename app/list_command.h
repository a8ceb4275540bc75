#pragma once

#include <iosfwd>
#include <string>

namespace embedscope {

/// "losses", "miners", ...: what can be listed, for the help text.
std::string listableNames();

/// Prints a table of choices: as text, or as one line of JSON with everything its rows say.
/// @throws std::invalid_argument naming the tables.
void printList(const std::string& table, bool json, std::ostream& out);

}  // namespace embedscope
