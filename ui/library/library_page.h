#pragma once

#include "ui/inspector/newest_task.h"
#include "ui/library/run_shelf.h"

#include <QPointer>
#include <QStringList>
#include <QWidget>

#include <functional>
#include <stop_token>

class QLabel;
class QLineEdit;
class QModelIndex;
class QPushButton;
class QSortFilterProxyModel;
class QStandardItem;
class QStandardItemModel;
class QTableView;

namespace embedscope {

/// All runs of a folder: sorted, filtered, opened, resumed, compared, named, annotated, thrown away. The folder is read
/// off the UI thread.
class LibraryPage : public QWidget {
    Q_OBJECT
public:
    explicit LibraryPage(QWidget* parent = nullptr);
    ~LibraryPage() override;

    /// Reads the folder of the user's choice anew.
    void refresh();
    /// Where the user comes from, and goes back to; the library itself is no such place.
    void setOrigin(QWidget* page);
    /// Null if it is gone.
    QWidget* origin() const { return origin_; }
    /// Of the rows selected, in the order shown.
    std::vector<KeptRun> selectedRuns() const;
    QTableView* table() const { return table_; }

    // Tests answer these themselves.
    std::function<QString(const QString& title)> askForFolder;
    std::function<QString(const QString& title, const QString& now)> askForName;
    std::function<bool(const QString& question)> confirm;
    /// Whether it worked.
    std::function<bool(const QString& folder)> moveToTrash;

Q_SIGNALS:
    void backRequested();
    void openRequested(const QString& folder);
    void settingsRequested(const QString& folder);
    void resumeRequested(const QString& folder);
    void exportRequested(const QString& folder);
    /// The results that are kept, beside each other.
    void resultsRequested(const std::vector<KeptRun>& runs);
    /// Their settings, to be trained anew.
    void compareRequested(const std::vector<KeptRun>& runs);
    void sentenceWanted(const QString& sentence);

private:
    QWidget* makeBar();
    QWidget* makeButtons();
    QPushButton* addButton(QWidget* row, const QString& name, const QString& text, const QString& help);
    void fill(const RunShelf& shelf);
    void keepNotes(QStandardItem* item);
    void chooseFolder();
    void rename();
    void throwAway();
    void sayWhatIsHere();
    void updateButtons();
    QString soleFolder() const;

    RunShelf shelf_;
    QPointer<QWidget> origin_;
    QStandardItemModel* model_ = nullptr;
    QSortFilterProxyModel* sorted_ = nullptr;
    QTableView* table_ = nullptr;
    QLineEdit* folder_ = nullptr;
    QLabel* note_ = nullptr;
    QPushButton *open_ = nullptr, *settings_ = nullptr, *resume_ = nullptr, *results_ = nullptr, *compare_ = nullptr,
                *export_ = nullptr, *rename_ = nullptr, *delete_ = nullptr;
    bool filling_ = false;
    std::stop_source stop_;      ///< Of the reading that goes on.
    NewestTask<RunShelf> task_;  ///< Last: waits for its work.
};

}  // namespace embedscope
