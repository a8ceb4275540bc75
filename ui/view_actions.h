#pragma once

#include <QObject>
#include <QPointer>

#include <vector>

class QAction;
class QActionGroup;
class QMenu;
class QWidget;

namespace embedscope {

class EmbeddingView;
struct SpaceTurn;

/// What the points of an embedding view show: the actions of the View menu, which bars share.
class ViewActions : public QObject {
    Q_OBJECT
public:
    /// @param window Whose keys they answer to.
    explicit ViewActions(QWidget* window);

    /// The views that they work on; none: they are off. The others take over what the first one shows. Beside others a
    /// view has no colours that are computed for a page of its own.
    void setViews(const std::vector<EmbeddingView*>& views);
    void addTo(QMenu& menu);
    /// One of these is always checked.
    QActionGroup* colors() const { return colors_; }
    QActionGroup* pictures() const { return pictures_; }
    QAction* names() const { return names_; }
    QAction* movedFrom() const { return movedFrom_; }

Q_SIGNALS:
    /// Other entries in colors().
    void colorsChanged();

private:
    QAction* add(const QString& name, const QString& text, const QString& help);
    void makeColors();
    void makeColumns();
    void makePictures();
    void makeShapes();
    void makeSpace();
    void lookFrom(SpaceTurn turn) const;
    void showState();

    QWidget* window_;
    /// Calls act(view) for each.
    template <typename Act>
    void forAll(Act act) const;

    std::vector<QPointer<EmbeddingView>> views_;
    QPointer<EmbeddingView> view_;  ///< The first, whose state the actions show.
    QActionGroup *colors_ = nullptr, *pictures_ = nullptr;
    QActionGroup* outlines_ = nullptr;
    QAction *names_ = nullptr, *movedFrom_ = nullptr, *perspective_ = nullptr, *contours_ = nullptr;
    std::vector<QAction*> sides_;  ///< From where points in space are looked at.
    std::vector<QAction*> actions_;
    std::vector<QAction*> columns_;  ///< Of the manifest, behind the others in colors_.
};

}  // namespace embedscope
