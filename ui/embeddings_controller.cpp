#include "ui/embeddings_controller.h"

#include <exception>
#include <utility>

namespace embedscope {

EmbeddingsController::EmbeddingsController(QObject* parent)
    : QObject(parent), task_([this](const Opened& opened) {
          if (opened.stop.stop_requested()) return;
          if (opened.viewed)
              Q_EMIT this->opened(*opened.viewed);
          else
              Q_EMIT failed(opened.problem);
      }) {}

EmbeddingsController::~EmbeddingsController() {
    stop_.request_stop();
}

void EmbeddingsController::open(const ViewSource& source) {
    cancel();
    stop_ = std::stop_source();
    task_.start([source, stop = stop_.get_token()] {
        Opened opened{stop, nullptr, {}};
        try {
            opened.viewed = std::make_shared<ViewedEmbeddings>(openEmbeddings(source, stop));
        } catch (const std::bad_alloc&) {
            opened.problem = tr("The embeddings do not fit into memory; open fewer rows.");
        } catch (const std::exception& problem) {
            opened.problem = QString::fromUtf8(problem.what());
        }
        return opened;
    });
}

void EmbeddingsController::cancel() {
    stop_.request_stop();
}

}  // namespace embedscope
