#pragma once

#include "ui/compare/view_links.h"

#include <QStringList>
#include <QWidget>

#include <array>
#include <optional>

class QComboBox;
class QHBoxLayout;
class QToolButton;

namespace embedscope {

/// Which pane's places the arrows of which other pane start at.
struct ArrowChoice {
    std::size_t from = 0, to = 1;
    bool operator==(const ArrowChoice&) const = default;
};

/// What the panes have in common: a button a link, the difference arrows, and whether the distances are shown.
class LinkBar : public QWidget {
    Q_OBJECT
public:
    explicit LinkBar(ViewLinks& links, QWidget* parent = nullptr);

    void setRuns(const QStringList& names);
    /// None: no arrows.
    std::optional<ArrowChoice> arrows() const;
    bool areDistancesShown() const;
    void setLockStep(bool lockStep);

Q_SIGNALS:
    void arrowsChanged();
    void distancesToggled(bool shown);
    void lockStepToggled(bool lockStep);

private:
    QToolButton* addToggle(const QString& name, const QString& text, const QString& help, bool on);
    void addArrows();

    QHBoxLayout* row_ = nullptr;
    QToolButton *arrows_ = nullptr, *distances_ = nullptr, *lockStep_ = nullptr;
    QComboBox *from_ = nullptr, *to_ = nullptr;
};

}  // namespace embedscope
