#include "engine/images/csv_line.h"
#include "engine/marks.h"
#include "engine/storage/atomic_file.h"
#include "engine/storage/csv.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <stdexcept>
#include <unordered_map>

namespace embedscope {
namespace {

constexpr std::string_view kHeading = "mark,kind,group,path,label,weight";
constexpr std::size_t kMostLines = 5'000'000;

void addLines(std::string& text, std::size_t number, const Mark& mark, bool second, const DataSet& data) {
    const std::string label = mark.label < 0 ? "" : data.classNames.at(static_cast<std::size_t>(mark.label));
    for (const std::int32_t sample : second ? mark.second : mark.first) {
        text += csvLine({std::to_string(number), std::string(entryOf(mark.kind).id), second ? "2" : "1",
                         csvText(data.samples.at(static_cast<std::size_t>(sample)).path), csvText(label),
                         mark.isPair() ? csvNumber(mark.weight) : ""});
        text += '\n';
    }
}

class MarksReader {
public:
    MarksReader(const std::filesystem::path& file, const DataSet& data) : file_(file), lines_(file), data_(data) {
        for (std::size_t i = 0; i < data.size(); ++i)
            sampleOf_.emplace(data.samples[i].path, static_cast<std::int32_t>(i));
        for (std::size_t i = 0; i < data.classNames.size(); ++i)
            labelOf_.emplace(data.classNames[i], static_cast<std::int32_t>(i));
    }

    MarksRead read() {
        std::vector<std::string> fields;
        std::size_t count = 0;
        while (lines_.next(fields)) {
            if (fields.size() != 6) lines_.fail("there must be six fields: " + std::string(kHeading) + ".");
            if (count++ == 0 && fields[0] == "mark") continue;
            if (count > kMostLines) lines_.fail("there are more than 5,000,000 lines; leave some out.");
            add(fields);
        }
        // What is left of a mark of which images are unknown may be no pair any more.
        std::erase_if(found_.marks.list, [this](const Mark& mark) { return !problems(Marks{{mark}}, data_).empty(); });
        if (found_.marks.list.empty())
            throw std::runtime_error("\"" + file_.string() + "\" holds no mark of the images of \"" + data_.name +
                                     "\"; its lines are " + std::string(kHeading) +
                                     " with the paths as the data lists them.");
        return std::move(found_);
    }

private:
    void add(const std::vector<std::string>& fields) {
        const MarkKind kind = kindOf(fields[1]);
        if (fields[2] != "1" && fields[2] != "2") lines_.fail("the group is 1 or 2.");
        if (fields[0] != number_) {
            number_ = fields[0];
            found_.marks.list.push_back({});
            found_.marks.list.back().kind = kind;
        }
        Mark& mark = found_.marks.list.back();
        if (mark.kind != kind) lines_.fail("the lines of one mark are of one kind.");
        const auto sample = sampleOf_.find(fields[3]);
        if (sample == sampleOf_.end()) return leaveOut(fields[3]);
        if (kind == MarkKind::Label && !fields[4].empty()) {
            const auto label = labelOf_.find(fields[4]);
            if (label == labelOf_.end()) return leaveOut(fields[4]);
            mark.label = label->second;
        }
        if (mark.isPair() && !fields[5].empty()) mark.weight = weightOf(fields[5]);
        (fields[2] == "2" ? mark.second : mark.first).push_back(sample->second);
    }

    void leaveOut(const std::string& name) {
        if (found_.unknown++ == 0) found_.firstUnknown = name;
    }

    MarkKind kindOf(const std::string& id) const {
        for (const MarkKindEntry& entry : markKinds())
            if (entry.id == id) return entry.kind;
        lines_.fail("\"" + id + "\" is no kind of mark; known are similar, dissimilar, label and ignored.");
    }

    double weightOf(const std::string& text) const {
        double weight = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), weight);
        if (error != std::errc() || end != text.data() + text.size() || !(weight >= 0 && weight <= 100))
            lines_.fail("\"" + text + "\" is no weight; write a number from 0 to 100.");
        return weight;
    }

    std::filesystem::path file_;
    CsvLines lines_;
    const DataSet& data_;
    std::unordered_map<std::string_view, std::int32_t> sampleOf_, labelOf_;
    std::string number_;  ///< Of the mark that is read.
    MarksRead found_;
};

}  // namespace

void writeMarks(const std::filesystem::path& file, const Marks& marks, const DataSet& data) {
    std::string text = std::string(kHeading) + '\n';
    for (std::size_t i = 0; i < marks.list.size(); ++i) {
        addLines(text, i + 1, marks.list[i], false, data);
        addLines(text, i + 1, marks.list[i], true, data);
    }
    AtomicFile target(file);
    target.write(text);
    target.commit();
}

MarksRead readMarks(const std::filesystem::path& file, const DataSet& data) {
    return MarksReader(file, data).read();
}

}  // namespace embedscope
