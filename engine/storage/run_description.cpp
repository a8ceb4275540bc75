#include "engine/run_description.h"

#include "engine/experiment_file.h"
#include "engine/storage/samples_table.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <utility>

namespace embedscope {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr std::int64_t kLargestSide = 1 << 12;
constexpr std::int64_t kMostSamples = 100'000'000;
constexpr std::uint8_t kGrey = 128;

[[noreturn]] void fail(const fs::path& file, const std::string& what) {
    throw std::runtime_error("\"" + file.string() + "\" describes no run: " + what);
}

std::string textIn(const Json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

ImageShape shapeIn(const Json& data, const fs::path& file) {
    const auto found = data.find("image_shape");
    if (found == data.end() || !found->is_array() || found->size() != 3) fail(file, "it names no image shape.");
    std::int64_t lengths[3]{};
    for (std::size_t i = 0; i < 3; ++i) {
        if (!(*found)[i].is_number_integer()) fail(file, "its image shape is not one.");
        lengths[i] = (*found)[i].get<std::int64_t>();
    }
    const auto side = [](std::int64_t length) { return length >= 1 && length <= kLargestSide; };
    if (!side(lengths[0]) || !side(lengths[1]) || (lengths[2] != 1 && lengths[2] != 3))
        fail(file, "its image shape is out of range.");
    return {static_cast<int>(lengths[0]), static_cast<int>(lengths[1]), static_cast<int>(lengths[2])};
}

}  // namespace

DataSettings RunDescription::dataSettings() const {
    DataSettings data = settings.data;
    data.imageSize = imageShape.height;
    data.channels = imageShape.channels == 1 ? Channels::Grey : Channels::Colour;
    return data;
}

RunDescription describeRun(const fs::path& runFolder) {
    const fs::path file = runFolder / "experiment.json";
    std::error_code none;
    if (!fs::exists(file, none))
        throw std::runtime_error("\"" + runFolder.string() + "\" holds no run; choose the folder of one.");
    RunDescription run;
    run.settings = readExperiment(file);  // bounds the size of the file
    std::ifstream stream(file, std::ios::binary);
    const Json json = Json::parse(std::string(std::istreambuf_iterator<char>(stream), {}), nullptr, false);
    if (!json.is_object() || !json.contains("data") || !json["data"].is_object())
        fail(file, "it does not say which images were trained on.");
    const Json& data = json["data"];
    run.dataName = textIn(data, "name");
    run.dataFingerprint = textIn(data, "fingerprint");
    run.imageShape = shapeIn(data, file);
    const Json samples = data.value("samples", Json());
    if (!samples.is_number_integer() || samples.get<std::int64_t>() < 0 || samples.get<std::int64_t>() > kMostSamples)
        fail(file, "it does not say how many images there were.");
    run.samples = samples.get<std::size_t>();
    if (const auto names = data.find("class_names"); names != data.end() && names->is_array())
        for (const Json& name : *names)
            if (name.is_string()) run.classNames.push_back(name.get<std::string>());
    return run;
}

std::shared_ptr<const DataSet> samplesWithoutPictures(const fs::path& runFolder, const RunDescription& run) {
    auto data = std::make_shared<DataSet>();
    data->root = run.settings.data.folder;
    data->name = run.dataName;
    data->classNames = run.classNames;
    data->fingerprint = run.dataFingerprint;
    data->shape = {1, 1, 1};
    for (const NamedSample& each : readSamplesTable(runFolder / "samples.csv")) {
        const auto found = std::ranges::find(data->classNames, each.label);
        const auto label = static_cast<std::int32_t>(found - data->classNames.begin());
        const bool known = !each.label.empty() && found != data->classNames.end();
        data->samples.push_back(
            {each.path, known ? label : kUnlabelled, each.split == "train" ? Split::Train : Split::HoldOut});
    }
    data->pixels = std::make_shared<const std::vector<std::uint8_t>>(data->size() * data->shape.bytes(), kGrey);
    return data;
}

}  // namespace embedscope
