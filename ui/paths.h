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

/// Zero-width spaces, so that a long path folds at its signs, and within a long word too.
inline QString foldable(const QString& path) {
    constexpr int kLongest = 10;
    QString text;
    int unbroken = 0;
    for (const QChar letter : path) {
        text += letter;
        if (letter.isSpace() || letter.isHighSurrogate()) continue;  // the other half of a sign follows
        if (letter.isLetterOrNumber() && ++unbroken < kLongest) continue;
        text += QChar(0x200B);
        unbroken = 0;
    }
    return text;
}

}  // namespace embedscope
