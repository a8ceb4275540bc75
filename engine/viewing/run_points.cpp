#include "engine/run_points.h"

#include "engine/run_description.h"
#include "engine/storage/kept_epochs.h"
#include "engine/storage/live_points_file.h"

#include <filesystem>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace embedscope {

RunPoints newestPoints(const std::filesystem::path& runFolder) {
    const std::int64_t newest = newestEpoch(runFolder);
    std::error_code none;
    if (newest < 0 && !std::filesystem::exists(livePointsFile(runFolder), none))
        throw std::runtime_error("\"" + runFolder.string() + "\" holds no complete epoch yet.");
    RunPoints points;
    points.data = samplesWithoutPictures(runFolder, describeRun(runFolder));
    if (newest < 0) {
        points.bank = std::make_shared<const BankFrame>(readLivePoints(livePointsFile(runFolder), points.data->size()));
        return points;
    }
    KeptEpoch kept = readEpoch(runFolder, newest, points.data->size());
    auto bank = std::make_shared<BankFrame>();
    bank->dimension = kept.table.dimension;
    bank->samples = std::make_shared<const std::vector<std::int32_t>>(std::move(kept.samples));
    bank->embeddings = std::move(kept.table.rows);
    bank->computedAtStep.assign(kept.table.count, 0);
    bank->exact = true;
    points.bank = std::move(bank);
    return points;
}

}  // namespace embedscope
