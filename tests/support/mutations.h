#pragma once

#include <QtGlobal>

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <sys/resource.h>

namespace embedscope::test {

/// Room for the process to grow while it lives; beyond it an allocation throws std::bad_alloc.
class MemoryBound {
public:
    explicit MemoryBound(std::uint64_t bytes) {
        getrlimit(RLIMIT_AS, &before_);
        std::uint64_t pages = 0;
        std::ifstream("/proc/self/statm") >> pages;
        const rlimit bound{pages * 4096 + bytes, before_.rlim_max};
        setrlimit(RLIMIT_AS, &bound);
    }
    ~MemoryBound() { setrlimit(RLIMIT_AS, &before_); }
    MemoryBound(const MemoryBound&) = delete;
    MemoryBound& operator=(const MemoryBound&) = delete;

private:
    rlimit before_{};
};

/// EMBEDSCOPE_MUTATIONS=10 makes ten times as many.
inline int mutationCount(int usual) {
    const int times = qEnvironmentVariableIntValue("EMBEDSCOPE_MUTATIONS");
    return usual * std::max(1, times);
}

inline std::string textOf(const std::filesystem::path& file) {
    std::ifstream input(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(input), {}};
}

/// Anew: cutting an old one to nothing makes ext4 wait for the disk.
inline void replaceFile(const std::filesystem::path& file, const std::string& text) {
    std::filesystem::remove(file);
    std::ofstream(file, std::ios::binary) << text;
}

inline std::size_t drawn(std::mt19937& random, std::size_t below) {
    return below == 0 ? 0 : random() % below;
}

/// One to three changes: a bit, a byte, a number in the text, a cut, a piece twice, a piece out.
inline std::string mutated(std::string text, std::mt19937& random) {
    static constexpr std::array kPieces{"-1",
                                        "0",
                                        "4294967296",
                                        "18446744073709551615",
                                        "1e309",
                                        "null",
                                        "[]",
                                        "\"",
                                        "{",
                                        "}",
                                        "../../etc/passwd",
                                        ",,,,",
                                        "\n",
                                        "\t\t\t",
                                        "\xff\xfe",
                                        "nan",
                                        "9999",
                                        "[[[[[[[[",
                                        "true"};
    for (std::size_t changes = 1 + random() % 3; changes > 0 && !text.empty(); --changes) {
        const std::size_t at = drawn(random, random() % 2 == 0 ? text.size() : std::min<std::size_t>(text.size(), 512));
        const std::size_t length = std::min(drawn(random, 64), text.size() - at);
        switch (random() % 6) {
            case 0:
                text[at] = static_cast<char>(text[at] ^ (1 << random() % 8));
                break;
            case 1:
                text[at] = static_cast<char>(random());
                break;
            case 2:
                text.replace(at, std::min<std::size_t>(length, 8), kPieces[random() % kPieces.size()]);
                break;
            case 3:
                text.resize(at);
                break;
            case 4:
                text.insert(at, text.substr(at, length));
                break;
            default:
                text.erase(at, length);
        }
    }
    return text;
}

}  // namespace embedscope::test
