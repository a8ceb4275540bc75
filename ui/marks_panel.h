#pragma once

#include "engine/marks.h"
#include "engine/snapshot.h"

#include <QWidget>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

class QLabel;
class QTableWidget;

namespace embedscope {

class FrameLimit;
class MarkActions;
class MarkBook;

/// All marks as a list with their pictures and distances, and the buttons that make, weigh and take back marks.
class MarksPanel : public QWidget {
    Q_OBJECT
public:
    /// Of more the newest are listed; all of them train.
    static constexpr std::size_t kMostRows = 500;

    /// @param book, actions Outlive the panel.
    MarksPanel(MarkBook& book, MarkActions& actions, QWidget* parent = nullptr);
    ~MarksPanel() override;

    /// UI thread. Returns at once; distances are brought up to date a few times a second and only while visible.
    void showBank(std::shared_ptr<const BankFrame> bank);
    /// What the run trains with; null: no run does.
    void showTaken(std::shared_ptr<const Marks> taken);

Q_SIGNALS:
    /// The images of a mark that was clicked; rising.
    void samplesRequested(const std::vector<int>& samples);

protected:
    void showEvent(QShowEvent* event) override;

private:
    QWidget* makeButtons(const std::vector<const char*>& names);
    void makeTable();
    void fill();
    void fillRow(int row);
    void fillDistances();
    void showNote();
    /// The mark that a row shows: the newest first.
    std::size_t numberOf(int row) const;
    double meanDistance(const Mark& mark) const;

    MarkBook& book_;
    MarkActions& actions_;
    std::shared_ptr<const BankFrame> bank_;
    std::shared_ptr<const Marks> taken_;
    std::vector<std::int32_t> rowOfSample_;  ///< Of the bank; -1: not tracked.
    std::shared_ptr<const std::vector<std::int32_t>> tracked_;
    bool stale_ = true;  ///< The rows are not those of the book.
    std::unique_ptr<FrameLimit> frames_;
    QLabel* note_ = nullptr;
    QTableWidget* table_ = nullptr;
};

}  // namespace embedscope
