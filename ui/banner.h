#pragma once

#include <QFrame>

class QLabel;

namespace embedscope {

/// One sentence on top of the window that stays until it is closed; nothing waits for it.
class Banner : public QFrame {
    Q_OBJECT
public:
    explicit Banner(QWidget* parent = nullptr);

    void showSentence(const QString& sentence);
    QString sentence() const;

private:
    QLabel* text_ = nullptr;
};

}  // namespace embedscope
