#pragma once

#include "engine/data_load.h"

#include <QWidget>

class QLabel;
class QProgressBar;

namespace embedscope {

class ImageMosaic;

/// Progress while a folder is opened, with the first pictures of it.
class LoadPage : public QWidget {
    Q_OBJECT
public:
    explicit LoadPage(QWidget* parent = nullptr);

    void begin(const QString& place);
    void showState(const LoadState& state);

Q_SIGNALS:
    void cancelRequested();

private:
    QLabel* title_ = nullptr;
    QLabel* counts_ = nullptr;
    QProgressBar* progress_ = nullptr;
    ImageMosaic* mosaic_ = nullptr;
};

}  // namespace embedscope
