#pragma once

#include <nlohmann/json.hpp>
#include <torch/types.h>

#include <limits>
#include <vector>

namespace embedscope {

/// A number, null (NaN) or a list of rows of them, as float64.
inline torch::Tensor tensorOf(const nlohmann::json& values) {
    const auto number = [](const nlohmann::json& value) {
        return value.is_null() ? std::numeric_limits<double>::quiet_NaN() : value.get<double>();
    };
    if (!values.is_array()) return torch::full({}, number(values), torch::kFloat64);
    std::vector<double> flat;
    std::int64_t columns = 0;
    for (const nlohmann::json& row : values) {
        columns = static_cast<std::int64_t>(row.size());
        for (const nlohmann::json& value : row) flat.push_back(number(value));
    }
    return torch::tensor(flat, torch::kFloat64).view({static_cast<std::int64_t>(values.size()), columns});
}

inline torch::Tensor labelsOf(const nlohmann::json& values) {
    return torch::tensor(values.get<std::vector<std::int64_t>>(), torch::kInt64);
}

/// [[a, b], …] as one column a tuple: [width, count].
inline torch::Tensor indicesOf(const nlohmann::json& rows, std::int64_t width) {
    std::vector<std::int64_t> flat;
    for (const nlohmann::json& row : rows)
        for (const nlohmann::json& index : row) flat.push_back(index.get<std::int64_t>());
    return torch::tensor(flat, torch::kInt64).view({-1, width}).t().contiguous();
}

}  // namespace embedscope
