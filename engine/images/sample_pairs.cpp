#include "engine/sample_pairs.h"

#include "engine/images/csv_line.h"
#include "engine/images/failure.h"
#include "engine/images/split_name.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace embedscope {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostPairs = 5'000'000;

class PairReader {
public:
    PairReader(const fs::path& file, const DataSet& data) : lines_(file), data_(data) {
        sampleOf_.reserve(data.size());
        for (std::size_t i = 0; i < data.size(); ++i)
            sampleOf_.emplace(data.samples[i].path, static_cast<std::int32_t>(i));
    }

    SamplePairs read() {
        std::vector<std::string> fields;
        for (bool first = true; lines_.next(fields); first = false) {
            if (fields.size() < 3) lines_.fail("three fields are needed: first image, second image, 0 or 1.");
            if (first && isHeading(fields[2])) continue;
            add(fields);
        }
        return std::move(found_);
    }

private:
    static bool isHeading(const std::string& last) {
        const std::string name = lowerCase(last);
        return name == "y" || name == "label" || name == "dissimilar";
    }

    void add(const std::vector<std::string>& fields) {
        if (fields[2] != "0" && fields[2] != "1")
            lines_.fail(inQuotes(fields[2]) + " is no Y; write 0 for a similar pair and 1 for a dissimilar one.");
        const std::optional<std::int32_t> first = sample(fields[0]), second = sample(fields[1]);
        if (!first || !second) {
            if (found_.unknown++ == 0) found_.firstUnknown = fields[first ? 1 : 0];
        } else if (data_.samples[*first].split != Split::Train || data_.samples[*second].split != Split::Train) {
            ++found_.heldOut;
        } else if (*first == *second || !once_.insert(keyOf(*first, *second)).second) {
            ++found_.repeated;
        } else {
            if (found_.pairs.size() == kMostPairs) lines_.fail("there are more than 5,000,000 pairs; leave some out.");
            found_.pairs.push_back({*first, *second, fields[2] == "0"});
        }
    }

    std::optional<std::int32_t> sample(const std::string& written) const {
        fs::path path = fs::path(written).lexically_normal();
        if (path.is_absolute()) path = path.lexically_relative(data_.root.lexically_normal());
        const auto found = sampleOf_.find(path.generic_string());
        if (found == sampleOf_.end()) return std::nullopt;
        return found->second;
    }

    static std::uint64_t keyOf(std::int32_t a, std::int32_t b) {
        const auto [low, high] = std::minmax(a, b);
        return static_cast<std::uint64_t>(low) << 32 | static_cast<std::uint32_t>(high);
    }

    CsvLines lines_;
    const DataSet& data_;
    std::unordered_map<std::string_view, std::int32_t> sampleOf_;
    std::unordered_set<std::uint64_t> once_;
    SamplePairs found_;
};

}  // namespace

std::string SamplePairs::remark() const {
    if (unknown + heldOut + repeated == 0) return {};
    const std::size_t all = pairs.size() + unknown + heldOut + repeated;
    std::string text = std::to_string(all - pairs.size()) + " of " + std::to_string(all) + " pairs were left out: ";
    std::string why;
    const auto reason = [&](std::size_t count, const std::string& words) {
        if (count > 0) why += (why.empty() ? "" : ", ") + std::to_string(count) + " " + words;
    };
    reason(unknown, "name images that are not in the data (first: " + inQuotes(firstUnknown) + ")");
    reason(heldOut, "hold images that are kept from training");
    reason(repeated, "came twice");
    return text + why + ".";
}

SamplePairs readPairs(const fs::path& file, const DataSet& data) {
    SamplePairs found = PairReader(file, data).read();
    if (!found.pairs.empty()) return found;
    const std::string remark = found.remark();
    fail(file, "holds no pair of training images of " + inQuotes(data.name) +
                   (remark.empty() ? "; " : " (" + remark + "); ") +
                   "write lines such as cats/07.png,dogs/03.png,1 with the paths of the images.");
}

}  // namespace embedscope
