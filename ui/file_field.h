#pragma once

#include <QWidget>

#include <filesystem>
#include <functional>

class QLineEdit;

namespace embedscope {

/// A path and a button to choose it.
class FileField : public QWidget {
    Q_OBJECT
public:
    /// @param name Object name; the line is "<name>_path", the button "<name>_choose".
    /// @param filter As QFileDialog's, e.g. "Tables (*.csv)".
    FileField(const QString& name, QString title, QString filter, QWidget* parent = nullptr);

    std::filesystem::path file() const;
    void setFile(const std::filesystem::path& file);

    /// Asks for the file and returns "" if none was chosen; a test puts its own here.
    std::function<QString()> ask;

Q_SIGNALS:
    void changed();

private:
    void choose();

    QLineEdit* line_ = nullptr;
};

}  // namespace embedscope
