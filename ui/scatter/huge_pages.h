#pragma once

#include <cstddef>
#include <new>

#ifdef __linux__
#include <sys/mman.h>
#endif

namespace embedscope {

/// For large arrays that are written at thousands of places by turns: asks the system for pages of 2 MiB, of which a
/// processor remembers enough addresses. Of pages of 4 KiB it looks up nearly every one anew.
template <typename T>
struct HugePageAllocator {
    using value_type = T;
    static constexpr std::size_t kPage = std::size_t{2} << 20;  // bytes

    HugePageAllocator() = default;
    template <typename Other>
    HugePageAllocator(const HugePageAllocator<Other>&) {}

    T* allocate(std::size_t count) {
        const std::size_t bytes = count * sizeof(T);
        if (bytes < kPage) return static_cast<T*>(::operator new(bytes));
        void* memory = ::operator new(bytes, std::align_val_t{kPage});
#ifdef __linux__
        madvise(memory, bytes, MADV_HUGEPAGE);  // where it is refused, it is slower and no less right
#endif
        return static_cast<T*>(memory);
    }
    void deallocate(T* memory, std::size_t count) {
        if (count * sizeof(T) < kPage)
            ::operator delete(memory);
        else
            ::operator delete(memory, std::align_val_t{kPage});
    }
    bool operator==(const HugePageAllocator&) const = default;
};

}  // namespace embedscope
