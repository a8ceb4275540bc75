#pragma once

#include <QApplication>
#include <QColor>

namespace embedscope {

enum class ThemeChoice { System, Light, Dark };

/// The program's look: Fusion with our own palette, spacing and one accent colour.
void applyTheme(QApplication& application, ThemeChoice choice);

ThemeChoice savedTheme();
void saveTheme(ThemeChoice choice);

/// The one colour that marks what to press next.
QColor accentColor();

}  // namespace embedscope
