#pragma once

#include "engine/losses/loss.h"
#include "engine/losses/loss_table.h"

namespace embedscope {

/// A loss whose settings are the values of its row; those that the row calls live may change between batches.
class ParameterLoss : public Loss {
public:
    explicit ParameterLoss(const LossOrder& order) : entry_(order.entry), values_(order.values) {}

    void setParameter(std::string_view id, double value) override;
    std::optional<MarginMark> marginMark(double) const override { return std::nullopt; }

protected:
    double value(std::string_view id) const { return values_.find(id)->second; }
    /// For a parameter with options.
    int option(std::string_view id) const { return static_cast<int>(value(id)); }
    /// For a row with measureParameter().
    Distance distance() const { return distanceOf(values_); }

private:
    CatalogEntry entry_;
    ParameterValues values_;
};

/// "margin: d² = 0.5".
std::string marginLabel(std::string_view name, double margin);

/// NaN if there is no whole.
double shareOf(double part, double whole);

}  // namespace embedscope
