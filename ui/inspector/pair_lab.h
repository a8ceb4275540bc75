#pragma once

#include "engine/hard_tuples.h"
#include "engine/marks.h"
#include "engine/mined_tuples.h"
#include "engine/snapshot.h"
#include "ui/inspector/newest_task.h"

#include <QElapsedTimer>
#include <QWidget>

#include <memory>
#include <optional>
#include <vector>

class QComboBox;
class QLabel;

namespace embedscope {

class PairTable;

/// Triplets as rows of pictures: what the miner chose in a batch of late, or the hardest of all tracked images, with
/// distances, loss and buttons that say what is true of them.
class PairLab : public QWidget {
    Q_OBJECT
public:
    static constexpr std::size_t kMostAnchors = 1000;
    static constexpr int kSearchEvery = 5000;  // milliseconds

    explicit PairLab(QWidget* parent = nullptr);
    ~PairLab() override;

    /// UI thread, like all of these.
    void setDataSet(std::shared_ptr<const DataSet> data);
    void setMarks(std::shared_ptr<const Marks> marks);
    /// Null: none yet.
    void showTuples(std::shared_ptr<const MinedTuples> tuples);
    /// Returns at once; the hardest are searched off the UI thread, seldom, and only while they are shown.
    void showBank(std::shared_ptr<const BankFrame> bank);
    /// As they stand in the table.
    const std::vector<MinedTuple>& rows() const;

Q_SIGNALS:
    /// Of these tuples the loss is wanted as well.
    void lossesRequested(const std::vector<MinedTuple>& judged);
    void markRequested(const Mark& mark);
    /// The row under the mouse, or the chosen one; -1: none.
    void tuplePointed(int anchor, int positive, int negative);
    void sampleActivated(int sample);

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    struct Searched {
        std::shared_ptr<const DataSet> data;
        std::optional<HardTuples> hardest;
    };
    void build();
    bool showsHardest() const;
    void search();
    void take(const Searched& searched);
    void changeSource();
    void askForLosses();
    void refresh();
    bool isShown(const MinedTuple& tuple) const;
    bool isMarked(const MinedTuple& tuple) const;
    QString noteText() const;
    QString satisfiedText() const;

    std::shared_ptr<const DataSet> data_;
    std::shared_ptr<const DataSet> marked_;  ///< As training sees it.
    std::shared_ptr<const Marks> marks_;
    std::shared_ptr<const BankFrame> bank_;
    std::shared_ptr<const MinedTuples> mined_;
    std::optional<HardTuples> hardest_;
    QElapsedTimer searched_;
    QComboBox* source_ = nullptr;
    QComboBox* class_ = nullptr;
    PairTable* table_ = nullptr;
    QLabel* note_ = nullptr;
    NewestTask<Searched> task_;  // Last: it waits for its work.
};

}  // namespace embedscope
