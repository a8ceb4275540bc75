#include "engine/images/idx_reader.h"

#include "engine/images/failure.h"
#include "engine/images/load_progress.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace embedscope {
namespace {

constexpr std::uint64_t kBlock = 4ULL << 20;
constexpr std::uint64_t kMostExpansion = 1032;  // of deflate, by its format

}  // namespace

IdxReader::IdxReader(std::filesystem::path file) : file_(std::move(file)), stream_(gzopen(file_.c_str(), "rb")) {
    if (!stream_) fail(file_, "cannot be opened; check its permissions.");
    gzbuffer(stream_, 1U << 17);
}

IdxReader::~IdxReader() {
    gzclose(stream_);
}

std::uint32_t IdxReader::readNumber() {
    std::array<std::uint8_t, 4> bytes{};
    if (read(bytes.data(), bytes.size()) != bytes.size()) fail(file_, "ends inside its header.");
    return std::uint32_t{bytes[0]} << 24 | std::uint32_t{bytes[1]} << 16 | std::uint32_t{bytes[2]} << 8 | bytes[3];
}

void IdxReader::append(std::vector<std::uint8_t>& target, std::uint64_t count, std::stop_token stop,
                       const std::function<void(std::size_t)>& progress) {
    std::error_code error;
    const std::uint64_t stored = std::filesystem::file_size(file_, error);
    if (error || count > (stored + 1) * kMostExpansion)
        fail(file_, "is shorter than its header says; copy or download it again.");
    target.reserve(target.size() + count);  // address space only: pages come with the bytes that are read
    const std::uint64_t end = target.size() + count;
    while (target.size() < end) {
        throwIfStopped(stop);
        const std::size_t before = target.size();
        const std::size_t wanted = std::min(kBlock, end - before);
        target.resize(before + wanted);
        if (read(target.data() + before, wanted) != wanted)
            fail(file_, "is shorter than its header says; copy or download it again.");
        if (progress) progress(target.size());
    }
}

std::size_t IdxReader::read(std::uint8_t* target, std::size_t count) {
    const int got = gzread(stream_, target, static_cast<unsigned>(count));
    if (got < 0) fail(file_, "is damaged; copy or download it again.");
    return static_cast<std::size_t>(got);
}

}  // namespace embedscope
