#include "ui/resume_reader.h"

#include "ui/paths.h"

#include <exception>
#include <new>

namespace embedscope {

ResumeReader::ResumeReader(QObject* parent)
    : QObject(parent), task_([this](const Read& read) {
          if (read.stop.stop_requested()) return;
          if (read.point)
              Q_EMIT opened(*read.point, read.folder);
          else
              Q_EMIT failed(read.problem);
      }) {}

ResumeReader::~ResumeReader() {
    stop_.request_stop();
}

void ResumeReader::read(const QString& folder) {
    cancel();
    stop_ = std::stop_source();
    task_.start([folder, stop = stop_.get_token()] {
        Read read{stop, folder, nullptr, {}};
        try {
            read.point = std::make_shared<const ResumePoint>(resumePointOf(pathOf(folder)));
        } catch (const std::bad_alloc&) {
            read.problem = tr("The checkpoint of \"%1\" does not fit into memory; close other programs.").arg(folder);
        } catch (const std::exception& problem) {
            read.problem = QString::fromUtf8(problem.what());
        }
        return read;
    });
}

void ResumeReader::cancel() {
    stop_.request_stop();
}

}  // namespace embedscope
