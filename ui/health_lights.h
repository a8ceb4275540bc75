#pragma once

#include "engine/health.h"

#include <QWidget>

#include <array>
#include <memory>

class QToolButton;

namespace embedscope {

/// A light for each family of alarms, for the status line: off without a run, calm, or raised; then with its name.
class HealthLights : public QWidget {
    Q_OBJECT
public:
    explicit HealthLights(QWidget* parent = nullptr);

    /// @param health Null: nothing was raised. @param watched False: there is no run to judge.
    void showHealth(const HealthState* health, bool watched);

Q_SIGNALS:
    void clicked();

protected:
    void changeEvent(QEvent* event) override;

private:
    struct Light {
        QToolButton* button = nullptr;
        int raised = 0;  ///< Alarms that hold.
    };
    void draw();

    QToolButton* title_ = nullptr;
    std::array<Light, 5> lights_;
    bool watched_ = false;
};

}  // namespace embedscope
