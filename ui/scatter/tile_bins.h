#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace embedscope {

/// Marks by the bin they belong to, in the order in which they were added. They lie in small blocks that any bin may
/// take, so that memory follows how many there are, and not how many each bin held at one time or another.
class TileBins {
public:
    /// Place within a tile, and mark.
    class Record {
    public:
        static constexpr std::uint32_t kPlaces = 1U << 14, kMarks = 1U << 18;

        Record() = default;
        Record(std::uint32_t place, std::uint32_t mark) : packed_(mark << 14 | place) {}
        std::uint32_t place() const { return packed_ & (kPlaces - 1); }
        std::uint32_t mark() const { return packed_ >> 14; }

    private:
        std::uint32_t packed_ = 0;
    };

    /// Empty bins; the memory stays.
    void reset(std::size_t bins) {
        bins_.assign(bins, Bin());
        taken_ = 0;
    }

    void add(std::size_t bin, Record record) {
        Bin& own = bins_[bin];
        if (own.next == own.end) takeBlock(own);
        *own.next++ = record;
    }

    bool isEmpty(std::size_t bin) const { return !bins_[bin].first; }

    /// Calls visit(record).
    template <typename Visit>
    void forEach(std::size_t bin, Visit visit) const {
        const Bin& own = bins_[bin];
        for (const Block* block = own.first; block; block = block->next) {
            const Record* end = block->next ? block->records.data() + kRecords : own.next;
            for (const Record* record = block->records.data(); record != end; ++record) visit(*record);
        }
    }

private:
    static constexpr std::size_t kRecords = 254;  // with the pointer a kilobyte
    struct Block {
        std::array<Record, kRecords> records;
        Block* next = nullptr;
    };
    struct Bin {
        Block *first = nullptr, *last = nullptr;
        Record *next = nullptr, *end = nullptr;
    };

    void takeBlock(Bin& bin) {
        if (taken_ == blocks_.size()) blocks_.push_back(std::make_unique<Block>());
        Block* block = blocks_[taken_++].get();
        block->next = nullptr;
        (bin.first ? bin.last->next : bin.first) = block;
        bin.last = block;
        bin.next = block->records.data();
        bin.end = bin.next + kRecords;
    }

    std::vector<Bin> bins_;
    std::vector<std::unique_ptr<Block>> blocks_;
    std::size_t taken_ = 0;
};

}  // namespace embedscope
