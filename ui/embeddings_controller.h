#pragma once

#include "engine/viewed_embeddings.h"
#include "ui/inspector/newest_task.h"

#include <QObject>
#include <QString>

#include <memory>
#include <stop_token>

namespace embedscope {

/// Opens files of embeddings in the background for the window. UI thread; destroying it waits for the file that is
/// being read.
class EmbeddingsController : public QObject {
    Q_OBJECT
public:
    explicit EmbeddingsController(QObject* parent = nullptr);
    ~EmbeddingsController() override;

    /// One that is being opened is dropped.
    void open(const ViewSource& source);
    void cancel();

Q_SIGNALS:
    void opened(const ViewedEmbeddings& viewed);
    void failed(const QString& sentence);

private:
    struct Opened {
        std::stop_token stop;
        std::shared_ptr<ViewedEmbeddings> viewed;
        QString problem;
    };

    std::stop_source stop_;
    NewestTask<Opened> task_;
};

}  // namespace embedscope
