#include "engine/shared_bytes.h"

#include <sys/mman.h>
#include <unistd.h>
#include <utility>

namespace embedscope {
namespace {

constexpr std::size_t kMostResident = std::size_t{1} << 30;
/// Linux maps up to 16 pages around one that is read.
constexpr std::size_t kReadAround = std::size_t{64} << 10;

}  // namespace

SharedBytes SharedBytes::ofFile(std::shared_ptr<const void> mapping, std::span<const std::uint8_t> part) {
    SharedBytes bytes;
    bytes.view_ = part;
    bytes.owner_ = std::move(mapping);
    if (part.size() > kMostResident) bytes.readLately_ = std::make_shared<std::atomic<std::size_t>>(0);
    return bytes;
}

void SharedBytes::noteRead(std::size_t pictures, std::size_t bytesEach) const {
    if (!readLately_) return;
    const std::size_t read = pictures * (bytesEach + kReadAround);
    if (readLately_->fetch_add(read, std::memory_order_relaxed) + read < kMostResident) return;
    readLately_->store(0, std::memory_order_relaxed);
    const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    const auto begin = reinterpret_cast<std::uintptr_t>(view_.data());
    const std::uintptr_t first = begin / page * page;
    // It takes back the pages only: the file holds the bytes, and whoever reads them meanwhile gets them again.
    madvise(reinterpret_cast<void*>(first), begin + view_.size() - first, MADV_DONTNEED);
}

}  // namespace embedscope
