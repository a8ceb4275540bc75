#pragma once

#include <QDialog>

#include <filesystem>
#include <functional>
#include <memory>

class QComboBox;
class QDialogButtonBox;
class QLabel;
class QLineEdit;

namespace embedscope {

/// Asks what of a kept run is to be written and where, and writes it off the UI thread.
class ExportDialog : public QDialog {
    Q_OBJECT
public:
    explicit ExportDialog(std::filesystem::path runFolder, QWidget* parent = nullptr);
    ~ExportDialog() override;

    /// Asks for a path; tests answer it themselves. @param folder Whether a folder is asked for.
    std::function<QString(const QString& proposed, bool folder)> askForPath;

Q_SIGNALS:
    /// A sentence: what was written, or why nothing was.
    void exported(const QString& sentence);

private:
    struct Written;
    struct Worker;

    void describe();
    void choosePath();
    void write();
    void tell(const Written& written);

    std::filesystem::path runFolder_;
    QComboBox* format_ = nullptr;
    QLabel *help_ = nullptr, *note_ = nullptr;
    QLineEdit* path_ = nullptr;
    QDialogButtonBox* buttons_ = nullptr;
    std::unique_ptr<Worker> worker_;
};

}  // namespace embedscope
