#include "engine/experiment.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <stdexcept>
#include <type_traits>
#include <utility>

namespace embedscope {
namespace {

using Json = nlohmann::ordered_json;

[[noreturn]] void fail(const std::string& sentence) {
    throw std::runtime_error("This is no experiment: " + sentence);
}

template <typename Enum, std::size_t N>
using Names = std::array<std::pair<Enum, std::string_view>, N>;

constexpr Names<HoldOut, 5> kHoldOutNames{{{HoldOut::Automatic, "automatic"},
                                           {HoldOut::FolderSplit, "folder_split"},
                                           {HoldOut::Images, "images"},
                                           {HoldOut::Classes, "classes"},
                                           {HoldOut::None, "none"}}};
constexpr Names<Channels, 3> kChannelsNames{
    {{Channels::Automatic, "automatic"}, {Channels::Grey, "grey"}, {Channels::Colour, "colour"}}};
constexpr Names<Device, 3> kDeviceNames{
    {{Device::Automatic, "automatic"}, {Device::Cpu, "cpu"}, {Device::Cuda, "cuda"}}};

constexpr Names<Learning, 3> kLearningNames{{{Learning::Supervised, "supervised"},
                                             {Learning::SelfSupervised, "self_supervised"},
                                             {Learning::SemiSupervised, "semi_supervised"}}};
constexpr Names<Precision, 2> kPrecisionNames{{{Precision::Float32, "float32"}, {Precision::BFloat16, "bfloat16"}}};

constexpr const auto& namesOf(Learning) {
    return kLearningNames;
}
constexpr const auto& namesOf(Precision) {
    return kPrecisionNames;
}
constexpr const auto& namesOf(HoldOut) {
    return kHoldOutNames;
}
constexpr const auto& namesOf(Channels) {
    return kChannelsNames;
}
constexpr const auto& namesOf(Device) {
    return kDeviceNames;
}

template <typename Value>
requires std::is_enum_v<Value> Json write(Value value) {
    for (const auto& [known, name] : namesOf(value))
        if (known == value) return name;
    throw std::logic_error("An enum value has no name.");
}
template <typename Value>
requires std::is_arithmetic_v<Value> Json write(Value value) {
    return value;
}
Json write(const std::string& value) {
    return value;
}
Json write(const std::filesystem::path& value) {
    const std::u8string text = value.u8string();
    return std::string(text.begin(), text.end());
}
Json write(const Choice& choice) {
    Json parameters = Json::object();
    for (const auto& [id, value] : choice.parameters) parameters[id] = value;
    return {{"id", choice.id}, {"parameters", parameters}};
}

void read(const Json& json, const std::string& key, std::string& value) {
    if (!json.is_string()) fail("\"" + key + "\" must be a text.");
    value = json.get<std::string>();
}
void read(const Json& json, const std::string& key, bool& value) {
    if (!json.is_boolean()) fail("\"" + key + "\" must be true or false.");
    value = json.get<bool>();
}
void read(const Json& json, const std::string& key, double& value) {
    if (!json.is_number()) fail("\"" + key + "\" must be a number.");
    value = json.get<double>();
}
void read(const Json& json, const std::string& key, int& value) {
    const bool fits = json.is_number_unsigned()
                          ? std::in_range<int>(json.get<std::uint64_t>())
                          : json.is_number_integer() && std::in_range<int>(json.get<std::int64_t>());
    if (!fits) fail("\"" + key + "\" must be a whole number below 2147483648.");
    value = json.get<int>();
}
void read(const Json& json, const std::string& key, std::uint64_t& value) {
    if (!json.is_number_unsigned()) fail("\"" + key + "\" must be a whole number of at least 0.");
    value = json.get<std::uint64_t>();
}
void read(const Json& json, const std::string& key, std::filesystem::path& value) {
    std::string text;
    read(json, key, text);
    value = std::u8string(text.begin(), text.end());
}
template <typename Value>
requires std::is_enum_v<Value>
void read(const Json& json, const std::string& key, Value& value) {
    std::string known;
    for (const auto& [candidate, name] : namesOf(value)) {
        if (json.is_string() && json.get_ref<const std::string&>() == name) {
            value = candidate;
            return;
        }
        known += (known.empty() ? "" : ", ") + std::string(name);
    }
    fail("\"" + key + "\" must be one of: " + known + ".");
}

Json write(const DataSettings& data);
Json write(const std::vector<AddedLoss>& losses);
void read(const Json& json, const std::string& key, ParameterValues& values);
void read(const Json& json, const std::string& key, std::vector<AddedLoss>& losses);
void read(const Json& json, const std::string& key, Choice& choice);
void read(const Json& json, const std::string& key, DataSettings& data);

/// The keys of one JSON object, matched with the fields of a value. The same list writes and reads.
class Writer {
public:
    template <typename Value>
    void field(const char* key, const Value& value) {
        json[key] = write(value);
    }
    Json json = Json::object();
};

class Reader {
public:
    Reader(const Json& json, std::string prefix) : json_(json), prefix_(std::move(prefix)) {
        if (!json.is_object())
            fail((prefix_.empty() ? "the text" : "\"" + prefix_ + "\"") + " must be an object {...}.");
    }
    template <typename Value>
    void field(const char* key, Value& value) {
        known_.emplace_back(key);
        if (const auto found = json_.find(key); found != json_.end()) read(*found, name(key), value);
    }
    void refuseOthers() const {
        for (const auto& [key, value] : json_.items())
            if (std::ranges::find(known_, key) == known_.end()) fail("the key \"" + name(key) + "\" is not known.");
    }

private:
    std::string name(const std::string& key) const { return prefix_.empty() ? key : prefix_ + "." + key; }

