#pragma once

#include "engine/data_set.h"
#include "engine/snapshot.h"
#include "ui/inspector/newest_task.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <memory>
#include <stop_token>
#include <vector>

namespace embedscope {

/// How far the nearest neighbours of each sample agree with its label, computed in the background while somebody looks
/// at it, for at most a tenth of the time, so that a training run hardly notices.
class AgreementFollower : public QObject {
    Q_OBJECT
public:
    static constexpr int kNeighbors = 12;

    explicit AgreementFollower(QObject* parent = nullptr);
    ~AgreementFollower() override;

    void setDataSet(std::shared_ptr<const DataSet> data);
    /// Whether anybody looks.
    void setFollowing(bool following);
    void follow(std::shared_ptr<const BankFrame> bank);

Q_SIGNALS:
    /// @param agreement, hardness [samples of the data set] 0..1; NaN: not known. See NeighborAgreement.
    void found(std::shared_ptr<const std::vector<float>> agreement, std::shared_ptr<const std::vector<float>> hardness);

private:
    struct Found {
        std::shared_ptr<const DataSet> data;
        std::shared_ptr<const std::vector<float>> agreement, hardness;  ///< Null: stopped.
        qint64 milliseconds = 0;
    };
    void startIfDue();
    static Found compute(const std::shared_ptr<const DataSet>& data, const std::shared_ptr<const BankFrame>& bank,
                         const std::stop_token& stop);

    std::shared_ptr<const DataSet> data_;
    std::shared_ptr<const BankFrame> bank_, done_;
    bool following_ = false, busy_ = false;
    QTimer rest_;
    std::stop_source stop_;
    NewestTask<Found> task_;  ///< Last: waits for its work.
};

}  // namespace embedscope
