#pragma once

#include "engine/data_set.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace embedscope {

enum class MarkKind : std::uint8_t { Similar, Dissimilar, Label, Ignored };

struct MarkKindEntry {
    MarkKind kind;
    std::string_view id;  ///< In saved files.
    std::string_view label;
    std::string_view help;
};

/// By MarkKind.
const std::array<MarkKindEntry, 4>& markKinds();
const MarkKindEntry& entryOf(MarkKind kind);

/// What a person said of images by hand. Images are indices into DataSet::samples; held-out ones do not train.
struct Mark {
    MarkKind kind = MarkKind::Similar;
    std::vector<std::int32_t> first = {};
    /// Similar, Dissimilar: each of them makes a pair with each of `first`; empty: those of `first` with each other.
    std::vector<std::int32_t> second = {};
    std::int32_t label = kUnlabelled;  ///< Label: their class now; kUnlabelled: wrong, and the right one is not known.
    double weight = 1;                 ///< Similar, Dissimilar: of their pairs beside the loss of the run, 0..100.
    bool operator==(const Mark&) const = default;

    bool isPair() const { return kind == MarkKind::Similar || kind == MarkKind::Dissimilar; }
    /// Of two different images.
    std::size_t pairs() const;
};

/// In the order in which they were made; of two that speak of the label of an image the later one counts.
struct Marks {
    std::vector<Mark> list;
    bool operator==(const Marks&) const = default;
};

/// What keeps these marks from being used on this data, one sentence each. Empty: they can.
std::vector<std::string> problems(const Marks& marks, const DataSet& data);

/// The data as training sees it with the marks: labels exchanged, ignored images out of the training part. The same
/// data if that changes nothing. Held-out images stay as they are, since they measure.
std::shared_ptr<const DataSet> withMarks(std::shared_ptr<const DataSet> data, const Marks& marks);

/// Whether training sees the same labels and the same training part in both, which hold the same images.
bool sameLabels(const DataSet& a, const DataSet& b);

/// What a file of marks held.
struct MarksRead {
    Marks marks;
    std::size_t unknown = 0;   ///< Lines left out, as their image or class is not in the data set.
    std::string firstUnknown;  ///< For a message.

    /// Empty, or a sentence on what was left out.
    std::string remark() const;
};

/// CSV, a line for each image of a mark: mark,kind,group,path,label,weight. Lines of one number are one mark.
/// @throws std::runtime_error naming the file.
void writeMarks(const std::filesystem::path& file, const Marks& marks, const DataSet& data);
/// @throws std::runtime_error naming the file and the line, or the cure if it holds no mark of this data.
MarksRead readMarks(const std::filesystem::path& file, const DataSet& data);

}  // namespace embedscope
