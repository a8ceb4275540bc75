#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace embedscope {

/// The bytes of many pictures, shared and never changed: in memory, or a file that is mapped into it. Safe to read from
/// any thread.
class SharedBytes {
public:
    SharedBytes() = default;
    /// @param bytes A vector, say; it is owned, and must not change any more.
    template <typename Bytes>
    SharedBytes(std::shared_ptr<Bytes> bytes) : owner_(bytes) {
        if (bytes) view_ = *bytes;
    }
    /// A part of a file that `mapping` keeps mapped.
    static SharedBytes ofFile(std::shared_ptr<const void> mapping, std::span<const std::uint8_t> part);

    std::span<const std::uint8_t> view() const { return view_; }
    std::size_t size() const { return view_.size(); }
    /// The same bytes at the same place.
    bool operator==(const SharedBytes& other) const {
        return view_.data() == other.view_.data() && view_.size() == other.view_.size();
    }

    /// Says that pictures were read here and there. Of a mapped file larger than 1 GiB about that much stays in memory:
    /// then what was read is let go, to come back from the system's own cache where it is read again. Any thread.
    void noteRead(std::size_t pictures, std::size_t bytesEach) const;

private:
    std::span<const std::uint8_t> view_;
    std::shared_ptr<const void> owner_;
    std::shared_ptr<std::atomic<std::size_t>> readLately_;  ///< Null: nothing is ever let go.
};

}  // namespace embedscope
