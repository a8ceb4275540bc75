#pragma once

#include "engine/health.h"
#include "engine/projection.h"
#include "engine/snapshot.h"

#include <QFrame>
#include <QPointer>

#include <memory>
#include <vector>

class QLabel;
class QToolButton;

namespace embedscope {

class DistancePanel;
class EmbeddingView;
class HealthPanel;
template <typename Result>
class NewestTask;
struct Places;

/// What stands in the head of a pane.
struct PaneHead {
    QString name;
    QString differs;  ///< The settings in which it is not like the others.
    QString origin;   ///< Where it was forked; empty for a run from the beginning.
    QColor color;     ///< Of its curves.
};

/// One run of a comparison: a head line, its embedding view and the distances.
class ComparisonPane : public QFrame {
    Q_OBJECT
public:
    explicit ComparisonPane(QWidget* parent = nullptr);
    ~ComparisonPane() override;

    void setHead(const PaneHead& head);
    const PaneHead& head() const { return head_; }
    /// The live numbers and what the buttons can do.
    void showProgress(const Snapshot& snapshot);
    void showWaiting(const QString& sentence);
    /// The alarms of the run, as a button that tells how many hold. @param live The run still takes cures.
    void showHealth(std::shared_ptr<const HealthState> health, bool live);
    void setRemovable(bool removable) { removable_ = removable; }
    /// The one that links which were cut leave the controls to.
    void setCurrent(bool current);
    void setDistancesShown(bool shown);

    /// Places the points that the loss owns, off this thread: hundreds of them among 10,000 points take long. Null:
    /// none.
    void showProxies(std::shared_ptr<const ProxyFrame> proxies, std::shared_ptr<const Layout> layout);

    EmbeddingView* view() const { return view_; }
    DistancePanel* distances() const { return distances_; }
    QString progressText() const;

Q_SIGNALS:
    void activated();  ///< The user works in this pane.
    void pauseToggled(bool paused);
    void cureRequested(const Cure& cure);
    void forkRequested();
    void duplicateRequested();
    void editRequested();
    void removeRequested();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void changeEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    QWidget* makeHead();
    QToolButton* addButton(const QString& name, const QString& text, const QString& help);
    void showMenu();
    void showAlarms();
    void drawHead();

    PaneHead head_;
    bool removable_ = false, current_ = false;
    QLabel *title_ = nullptr, *progress_ = nullptr;
    QToolButton *alarms_ = nullptr, *pause_ = nullptr, *fork_ = nullptr, *more_ = nullptr;
    std::shared_ptr<const HealthState> health_;
    bool takesCures_ = false;
    QPointer<HealthPanel> panel_;  ///< In a window of its own, while it is open.
    EmbeddingView* view_ = nullptr;
    DistancePanel* distances_ = nullptr;
    std::shared_ptr<const ProxyFrame> proxies_;
    std::unique_ptr<NewestTask<Places>> proxyTask_;  ///< Last: waits for its work.
};

}  // namespace embedscope
