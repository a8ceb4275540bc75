#pragma once

#include <QDir>
#include <QPixmap>
#include <QString>
#include <QWidget>

namespace embedscope::test {

/// Saves what the widget looks like when EMBEDSCOPE_PICTURES names a folder, for people to look at.
inline void keepPicture(QWidget& widget, const QString& name) {
    const QString folder = qEnvironmentVariable("EMBEDSCOPE_PICTURES");
    if (folder.isEmpty()) return;
    QDir().mkpath(folder);
    widget.grab().save(folder + '/' + name + ".png");
}

inline QPalette darkPalette() {
    QPalette palette;
    const QColor ground(0x1e, 0x21, 0x26), raised(0x2a, 0x2e, 0x35), ink(0xe6, 0xe6, 0xe6);
    for (const auto role : {QPalette::Window, QPalette::Base}) palette.setColor(role, ground);
    for (const auto role : {QPalette::Button, QPalette::AlternateBase}) palette.setColor(role, raised);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText}) palette.setColor(role, ink);
    return palette;
}

}  // namespace embedscope::test