    const Json& json_;
    std::string prefix_;
    std::vector<std::string> known_;
};

void read(const Json& json, const std::string& key, ParameterValues& values) {
    if (!json.is_object()) fail("\"" + key + "\" must be an object {...}.");
    values.clear();
    for (const auto& [id, value] : json.items()) read(value, key + "." + id, values[id]);
}

void read(const Json& json, const std::string& key, Choice& choice) {
    Reader reader(json, key);
    reader.field("id", choice.id);
    reader.field("parameters", choice.parameters);
    reader.refuseOthers();
}

template <typename Fields, typename Settings>
void visitData(Fields& fields, Settings& data) {
    fields.field("folder", data.folder);
    fields.field("image_size", data.imageSize);
    fields.field("channels", data.channels);
    fields.field("hold_out", data.holdOut);
    fields.field("hold_out_share", data.holdOutShare);
}

Json write(const DataSettings& data) {
    Writer writer;
    visitData(writer, data);
    return writer.json;
}

void read(const Json& json, const std::string& key, DataSettings& data) {
    Reader reader(json, key);
    visitData(reader, data);
    reader.refuseOthers();
}

template <typename Fields, typename Settings>
void visitAddedLoss(Fields& fields, Settings& added) {
    fields.field("loss", added.loss);
    fields.field("weight", added.weight);
}

Json write(const std::vector<AddedLoss>& losses) {
    Json list = Json::array();
    for (const AddedLoss& added : losses) {
        Writer writer;
        visitAddedLoss(writer, added);
        list.push_back(writer.json);
    }
    return list;
}

void read(const Json& json, const std::string& key, std::vector<AddedLoss>& losses) {
    if (!json.is_array()) fail("\"" + key + "\" must be a list [...].");
    losses.clear();
    for (const Json& item : json) {
        Reader reader(item, key + "[" + std::to_string(losses.size()) + "]");
        visitAddedLoss(reader, losses.emplace_back());
        reader.refuseOthers();
    }
}

template <typename Fields, typename Settings>
void visitExperiment(Fields& fields, Settings& experiment) {
    fields.field("name", experiment.name);
    fields.field("data", experiment.data);
    fields.field("learning", experiment.learning);
    fields.field("labelled_share", experiment.labelledShare);
    fields.field("pseudo_labels", experiment.pseudoLabels);
    fields.field("encoder", experiment.encoder);
    fields.field("encoder_file", experiment.encoderFile);
    fields.field("initial_weights", experiment.initialWeights);
    fields.field("embedding_dimension", experiment.embeddingDimension);
    fields.field("normalize_embeddings", experiment.normalizeEmbeddings);
    fields.field("head", experiment.head);
    fields.field("loss", experiment.loss);
    fields.field("added_losses", experiment.addedLosses);
    fields.field("view_loss", experiment.viewLoss);
    fields.field("view_loss_weight", experiment.viewLossWeight);
    fields.field("augmentation", experiment.augmentation);
    fields.field("miner", experiment.miner);
    fields.field("memory", experiment.memory);
    fields.field("sampler", experiment.sampler);
    fields.field("pairs_file", experiment.pairsFile);
    fields.field("optimizer", experiment.optimizer);
    fields.field("learning_rate", experiment.learningRate);
    fields.field("schedule", experiment.schedule);
    fields.field("gradient_clip", experiment.gradientClip);
    fields.field("weight_average", experiment.weightAverage);
    fields.field("precision", experiment.precision);
    fields.field("epochs", experiment.epochs);
    fields.field("seed", experiment.seed);
    fields.field("device", experiment.device);
    fields.field("threads", experiment.threads);
    fields.field("tracked_samples", experiment.trackedSamples);
    fields.field("refresh_share", experiment.refreshShare);
}

}  // namespace

std::string toJson(const Experiment& experiment) {
    Writer writer;
    visitExperiment(writer, experiment);
    // A file name need not be UTF-8, JSON must be: bytes that are not become the replacement character.
    return writer.json.dump(2, ' ', false, Json::error_handler_t::replace);
}

Experiment experimentFromJson(std::string_view text) {
    Json json;
    try {
        json = Json::parse(text);
    } catch (const Json::parse_error& error) {
        fail("it is not JSON at character " + std::to_string(error.byte) + ".");
    } catch (const Json::exception&) {  // e.g. 1e999
        fail("it holds a number or text that cannot be.");
    }
    // The experiment.json of a run holds the experiment beside the program and the data it ran with.
    if (json.is_object() && json.contains("experiment")) {
        Json inner = std::move(json["experiment"]);  // a copy would follow nested brackets down the stack
        json = std::move(inner);
    }
    Experiment experiment;
    Reader reader(json, "");
    visitExperiment(reader, experiment);
    reader.refuseOthers();
    return experiment;
}

}  // namespace embedscope
