#pragma once

#include "engine/projection.h"

#include <QString>
#include <QWidget>

#include <map>

class QComboBox;
class QLabel;
class QToolButton;

namespace embedscope {

class FlowLayout;

/// "Trust 0.98 · continuity 0.97 · 46 % of 12 neighbours (estimated on 640 of 10,000 points)"; empty before measured.
QString qualityText(const Layout& layout);

/// How the embedding space is drawn: the map's method and the parameters that let it flow to another state.
class MapBar : public QWidget {
    Q_OBJECT
public:
    explicit MapBar(QWidget* parent = nullptr);

    Choice method() const { return method_; }
    void setMethod(const std::string& id);
    /// Whether the map may lie in space; not by default.
    void setSpaceOffered(bool offered);
    int dimensions() const { return dimensions_; }
    void setDimensions(int dimensions);
    void showLayout(const Layout& layout);
    /// A frozen map stands still, but has not settled.
    void setFrozen(bool frozen);

Q_SIGNALS:
    void methodChanged(const Choice& method);
    void dimensionsChanged(int dimensions);
    void startOverRequested();
    void settleRequested();
    void trustToggled(bool shown);

private:
    void chooseMethod(const std::string& id);
    void makeFields();
    void writeNote();
    QToolButton* addButton(const QString& name, const QString& text, const QString& help);

    Choice method_{"pca", {}};
    std::map<std::string, ParameterValues> remembered_;  ///< By method, so that coming back finds them.
    int dimensions_ = 2;
    QComboBox *box_ = nullptr, *dimensionsBox_ = nullptr;
    FlowLayout* row_ = nullptr;
    QWidget* fields_ = nullptr;
    QToolButton *startOver_ = nullptr, *settle_ = nullptr, *trust_ = nullptr;
    QLabel* note_ = nullptr;
    QString problem_;           ///< What the newest layout tells.
    std::int64_t mapStep_ = 0;  ///< Of it; 0: a map without steps.
    bool settled_ = false, frozen_ = false;
};

}  // namespace embedscope
