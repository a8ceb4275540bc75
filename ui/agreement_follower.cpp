#include "ui/agreement_follower.h"

#include "engine/neighbor_agreement.h"

#include <algorithm>
#include <limits>

namespace embedscope {
namespace {

constexpr int kRestShare = 9;           // rests so many times as long as the work took
constexpr qint64 kShortestRest = 1000;  // milliseconds; colours that change faster cannot be read

}  // namespace

AgreementFollower::AgreementFollower(QObject* parent)
    : QObject(parent), task_([this](const Found& found) {
          busy_ = false;
          rest_.start(static_cast<int>(std::clamp<qint64>(kRestShare * found.milliseconds, kShortestRest, 600'000)));
          if (found.agreement && found.data == data_) Q_EMIT this->found(found.agreement, found.hardness);
      }) {
    rest_.setSingleShot(true);
    connect(&rest_, &QTimer::timeout, this, &AgreementFollower::startIfDue);
}

AgreementFollower::~AgreementFollower() {
    stop_.request_stop();
}

void AgreementFollower::setDataSet(std::shared_ptr<const DataSet> data) {
    data_ = std::move(data);
    bank_.reset();
    done_.reset();
    rest_.stop();
    stop_.request_stop();
    stop_ = {};
}

void AgreementFollower::setFollowing(bool following) {
    following_ = following;
    startIfDue();
}

void AgreementFollower::follow(std::shared_ptr<const BankFrame> bank) {
    bank_ = std::move(bank);
    startIfDue();
}

void AgreementFollower::startIfDue() {
    if (!following_ || busy_ || rest_.isActive() || !data_ || !bank_ || bank_ == done_) return;
    busy_ = true;
    done_ = bank_;
    task_.start([data = data_, bank = bank_, stop = stop_.get_token()] { return compute(data, bank, stop); });
}

AgreementFollower::Found AgreementFollower::compute(const std::shared_ptr<const DataSet>& data,
                                                    const std::shared_ptr<const BankFrame>& bank,
                                                    const std::stop_token& stop) {
    QElapsedTimer clock;
    clock.start();
    std::vector<std::int32_t> labels;
    labels.reserve(bank->count());
    for (const std::int32_t sample : *bank->samples)
        labels.push_back(data->samples[static_cast<std::size_t>(sample)].label);
    const auto found = neighborAgreement(*bank, labels, kNeighbors, stop);
    if (!found) return {data, nullptr, nullptr, clock.elapsed()};
    const auto bySample = [&](const std::vector<float>& rows) {
        auto values = std::make_shared<std::vector<float>>(data->size(), std::numeric_limits<float>::quiet_NaN());
        for (std::size_t row = 0; row < rows.size(); ++row)
            (*values)[static_cast<std::size_t>((*bank->samples)[row])] = rows[row];
        return values;
    };
    return {data, bySample(found->share), bySample(found->hardness), clock.elapsed()};
}

}  // namespace embedscope
