#include "ui/theme.h"

#include "ui/preferences.h"

#include <QPalette>
#include <QStyle>
#include <QStyleFactory>

namespace embedscope {
namespace {

const QString kThemeKey = QStringLiteral("theme");

struct Colors {
    QColor window, base, raised, text, faint, line;
};

Colors lightColors() {
    return {QColor(0xf6, 0xf7, 0xf9), Qt::white,
            QColor(0xff, 0xff, 0xff), QColor(0x1c, 0x21, 0x29),
            QColor(0x6a, 0x73, 0x80), QColor(0xdc, 0xe0, 0xe6)};
}
Colors darkColors() {
    return {QColor(0x1b, 0x1e, 0x24), QColor(0x14, 0x16, 0x1b), QColor(0x26, 0x2a, 0x32),
            QColor(0xe6, 0xe9, 0xee), QColor(0x9a, 0xa3, 0xb0), QColor(0x38, 0x3e, 0x48)};
}

/// Under what is chosen among several: the accent, far away.
QColor chosenGround(const Colors& colors) {
    constexpr double kShare = 0.1;
    const QColor accent = accentColor();
    const auto mix = [](int from, int to) { return static_cast<int>(from + (to - from) * kShare); };
    return {mix(colors.raised.red(), accent.red()), mix(colors.raised.green(), accent.green()),
            mix(colors.raised.blue(), accent.blue())};
}

QPalette paletteOf(const Colors& colors) {
    QPalette palette;
    palette.setColor(QPalette::Window, colors.window);
    palette.setColor(QPalette::WindowText, colors.text);
    palette.setColor(QPalette::Base, colors.base);
    palette.setColor(QPalette::AlternateBase, colors.window);
    palette.setColor(QPalette::Text, colors.text);
    palette.setColor(QPalette::PlaceholderText, colors.faint);
    palette.setColor(QPalette::Button, colors.raised);
    palette.setColor(QPalette::ButtonText, colors.text);
    palette.setColor(QPalette::ToolTipBase, colors.raised);
    palette.setColor(QPalette::ToolTipText, colors.text);
    palette.setColor(QPalette::Mid, colors.line);
    palette.setColor(QPalette::Highlight, accentColor());
    palette.setColor(QPalette::HighlightedText, Qt::white);
    palette.setColor(QPalette::Link, accentColor());
    for (const auto role : {QPalette::Text, QPalette::WindowText, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, colors.faint);
    return palette;
}

QString styleSheetOf(const Colors& colors) {
    return QStringLiteral(R"(
QToolBar { border: 0; border-bottom: 1px solid %line; padding: 4px 8px; spacing: 4px; background: %window; }
QToolBar QToolButton { padding: 5px 9px; border-radius: 6px; border: 1px solid transparent; }
QToolBar QToolButton:hover { background: %raised; border-color: %line; }
QToolBar QToolButton:checked { background: %raised; border-color: %accent; }
QToolButton[toggle="true"] { padding: 3px 9px; border-radius: 6px; border: 1px solid %line; background: %raised; }
QToolButton[narrow="true"] { padding: 3px 5px; }
QToolButton[menu="true"] { padding: 3px 20px 3px 8px; }
QToolButton[menu="true"]::menu-indicator { subcontrol-origin: padding; subcontrol-position: center right; width: 9px; right: 5px; }
QToolButton[toggle="true"]:disabled { color: %faint; }
QToolButton[toggle="true"]:hover { border-color: %accent; }
QToolButton[toggle="true"]:checked { border-color: %accent; background: %chosen; font-weight: 600; }
QStatusBar { border-top: 1px solid %line; }
QStatusBar::item { border: 0; }
QPushButton { padding: 6px 14px; border-radius: 6px; border: 1px solid %line; background: %raised; }
QPushButton:hover { border-color: %accent; }
QPushButton:disabled { color: %faint; }
QPushButton[primary="true"] { background: %accent; color: white; border-color: %accent; font-weight: 600; }
QPushButton[primary="true"]:disabled { background: %line; color: %faint; border-color: %line; }
QPushButton[card="true"] { text-align: left; padding: 10px 12px; }
QFrame[card="true"] { background: %raised; border: 1px solid %line; border-radius: 8px; }
QAbstractItemView::indicator { width: 11px; height: 11px; border-radius: 3px; border: 1px solid %faint; background: %base; }
QAbstractItemView::indicator:checked { border-color: %accent; background: %accent; }
QLabel[faint="true"] { color: %faint; }
QLabel[title="true"] { font-size: 20pt; font-weight: 600; }
QLabel[heading="true"] { font-weight: 600; }
QSplitter::handle { background: %line; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QScrollArea { border: 0; }
QToolTip { padding: 4px; border: 1px solid %line; }
)")
        .replace("%window", colors.window.name())
        .replace("%base", colors.base.name())
        .replace("%raised", colors.raised.name())
        .replace("%line", colors.line.name())
        .replace("%text", colors.text.name())
        .replace("%faint", colors.faint.name())
        .replace("%chosen", chosenGround(colors).name())
        .replace("%accent", accentColor().name());
}

/// Asked once, before the application has a palette of ours.
bool systemIsDark() {
    static const bool dark = QGuiApplication::palette().window().color().lightness() < 128;
    return dark;
}

}  // namespace

QColor accentColor() {
    return {0x2f, 0x6f, 0xd8};
}

void applyTheme(QApplication& application, ThemeChoice choice) {
    const bool systemDark = systemIsDark();
    const bool dark = choice == ThemeChoice::Dark || (choice == ThemeChoice::System && systemDark);
    const Colors colors = dark ? darkColors() : lightColors();
    application.setStyle(QStyleFactory::create("Fusion"));
    application.setPalette(paletteOf(colors));
    application.setStyleSheet(styleSheetOf(colors));
}

ThemeChoice savedTheme() {
    return static_cast<ThemeChoice>(preference(kThemeKey, 0).toInt());
}
void saveTheme(ThemeChoice choice) {
    setPreference(kThemeKey, static_cast<int>(choice));
}

}  // namespace embedscope
