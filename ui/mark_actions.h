#pragma once

#include "engine/marks.h"
#include "ui/inspector/newest_task.h"

#include <QObject>
#include <QPointer>
#include <QString>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

class QAction;
class QMenu;
class QWidget;

namespace embedscope {

class EmbeddingView;
class MarkBook;

/// The actions of the Marks menu, which the panel and the menu of the picture share: they mark what is selected in a
/// view, or the point that was clicked.
class MarkActions : public QObject {
    Q_OBJECT
public:
    /// @param window Whose keys they answer to. @param book Outlives them.
    MarkActions(QWidget* window, MarkBook& book);
    ~MarkActions() override;

    /// The view whose selection is meant; null: they are off.
    void setView(EmbeddingView* view);
    void addTo(QMenu& menu);
    /// To what a view offers in its own menu.
    void addTo(EmbeddingView& view);
    QAction* action(const QString& name) const;
    /// The first side of the pairs to come; empty: none is kept.
    const std::vector<std::int32_t>& firstSide() const { return first_; }
    void forgetFirstSide();

    void exportTo(const QString& file);
    void importFrom(const QString& file);

    /// Ask for a file; tests answer themselves. An empty answer is a cancel.
    std::function<QString(const QString& title, const QString& proposed)> askForSaveName;
    std::function<QString(const QString& title)> askForFile;

Q_SIGNALS:
    void failed(const QString& sentence);
    void told(const QString& sentence);
    void firstSideChanged();
    /// The list of all marks, or the rows of mined and of the hardest pairs, are to be seen.
    void listRequested();
    void pairsRequested();

private:
    struct Read {
        std::shared_ptr<const DataSet> data;
        MarksRead marks;
        QString problem;
    };
    QAction* add(const QString& name, const QString& text, const QString& key, const QString& help,
                 std::function<void()> act);
    void makeActions();
    std::vector<std::int32_t> meant() const;
    void keepFirstSide();
    void markPairs(MarkKind kind);
    void markLabel(std::int32_t label);
    void markIgnored();
    void fillClasses();
    void tellHeldOut(const Mark& mark);
    void update();

    QWidget* window_;
    MarkBook& book_;
    QPointer<EmbeddingView> view_;
    std::vector<std::int32_t> first_;
    QMenu* classes_ = nullptr;
    std::vector<QAction*> actions_;
    // Last: they wait for their work.
    NewestTask<QString> writeTask_;  ///< A sentence if it failed.
    NewestTask<Read> readTask_;
};

}  // namespace embedscope
