#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace embedscope {

/// The path in quotation marks, as messages name it.
std::string inQuotes(const std::filesystem::path& path);

/// @throws std::runtime_error: the path in quotation marks and `why`, which ends the sentence.
[[noreturn]] void fail(const std::filesystem::path& path, const std::string& why);

/// "it is empty" -> "It is empty."
std::string sentence(std::string_view reason);

/// 5000 -> "5,000".
std::string grouped(std::size_t number);

}  // namespace embedscope
