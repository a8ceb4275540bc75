#pragma once

#include "engine/run_resume.h"
#include "ui/inspector/newest_task.h"

#include <QObject>
#include <QString>

#include <memory>
#include <stop_token>

namespace embedscope {

/// Reads from where a kept run can go on, in the background: a checkpoint may hold gigabytes. UI thread; destroying it
/// waits for the one that is being read.
class ResumeReader : public QObject {
    Q_OBJECT
public:
    explicit ResumeReader(QObject* parent = nullptr);
    ~ResumeReader() override;

    /// One that is being read is dropped.
    void read(const QString& folder);
    void cancel();

Q_SIGNALS:
    void opened(const ResumePoint& point, const QString& folder);
    void failed(const QString& sentence);

private:
    struct Read {
        std::stop_token stop;
        QString folder;
        std::shared_ptr<const ResumePoint> point;
        QString problem;
    };

    std::stop_source stop_;
    NewestTask<Read> task_;
};

}  // namespace embedscope
