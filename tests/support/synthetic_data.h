#pragma once

#include "engine/data_set.h"

#include <algorithm>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace embedscope::test {

struct SyntheticShape {
    int classes = 4;
    int perClass = 40;
    int side = 12;
    int channels = 1;
    int heldOutEvery = 5;  ///< Every so many images of a class are held out; 0: none.
};

/// Pictures of stripes, one direction and width a class, in noise. Seeded, so always the same.
inline std::shared_ptr<const DataSet> syntheticData(const SyntheticShape& shape = {}) {
    auto data = std::make_shared<DataSet>();
    data->root = "/nowhere";
    data->name = "stripes";
    data->shape = {shape.side, shape.side, shape.channels};
    data->fingerprint = "5717e5";
    auto pixels = std::make_shared<std::vector<std::uint8_t>>();
    std::mt19937 noise(7);
    for (int label = 0; label < shape.classes; ++label) {
        data->classNames.push_back("stripes " + std::to_string(label));
        for (int i = 0; i < shape.perClass; ++i) {
            const bool held = shape.heldOutEvery > 0 && i % shape.heldOutEvery == 0;
            data->samples.push_back({std::to_string(label) + "/" + std::to_string(i) + ".png", label,
                                     held ? Split::HoldOut : Split::Train});
            const unsigned phase = noise() % 8;
            for (int y = 0; y < shape.side; ++y)
                for (int x = 0; x < shape.side; ++x)
                    for (int c = 0; c < shape.channels; ++c) {
                        const unsigned along = (label % 2 == 0 ? x : y) / (1 + label / 2) + phase;
                        pixels->push_back(static_cast<std::uint8_t>((along % 2) * 100 + noise() % 120));
                    }
        }
    }
    data->pixels = std::move(pixels);
    return data;
}

}  // namespace embedscope::test
