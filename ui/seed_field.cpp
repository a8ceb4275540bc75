#include "ui/seed_field.h"

#include <QValidator>

namespace embedscope {
namespace {

class SeedValidator : public QValidator {
public:
    using QValidator::QValidator;
    State validate(QString& text, int&) const override {
        if (text.isEmpty()) return Intermediate;
        bool fits = false;
        text.toULongLong(&fits);
        return fits ? Acceptable : Invalid;
    }
    void fixup(QString& text) const override { text = "0"; }
};

}  // namespace

SeedField::SeedField(QWidget* parent) : QLineEdit(parent) {
    setValidator(new SeedValidator(this));
    setSeed(1);
}

std::uint64_t SeedField::seed() const {
    return text().toULongLong();
}

void SeedField::setSeed(std::uint64_t seed) {
    setText(QString::number(seed));
}

}  // namespace embedscope
