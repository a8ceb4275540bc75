#pragma once

#include "engine/hard_tuples.h"
#include "engine/marks.h"
#include "engine/mined_tuples.h"
#include "engine/snapshot.h"
#include "ui/inspector/newest_task.h"

#include <QElapsedTimer>
#include <QString>
#include <QWidget>

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

class QComboBox;
class QLabel;

namespace embedscope {

class PairTable;

/// Triplets as rows of pictures: what the miner chose in a batch of late, or the hardest of all tracked images, with
/// distances, loss and buttons that say what is true of them. The rows stand still while the mouse is over them or one
/// of them is chosen; a row that is marked shows it, and leaves with the next rows that come.
class PairLab : public QWidget {
    Q_OBJECT
public:
    static constexpr int kSearchEvery = 5000;  // milliseconds

    explicit PairLab(QWidget* parent = nullptr);
    ~PairLab() override;

    /// UI thread, like all of these.
    void setDataSet(std::shared_ptr<const DataSet> data);
    void setMarks(std::shared_ptr<const Marks> marks);
    /// Null: none yet.
    void showTuples(std::shared_ptr<const MinedTuples> tuples);
    /// Returns at once; the hardest are searched in its bank off the UI thread, seldom, and only while they are shown.
    void showSnapshot(std::shared_ptr<const Snapshot> snapshot);
    /// As they stand in the table.
    const std::vector<MinedTuple>& rows() const;
    /// Lets the rows move again.
    void chooseNone();

Q_SIGNALS:
    /// Of these tuples the loss is wanted as well.
    void lossesRequested(const std::vector<MinedTuple>& judged);
    void markRequested(const Mark& mark);
    /// The one that stands so in the list of marks.
    void markRemovalRequested(std::size_t number);
    /// What was done, for the status line.
    void told(const QString& sentence);
    /// The row under the mouse, or the chosen one; -1: none.
    void tuplePointed(int anchor, int positive, int negative);
    void sampleActivated(int sample);

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    struct Searched {
        std::shared_ptr<const DataSet> data;
        std::optional<std::int32_t> anchorClass;
        std::optional<HardTuples> hardest;  ///< None: it was stopped, or failed.
        QString noLoss;                     ///< Why the rows have no loss, or why there are none; empty: they have.
    };
    void build();
    QWidget* makeHelp();
    bool showsHardest() const;
    std::optional<std::int32_t> chosenClass() const;
    void dropSearch();
    void startSearch();
    void searchAnew();
    void search();
    void take(const Searched& searched);
    void changeSource();
    void changeClass();
    void askForLosses();
    void refresh();
    void mark(const Mark& wanted);
    void takeBack(const Mark& unwanted);
    bool isShown(const MinedTuple& tuple) const;
    QString noteText() const;
    QString hardestText() const;
    QString minedText() const;
    QString satisfiedText() const;

    std::shared_ptr<const DataSet> data_;
    std::shared_ptr<const DataSet> marked_;  ///< As training sees it.
    std::shared_ptr<const Marks> marks_;
    std::shared_ptr<const Snapshot> snapshot_;
    std::shared_ptr<const MinedTuples> mined_;
    std::optional<HardTuples> hardest_;
    QString noLoss_;  ///< Of the hardest.
    QElapsedTimer searched_;
    std::stop_source stop_;  ///< Of the search that runs.
    QComboBox* source_ = nullptr;
    QComboBox* class_ = nullptr;
    PairTable* table_ = nullptr;
    QLabel* note_ = nullptr;
    NewestTask<Searched> task_;  // Last: it waits for its work.
};

}  // namespace embedscope
