#include "engine/storage/samples_table.h"

#include "engine/images/csv_line.h"

namespace embedscope {

std::vector<NamedSample> readSamplesTable(const std::filesystem::path& file) {
    CsvLines lines(file);
    std::vector<std::string> fields;
    std::vector<NamedSample> samples;
    for (bool header = true; lines.next(fields); header = false) {
        if (fields.size() != 4) lines.fail("there must be four fields: index,path,label,split.");
        if (!header) samples.push_back({fields[0], fields[1], fields[2], fields[3]});
    }
    return samples;
}

}  // namespace embedscope
