#pragma once

#include <QWidget>

#include <filesystem>

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

Q_SIGNALS:
    void changed();

private:
    void choose();

    QString title_, filter_;
    QLineEdit* line_ = nullptr;
};

}  // namespace embedscope
