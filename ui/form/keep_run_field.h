#pragma once

#include <QWidget>

#include <functional>

class QCheckBox;
class QLabel;

namespace embedscope {

/// Whether a run is kept on disk, and below which folder.
class KeepRunField : public QWidget {
    Q_OBJECT
public:
    explicit KeepRunField(QWidget* parent = nullptr);
    bool keepsRun() const;

    /// Asks for a path; tests answer it themselves. An empty answer is a cancel.
    std::function<QString()> askForFolder;

private:
    void chooseFolder();
    void showFolder();

    QCheckBox* keep_ = nullptr;
    QLabel* folder_ = nullptr;
};

}  // namespace embedscope
