#include "engine/embedded_images.h"

#include "engine/embedding_file.h"
#include "engine/storage/atomic_file.h"
#include "engine/storage/csv.h"

#include <stdexcept>
#include <string>

namespace embedscope {

std::filesystem::path tableBeside(const std::filesystem::path& npy) {
    if (npy.extension() != ".npy")
        throw std::invalid_argument("The embeddings are written as a NumPy file and a table beside it; give \"" +
                                    npy.string() + "\" a name that ends in .npy.");
    return std::filesystem::path(npy).replace_extension(".csv");
}

void writeEmbeddedImages(const std::filesystem::path& npy, const DataSet& images, std::span<const float> rows,
                         int dimension) {
    AtomicFile table(tableBeside(npy));
    table.write("path,label\n");
    for (const Sample& sample : images.samples) {
        const std::string label =
            sample.label == kUnlabelled ? "" : images.classNames.at(static_cast<std::size_t>(sample.label));
        table.write(csvLine({csvText(sample.path), csvText(label)}) + '\n');
    }
    table.commit();
    writeEmbeddings(npy, rows, dimension);
}

}  // namespace embedscope
