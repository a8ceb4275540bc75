#pragma once

#include "engine/health.h"

#include <QWidget>

#include <memory>
#include <vector>

class QLabel;
class QVBoxLayout;

namespace embedscope {

/// What threatens a run and what did, the newest first: a card for each alarm with what to do.
class HealthPanel : public QWidget {
    Q_OBJECT
public:
    explicit HealthPanel(QWidget* parent = nullptr);

    /// @param health Null: nothing was raised. @param live The run still takes cures.
    void showHealth(std::shared_ptr<const HealthState> health, bool live);
    /// False for a run that keeps step with others: cures leave out the way back. Call before showHealth().
    void setGoesBack(bool goesBack) { goesBack_ = goesBack; }
    /// Null: nothing was raised.
    const HealthState* health() const { return health_.get(); }
    /// Of the alarms that hold.
    int raised() const;

Q_SIGNALS:
    void cureRequested(const Cure& cure);
    /// The images that an alarm is about; indices into the data set, rising.
    void samplesRequested(const std::vector<int>& samples);

private:
    void rebuild();
    QWidget* makeCard(const Alarm& alarm);

    std::shared_ptr<const HealthState> health_;
    bool live_ = false;
    bool goesBack_ = true;
    QLabel* note_ = nullptr;
    QWidget* cards_ = nullptr;
    QVBoxLayout* column_ = nullptr;
};

}  // namespace embedscope
