#pragma once

#include "engine/data_set.h"
#include "ui/inspector/newest_task.h"
#include "ui/sample_tags.h"

#include <QObject>
#include <QPointer>
#include <QUrl>

#include <functional>
#include <memory>
#include <vector>

class QAction;
class QMenu;
class QWidget;

namespace embedscope {

class EmbeddingView;

/// Everything that can be done with the selection of an embedding view: the actions of the Selection menu, which tool
/// bars share, and what they do. Tags are kept per data set.
class SelectionActions : public QObject {
    Q_OBJECT
public:
    /// @param window Whose keys they answer to.
    explicit SelectionActions(QWidget* window);
    ~SelectionActions() override;

    /// The view that the actions work on; null: they are off. The tags of its images are read in the background.
    void setView(EmbeddingView* view);
    /// Fills a menu with all actions.
    void addTo(QMenu& menu);
    QAction* action(const QString& name) const;

    /// Whether images can be given another class in that view.
    void setRelabelling(bool offered);

    /// Selects what a query finds; in the background. A query that cannot be used is told by failed().
    void selectByQuery(const QString& query);
    void tagSelection(const QString& tag);
    void untagSelection(const QString& tag);
    const SampleTags& tags() const { return *tags_; }

    /// Ask for a word or a file name; tests answer themselves. An empty answer is a cancel.
    std::function<void(const QStringList& known, std::function<void(QString)> answer)> askForTag;
    std::function<QString(const QString& title, const QString& proposed)> askForSaveName;
    /// Shows a file or folder in the desktop's file manager. @return whether that worked.
    std::function<bool(const QUrl&)> openUrl;

Q_SIGNALS:
    void failed(const QString& sentence);
    /// What was done, for the status line.
    void told(const QString& sentence);
    void queryRequested();
    void galleryRequested();
    void tagsChanged();
    void relabelRequested(const std::vector<int>& samples, int label);

private:
    struct Loaded {
        std::shared_ptr<const DataSet> data;
        std::shared_ptr<const SampleTags> tags;
        QString problem;
    };
    void takeDataSet();
    QAction* add(const QString& name, const QString& text, const QString& key, const QString& help,
                 std::function<void(EmbeddingView&)> act);
    void makeSelecting();
    void makeTools();
    void makeShowing();
    void makeUsing();
    void fillClasses(QMenu& menu);
    void fillTags(QMenu& menu, bool removes);
    void changeTags(const std::function<void(SampleTags&)>& change);
    void startTag();
    std::vector<int> meantSamples() const;
    void startRelabel();
    void exportList();
    void copyNames();
    void openInFileManager();
    void update();

    QWidget* window_;
    QPointer<EmbeddingView> view_;
    std::shared_ptr<const DataSet> data_;
    std::shared_ptr<const SampleTags> tags_;
    std::vector<std::function<void(SampleTags&)>> waiting_;  ///< Changes of tags that are still being read.
    bool reading_ = false, relabelling_ = false;
    std::vector<QAction*> actions_;
    // Last: they wait for their work.
    NewestTask<std::pair<QPointer<EmbeddingView>, std::vector<int>>> queryTask_;
    NewestTask<Loaded> loadTask_;
    NewestTask<QString> writeTask_;  ///< Of lists. A sentence if it failed.
    NewestTask<QString> tagsTask_;   ///< Of tags.
};

}  // namespace embedscope
