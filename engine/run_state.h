#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace embedscope {

enum class ElementType : std::uint8_t { Float32, Float64, Int32, Int64, UInt8 };

/// Bytes of one number.
std::size_t sizeOf(ElementType type);

template <typename T>
constexpr ElementType elementTypeOf() {
    if constexpr (std::is_same_v<T, float>)
        return ElementType::Float32;
    else if constexpr (std::is_same_v<T, double>)
        return ElementType::Float64;
    else if constexpr (std::is_same_v<T, std::int32_t>)
        return ElementType::Int32;
    else if constexpr (std::is_same_v<T, std::int64_t>)
        return ElementType::Int64;
    else {
        static_assert(std::is_same_v<T, std::uint8_t>, "no type of a tensor that is saved");
        return ElementType::UInt8;
    }
}

/// Numbers of any of these types with a name.
struct TypedTensor {
    std::string name;  ///< e.g. "optimizer.mean.3".
    ElementType type = ElementType::Float32;
    std::vector<std::int64_t> shape;  ///< Empty for a single number.
    std::vector<std::byte> bytes;     ///< Row-major, as the numbers lie in memory.
};

/// What the parts of a run remember, part by part: each owner writes its own names and reads them again.
class StateWriter {
public:
    explicit StateWriter(std::vector<TypedTensor>& target) : target_(target) {}
    /// Writes under "name.".
    StateWriter part(std::string_view name) const { return {target_, prefix_ + std::string(name) + '.'}; }

    void tensor(std::string_view name, ElementType type, std::vector<std::int64_t> shape,
                std::span<const std::byte> bytes) const;
    template <typename T>
    void numbers(std::string_view name, std::span<const T> values) const {
        tensor(name, elementTypeOf<T>(), {static_cast<std::int64_t>(values.size())}, std::as_bytes(values));
    }
    template <typename T>
    void numbers(std::string_view name, const std::vector<T>& values) const {
        numbers(name, std::span<const T>(values));
    }
    template <typename T>
    void number(std::string_view name, T value) const {
        tensor(name, elementTypeOf<T>(), {}, std::as_bytes(std::span(&value, 1)));
    }
    void text(std::string_view name, std::string_view value) const;

private:
    StateWriter(std::vector<TypedTensor>& target, std::string prefix) : target_(target), prefix_(std::move(prefix)) {}

    std::vector<TypedTensor>& target_;
    std::string prefix_;
};

/// Reads what a StateWriter wrote. The tensors may come from a file of somebody else's: who uses a number as an index
/// checks it. Every method throws std::runtime_error with one sentence if there is no such thing.
class StateReader {
public:
    /// @param source Outlives the reader.
    explicit StateReader(const std::vector<TypedTensor>& source);
    StateReader part(std::string_view name) const;

    bool has(std::string_view name) const;
    const TypedTensor& tensor(std::string_view name) const;
    template <typename T>
    std::vector<T> numbers(std::string_view name) const {
        const TypedTensor& found = typed(name, elementTypeOf<T>());
        std::vector<T> values(found.bytes.size() / sizeof(T));
        copy(found, std::as_writable_bytes(std::span(values)));
        return values;
    }
    /// @param count As many as there must be.
    template <typename T>
    std::vector<T> numbers(std::string_view name, std::size_t count) const {
        std::vector<T> values = numbers<T>(name);
        if (values.size() != count) fail(name, "has another size than here");
        return values;
    }
    template <typename T>
    T number(std::string_view name) const {
        return numbers<T>(name, 1).front();
    }
    std::string text(std::string_view name) const;

    /// @param reason Goes on after the name: "is out of range".
    [[noreturn]] void fail(std::string_view name, const std::string& reason) const;

private:
    const TypedTensor& typed(std::string_view name, ElementType type) const;
    static void copy(const TypedTensor& from, std::span<std::byte> to);

    std::shared_ptr<const std::map<std::string_view, const TypedTensor*>> named_;
    std::string prefix_;
};

}  // namespace embedscope
