#pragma once

#include "engine/losses/loss.h"

#include <stdexcept>
#include <string>

namespace embedscope {

/// What losses with one live margin share.
class MarginLossBase : public Loss {
public:
    explicit MarginLossBase(double margin) : margin_(margin) {}

    void setParameter(std::string_view id, double value) override {
        if (id != "margin")
            throw std::invalid_argument("\"" + std::string(id) + "\" cannot be changed while the run goes on.");
        margin_ = value;
    }

protected:
    double margin_;
};

}  // namespace embedscope
