#pragma once

#include <QLineEdit>

#include <cstdint>

namespace embedscope {

/// A seed: any whole number from 0 to 2^64 - 1, which no spin box holds.
class SeedField : public QLineEdit {
    Q_OBJECT
public:
    explicit SeedField(QWidget* parent = nullptr);

    std::uint64_t seed() const;
    void setSeed(std::uint64_t seed);
};

}  // namespace embedscope
