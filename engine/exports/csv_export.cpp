#include "engine/embedded_images.h"
#include "engine/exports/exported_rows.h"
#include "engine/exports/table_exports.h"
#include "engine/storage/atomic_file.h"
#include "engine/storage/csv.h"

namespace embedscope {
namespace {

std::string namesOf(const NamedSample& sample) {
    return csvLine({sample.index, csvText(sample.path), csvText(sample.label), sample.split});
}

}  // namespace

std::string exportCsv(const std::filesystem::path& runFolder, const std::filesystem::path& out) {
    const ExportedRows rows = newestRows(runFolder);
    AtomicFile file(out);
    std::string header = "index,path,label,split";
    for (int i = 0; i < rows.epoch.table.dimension; ++i) header += ",x" + std::to_string(i);
    file.write(header + '\n');
    for (std::size_t row = 0; row < rows.count(); ++row)
        file.write(namesOf(rows.samples[row]) + ',' + rows.numbers(row, ',') + '\n');
    file.commit();
    return {};
}

std::string exportNpy(const std::filesystem::path& runFolder, const std::filesystem::path& out) {
    const std::filesystem::path beside = tableBeside(out);
    const ExportedRows rows = newestRows(runFolder);
    AtomicFile table(beside);
    table.write("index,path,label,split\n");
    for (const NamedSample& sample : rows.samples) table.write(namesOf(sample) + '\n');
    table.commit();
    writeEmbeddings(out, rows.epoch.table.rows, rows.epoch.table.dimension);
    return {};
}

}  // namespace embedscope
