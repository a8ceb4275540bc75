#pragma once

#include "engine/marks.h"

#include <QObject>
#include <QString>

#include <cstddef>
#include <memory>
#include <vector>

namespace embedscope {

/// What is marked by hand of the images that are open, with its history. UI thread.
class MarkBook : public QObject {
    Q_OBJECT
public:
    explicit MarkBook(QObject* parent = nullptr);

    /// Other images begin without marks; of the same ones the marks stay, whatever is held out.
    void setDataSet(std::shared_ptr<const DataSet> data);
    std::shared_ptr<const DataSet> data() const { return data_; }
    /// Never null.
    std::shared_ptr<const Marks> marks() const { return history_[now_]; }
    /// What a run already trains with, e.g. one that is gone on with. Begins a new history.
    void take(std::shared_ptr<const Marks> marks);

    /// One step of the history each. What cannot be used is told by refused() and changes nothing.
    /// What is said already is not said again.
    void add(Mark mark);
    void append(const Marks& marks);
    void remove(std::size_t number);
    void setWeight(std::size_t number, double weight);
    void clear();

    bool canUndo() const { return now_ > 0; }
    bool canRedo() const { return now_ + 1 < history_.size(); }
    void undo();
    void redo();
    /// The place in the history; 0: its beginning.
    std::size_t place() const { return now_; }
    void goTo(std::size_t place);

Q_SIGNALS:
    void changed();  ///< By whatever.
    void begun();    ///< A new history.
    void edited();   ///< By the user: runs are to follow.
    void refused(const QString& sentence);

private:
    void step(Marks marks);
    void moveTo(std::size_t place);

    std::shared_ptr<const DataSet> data_;
    std::vector<std::shared_ptr<const Marks>> history_;
    std::size_t now_ = 0;
};

}  // namespace embedscope
