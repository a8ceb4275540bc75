#pragma once

#include "tests/support/reference.h"

#include <cmath>
#include <cstdint>
#include <vector>

namespace embedscope {

/// A nested list as one row-major vector.
template <typename Scalar>
std::vector<Scalar> rowsOf(const nlohmann::json& nested) {
    std::vector<Scalar> rows;
    for (const auto& row : nested)
        for (const double value : row) rows.push_back(static_cast<Scalar>(value));
    return rows;
}

inline int widthOf(const nlohmann::json& nested) {
    return static_cast<int>(nested.at(0).size());
}

/// null stands for NaN.
inline bool agrees(double found, const nlohmann::json& expected, double tolerance) {
    if (expected.is_null()) return std::isnan(found);
    return std::abs(found - expected.get<double>()) <= tolerance;
}

}  // namespace embedscope
