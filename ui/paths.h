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

inline constexpr QChar kFold(0x200B);  ///< A zero-width space.

/// With kFold, so that a long path folds at its signs, and within a long word too.
inline QString foldable(const QString& path) {
    constexpr int kLongest = 10;
    QString text;
    int unbroken = 0;
    for (qsizetype i = 0; i < path.size(); ++i) {
        const QChar letter = path[i];
        text += letter;
        if (letter.isSpace() || letter.isHighSurrogate()) continue;  // the other half of a sign follows
        if ((letter.isLetterOrNumber() || letter.isMark()) && ++unbroken < kLongest) continue;
        if (i + 1 < path.size() && path[i + 1].isMark()) continue;  // an accent stays with its letter
        text += kFold;
        unbroken = 0;
    }
    return text;
}

}  // namespace embedscope
