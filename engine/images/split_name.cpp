#include "engine/images/split_name.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace embedscope {
namespace {

constexpr std::array<std::pair<std::string_view, Split>, 9> kNames = {{
    {"train", Split::Train},
    {"training", Split::Train},
    {"val", Split::HoldOut},
    {"valid", Split::HoldOut},
    {"validation", Split::HoldOut},
    {"test", Split::HoldOut},
    {"testing", Split::HoldOut},
    {"holdout", Split::HoldOut},
    {"hold-out", Split::HoldOut},
}};

}  // namespace

std::string lowerCase(std::string_view text) {
    std::string lower(text);
    for (char& letter : lower) letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
    return lower;
}

std::optional<Split> splitNamed(std::string_view name) {
    const auto row =
        std::ranges::find(kNames, lowerCase(name), [](const auto& pair) { return std::string(pair.first); });
    if (row == kNames.end()) return std::nullopt;
    return row->second;
}

}  // namespace embedscope
