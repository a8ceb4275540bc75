#pragma once

#include "engine/data_set.h"
#include "engine/marks.h"
#include "ui/inspector/tuple_columns.h"

#include <QPixmap>
#include <QPointer>
#include <QTableWidget>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <vector>

class QMenu;

namespace embedscope {

/// Tuples as rows of pictures with their numbers, sorted by a click on a heading, and with buttons that say what is
/// true of each. The chosen row is a tuple, wherever it comes to stand; when it goes, none is chosen.
class PairTable : public QTableWidget {
    Q_OBJECT
public:
    explicit PairTable(QWidget* parent = nullptr);

    /// UI thread, like all of these.
    void setDataSet(std::shared_ptr<const DataSet> dataSet);
    /// Sorted as the user wants them. @param mined How often an image was mined; null: not known.
    void setRows(std::vector<MinedTuple> rows, std::shared_ptr<const MinedTuples> mined);
    /// As they stand in the table.
    const std::vector<MinedTuple>& rows() const { return rows_; }
    /// What is marked shows on the rows, which stay.
    void setMarks(std::shared_ptr<const Marks> marks);
    /// By this column from now on, the largest first.
    void sortFirstBy(TupleColumn column);
    const std::optional<MinedTuple>& chosen() const { return chosen_; }
    void chooseNone();
    /// The mouse is over the rows, which should not move away from under it, or one of them is chosen.
    bool isHeld() const;
    void letGo() { hovered_ = false; }

Q_SIGNALS:
    void markRequested(const Mark& mark);
    /// A mark of this pair is there already.
    void markTakenBack(const Mark& mark);
    /// The row under the mouse, or the chosen one; -1: none.
    void tuplePointed(int anchor, int positive, int negative);
    /// Another row, or none.
    void chosenChanged();
    /// Rows may move again.
    void released();
    void sampleActivated(int sample);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void setUpHeadings();
    void writeHeadings();
    void sortBy(int column);
    void fill();
    void fillRow(int row);
    void showMarksOf(int row);
    void showWhatIsKnown();
    void choose();
    void selectChosen();
    void fillPicture(int row, TupleColumn column);
    QString textBelow(const MinedTuple& tuple, TupleColumn column) const;
    void fillNumber(int row, TupleColumn column);
    void makeButtons(int row);
    QTableWidgetItem* itemAt(int row, TupleColumn column);
    void point(int row);
    void mark(int row, MarkKind kind, QWidget* at);
    void chooseImage(const MinedTuple& tuple, MarkKind kind, QWidget* at);
    /// @param pattern Of how many batches it was mined in, %1, and how many held it, %2.
    QString minedText(std::int32_t sample, const QString& pattern) const;
    const QPixmap& pictureOf(std::int32_t sample);

    std::shared_ptr<const DataSet> data_;
    std::shared_ptr<const MinedTuples> mined_;
    std::vector<MinedTuple> rows_;
    std::map<std::int32_t, QPixmap> pictures_;
    std::shared_ptr<const Marks> marks_;
    std::optional<MinedTuple> chosen_;
    int sortColumn_ = -1;  ///< -1: as they come.
    bool rising_ = false;
    bool hovered_ = false;
    QPointer<QMenu> menu_;  ///< Of one of the rows.
};

}  // namespace embedscope
