#include "ui/data_controller.h"

#include "ui/image_cache_dialog.h"
#include "ui/queued_wake_up.h"

namespace embedscope {

DataController::DataController(QObject* parent) : QObject(parent) {}

DataController::~DataController() = default;

void DataController::open(const DataSettings& settings) {
    load_ = std::make_unique<DataLoad>(settings, queuedWakeUp(this, [this] { receive(); }), savedImageCache());
}

void DataController::cancel() {
    if (load_) load_->requestStop();
}

void DataController::receive() {
    if (!load_) return;  // a wake-up that was pending when the load ended
    const std::shared_ptr<const LoadState> state = load_->latest();
    Q_EMIT progressed(state);
    switch (state->phase) {
        case LoadPhase::Scanning:
        case LoadPhase::Decoding:
            return;
        case LoadPhase::Done: {
            load_.reset();
            Q_EMIT opened(state->dataSet, QString::fromStdString(state->message));
            return;
        }
        case LoadPhase::Cancelled: {
            load_.reset();
            Q_EMIT cancelled();
            return;
        }
        case LoadPhase::Failed: {
            load_.reset();
            Q_EMIT failed(QString::fromStdString(state->message));
            return;
        }
    }
}

}  // namespace embedscope
