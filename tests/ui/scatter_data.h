#pragma once

#include "engine/data_set.h"
#include "engine/projection.h"
#include "tests/support/random_points.h"

#include <QPointF>

#include <memory>
#include <string>
#include <vector>

namespace embedscope::test {

/// `count` grey 8 x 8 pictures in `classes` classes, taken in turn; every fifth is held out, `unlabelled` at the end
/// have no label.
inline std::shared_ptr<const DataSet> makeScatterData(std::size_t count, int classes, std::size_t unlabelled = 0) {
    auto data = std::make_shared<DataSet>();
    data->name = "points";
    for (int c = 0; c < classes; ++c) data->classNames.push_back("class " + std::to_string(c));
    data->shape = {8, 8, 1};
    for (std::size_t i = 0; i < count; ++i) {
        const bool labelled = i + unlabelled < count && classes > 0;
        data->samples.push_back({"pictures/" + std::to_string(i) + ".png",
                                 labelled ? static_cast<std::int32_t>(i) % classes : kUnlabelled,
                                 i % 5 == 4 ? Split::HoldOut : Split::Train});
    }
    auto pixels = std::make_shared<std::vector<std::uint8_t>>(count * data->shape.bytes());
    for (std::size_t i = 0; i < pixels->size(); ++i) (*pixels)[i] = static_cast<std::uint8_t>(i * 7);
    data->pixels = std::move(pixels);
    return data;
}

/// All samples of `data` in their order, at `coordinates` [N, 2].
inline std::shared_ptr<const Layout> makeLayout(std::vector<float> coordinates, std::int64_t step = 0) {
    const std::size_t count = coordinates.size() / 2;
    auto samples = std::make_shared<std::vector<std::int32_t>>(count);
    for (std::size_t i = 0; i < count; ++i) (*samples)[i] = static_cast<std::int32_t>(i);
    auto bank = std::make_shared<BankFrame>();
    bank->step = step;
    bank->samples = samples;
    bank->computedAtStep.assign(count, step);
    auto layout = std::make_shared<Layout>();
    layout->step = step;
    layout->samples = samples;
    layout->coordinates = std::move(coordinates);
    layout->axisNames = {"PC 1 (34 %)", "PC 2 (21 %)"};
    layout->bank = bank;
    return layout;
}

/// One cloud a class, centres on a circle: what a half-trained run looks like.
inline std::vector<float> classClouds(const DataSet& data, std::uint64_t seed, double spread = 0.16) {
    RandomPoints random(seed);
    std::vector<float> coordinates;
    coordinates.reserve(2 * data.size());
    const double classes = std::max<double>(1, static_cast<double>(data.classNames.size()));
    for (const Sample& sample : data.samples) {
        const double angle = 2 * std::numbers::pi * sample.label / classes;
        const double radius = sample.label < 0 ? 0 : 0.6 + 0.15 * (sample.label % 3);
        coordinates.push_back(static_cast<float>(radius * std::cos(angle) + spread * random.normal()));
        coordinates.push_back(static_cast<float>(radius * std::sin(angle) + spread * random.normal()));
    }
    return coordinates;
}

}  // namespace embedscope::test
