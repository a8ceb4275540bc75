#include "engine/embedding_file.h"

#include "engine/storage/npy.h"

#include <cmath>
#include <stdexcept>

namespace embedscope {
namespace {

[[noreturn]] void fail(const std::filesystem::path& file, const std::string& what) {
    throw std::runtime_error("\"" + file.string() + "\" " + what);
}

}  // namespace

EmbeddingTable readEmbeddings(const std::filesystem::path& file) {
    NpyArray array = readNpy(file);
    if (array.shape.size() != 2 || array.shape[1] == 0 || array.shape[1] > 1'000'000)
        fail(file, "is no table of embeddings: its shape must be (rows, dimension).");
    EmbeddingTable table;
    table.count = array.shape[0];
    table.dimension = static_cast<int>(array.shape[1]);
    std::visit([&](const auto& values) { table.rows.assign(values.begin(), values.end()); }, array.values);
    return table;
}

std::vector<std::int32_t> readLabels(const std::filesystem::path& file) {
    const NpyArray array = readNpy(file);
    if (array.shape.size() != 1) fail(file, "is no list of labels: its shape must be (rows,).");
    std::vector<std::int32_t> labels;
    std::visit(
        [&](const auto& values) {
            for (const auto value : values) {
                const auto label = static_cast<double>(value);
                if (!(label >= -1 && label <= 2'147'483'647) || label != std::floor(label))
                    fail(file, "holds a label that is no whole number from -1 on.");
                labels.push_back(static_cast<std::int32_t>(label));
            }
        },
        array.values);
    return labels;
}

void writeEmbeddings(const std::filesystem::path& file, std::span<const float> rows, int width) {
    const auto columns = static_cast<std::size_t>(width);
    writeNpy(file, rows, {rows.size() / columns, columns});
}

}  // namespace embedscope
