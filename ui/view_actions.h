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

/// What the points of an embedding view show: the actions of the View menu, which bars share.
class ViewActions : public QObject {
    Q_OBJECT
public:
    /// @param window Whose keys they answer to.
    explicit ViewActions(QWidget* window);

    /// The view that they work on; null: they are off.
    void setView(EmbeddingView* view);
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
    void showState();

    QWidget* window_;
    QPointer<EmbeddingView> view_;
    QActionGroup *colors_ = nullptr, *pictures_ = nullptr;
    QActionGroup* outlines_ = nullptr;
    QAction *names_ = nullptr, *movedFrom_ = nullptr, *perspective_ = nullptr, *contours_ = nullptr;
    std::vector<QAction*> sides_;  ///< From where points in space are looked at.
    std::vector<QAction*> actions_;
    std::vector<QAction*> columns_;  ///< Of the manifest, behind the others in colors_.
};

}  // namespace embedscope
