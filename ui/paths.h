#pragma once

#include <QString>

#include <filesystem>

namespace embedscope {

/// Paths with any letters, both ways.
inline std::filesystem::path pathOf(const QString& text) {
    return text.toStdU16String();
}
inline QString textOf(const std::filesystem::path& path) {
    return QString::fromStdU16String(path.u16string());
}

}  // namespace embedscope
