#pragma once

#include "engine/data_set.h"

#include <memory>
#include <string>

namespace embedscope::test {

/// Small grey pictures in memory, `each` of every class; the class shows in the brightness.
inline std::shared_ptr<const DataSet> greyData(int classes, int each) {
    auto data = std::make_shared<DataSet>();
    data->name = "grey";
    data->shape = {8, 8, 1};
    auto pixels = std::make_shared<std::vector<std::uint8_t>>();
    for (int label = 0; label < classes; ++label) {
        data->classNames.push_back("class " + std::to_string(label));
        for (int i = 0; i < each; ++i) {
            data->samples.push_back({std::to_string(label) + "/" + std::to_string(i) + ".png", label, Split::Train});
            pixels->insert(pixels->end(), data->shape.bytes(), static_cast<std::uint8_t>(255 * label / classes));
        }
    }
    data->pixels = std::move(pixels);
    data->fingerprint = "grey";
    return data;
}

}  // namespace embedscope::test
