#pragma once

#include "engine/data_load.h"

#include <QObject>
#include <QString>

#include <memory>

namespace embedscope {

/// Opens folders in the background for the window. UI thread; destroying it cancels.
class DataController : public QObject {
    Q_OBJECT
public:
    explicit DataController(QObject* parent = nullptr);
    ~DataController() override;

    /// A load that is going on is cancelled.
    void open(const DataSettings& settings);
    void cancel();
    /// As cancel(), and nothing more is heard of it.
    void drop() { load_.reset(); }

Q_SIGNALS:
    void progressed(std::shared_ptr<const LoadState> state);
    void opened(std::shared_ptr<const DataSet> data, const QString& remark);
    void cancelled();
    void failed(const QString& sentence);

private:
    void receive();

    std::unique_ptr<DataLoad> load_;
};

}  // namespace embedscope
