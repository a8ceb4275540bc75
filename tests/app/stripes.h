#pragma once

#include "engine/data_set.h"

#include <filesystem>
#include <string>

namespace embedscope::test {

/// A folder of small pictures: each class has stripes of its own width, each picture its own offset and shade.
inline void writeStripes(const std::filesystem::path& folder, int classes = 3, int perClass = 16) {
    for (int label = 0; label < classes; ++label) {
        const std::filesystem::path place = folder / ("stripes" + std::to_string(label));
        std::filesystem::create_directories(place);
        for (int number = 0; number < perClass; ++number) {
            Image image{{16, 16, 1}, {}};
            for (int y = 0; y < 16; ++y)
                for (int x = 0; x < 16; ++x) {
                    const bool bright = (x + number) / (label + 1) % 2 == 0;
                    image.pixels.push_back(static_cast<std::uint8_t>(bright ? 150 + 6 * number : 3 * y));
                }
            writePng(place / (std::to_string(number) + ".png"), image);
        }
    }
}

}  // namespace embedscope::test
