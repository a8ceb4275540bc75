#pragma once

#include <QAbstractButton>
#include <QFontMetrics>
#include <QStringList>

#include <algorithm>

namespace embedscope {

/// Gives a button room for the widest of its texts, bold as when it is checked, so that nothing beside it moves when
/// the text changes. @param texts Those it may have.
inline void keepWidth(QAbstractButton& button, const QStringList& texts) {
    button.ensurePolished();
    QFont bold = button.font();
    bold.setWeight(QFont::DemiBold);
    const QFontMetrics now(button.font()), strong(bold);
    const int frame = button.sizeHint().width() - now.horizontalAdvance(button.text());
    int widest = 0;
    for (const QString& text : texts) widest = std::max(widest, strong.horizontalAdvance(text));
    button.setMinimumWidth(frame + widest);
}

}  // namespace embedscope
