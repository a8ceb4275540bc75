#include "engine/run_state.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace embedscope {

std::size_t sizeOf(ElementType type) {
    switch (type) {
        case ElementType::Float64:
        case ElementType::Int64:
            return 8;
        case ElementType::Float32:
        case ElementType::Int32:
            return 4;
        case ElementType::UInt8:
            return 1;
    }
    throw std::logic_error("An element type has no size.");
}

void StateWriter::tensor(std::string_view name, ElementType type, std::vector<std::int64_t> shape,
                         std::span<const std::byte> bytes) const {
    target_.push_back({prefix_ + std::string(name), type, std::move(shape), {bytes.begin(), bytes.end()}});
}

void StateWriter::text(std::string_view name, std::string_view value) const {
    tensor(name, ElementType::UInt8, {static_cast<std::int64_t>(value.size())},
           std::as_bytes(std::span(value.data(), value.size())));
}

StateReader::StateReader(const std::vector<TypedTensor>& source) {
    auto named = std::make_shared<std::map<std::string_view, const TypedTensor*>>();
    for (const TypedTensor& tensor : source) named->emplace(tensor.name, &tensor);
    named_ = std::move(named);
}

StateReader StateReader::part(std::string_view name) const {
    StateReader inner = *this;
    inner.prefix_ += std::string(name) + '.';
    return inner;
}

bool StateReader::has(std::string_view name) const {
    return named_->contains(prefix_ + std::string(name));
}

const TypedTensor& StateReader::tensor(std::string_view name) const {
    const auto found = named_->find(prefix_ + std::string(name));
    if (found == named_->end()) fail(name, "is missing");
    return *found->second;
}

std::string StateReader::text(std::string_view name) const {
    const TypedTensor& found = typed(name, ElementType::UInt8);
    std::string value(found.bytes.size(), '\0');
    copy(found, std::as_writable_bytes(std::span(value)));
    return value;
}

void StateReader::fail(std::string_view name, const std::string& reason) const {
    throw std::runtime_error("The checkpoint does not fit this run: its \"" + prefix_ + std::string(name) + "\" " +
                             reason + "; go on from another checkpoint, or with the settings it was saved with.");
}

const TypedTensor& StateReader::typed(std::string_view name, ElementType type) const {
    const TypedTensor& found = tensor(name);
    if (found.type != type || found.bytes.size() % sizeOf(type) != 0) fail(name, "has another type than here");
    return found;
}

void StateReader::copy(const TypedTensor& from, std::span<std::byte> to) {
    std::ranges::copy(from.bytes, to.begin());
}

}  // namespace embedscope
