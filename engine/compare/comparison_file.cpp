#include "engine/comparison.h"
#include "engine/storage/atomic_file.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <stdexcept>
#include <string_view>
#include <system_error>

namespace embedscope {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::uintmax_t kLargestComparisonFile = 1 << 20;

[[noreturn]] void fail(const std::string& sentence) {
    throw std::runtime_error("This is no comparison: " + sentence);
}

void refuseOthers(const Json& object, const std::string& where, std::initializer_list<std::string_view> known) {
    if (!object.is_object()) fail(where + " must be an object {...}.");
    for (const auto& [key, value] : object.items())
        if (std::ranges::find(known, key) == known.end())
            fail("the key \"" + key + "\" of " + where + " is not known.");
}

std::string textOf(const Json& object, const std::string& key) {
    const auto found = object.find(key);
    if (found == object.end()) return "";
    if (!found->is_string()) fail("\"" + key + "\" must be a text.");
    return found->get<std::string>();
}

Pace paceOf(const Json& object) {
    const std::string name = textOf(object, "pace");
    if (name == "lock_step" || name.empty()) return Pace::LockStep;
    if (name == "free") return Pace::Free;
    fail("\"pace\" must be one of: lock_step, free.");
}

Fork forkOf(const Json& json, const std::string& where) {
    refuseOthers(json, "the fork of " + where, {"parent", "step"});
    for (const char* key : {"parent", "step"})
        if (!json.contains(key) || !json.at(key).is_number_unsigned())
            fail("the fork of " + where + " needs \"" + key + "\", a whole number of at least 0.");
    constexpr std::uint64_t kMostSteps = 1ULL << 53;  // what every reader of JSON can hold
    if (json.at("step").get<std::uint64_t>() > kMostSteps) fail("the fork of " + where + " has too large a step.");
    return {json.at("parent").get<std::size_t>(), json.at("step").get<std::int64_t>()};
}

Experiment experimentOf(const Json& run, const std::string& where) try {
    if (!run.contains("experiment")) fail(where + " has no \"experiment\".");
    return experimentFromJson(run.at("experiment").dump());
} catch (const std::runtime_error& failure) {
    throw std::runtime_error("Of " + where + ": " + failure.what());
}

ComparedRun runOf(const Json& json, std::size_t number) {
    const std::string where = "run " + std::to_string(number + 1);
    refuseOthers(json, where, {"name", "experiment", "fork"});
    ComparedRun run{textOf(json, "name"), experimentOf(json, where), std::nullopt};
    if (run.name.empty()) run.name = run.experiment.name;
    if (json.contains("fork")) run.fork = forkOf(json.at("fork"), where);
    return run;
}

Comparison comparisonOf(const Json& json) {
    refuseOthers(json, "the text", {"name", "about", "pace", "recall_goal", "runs"});
    Comparison comparison;
    comparison.name = textOf(json, "name");
    comparison.about = textOf(json, "about");
    comparison.pace = paceOf(json);
    if (const auto goal = json.find("recall_goal"); goal != json.end()) {
        if (!goal->is_number()) fail("\"recall_goal\" must be a number.");
        comparison.recallGoal = goal->get<double>();
    }
    if (!json.contains("runs") || !json.at("runs").is_array()) fail("\"runs\" must be a list [...].");
    for (const Json& run : json.at("runs")) comparison.runs.push_back(runOf(run, comparison.runs.size()));
    return comparison;
}

Json jsonOf(const ComparedRun& run) {
    Json json{{"name", run.name}};
    if (run.fork) json["fork"] = {{"parent", run.fork->parent}, {"step", run.fork->step}};
    json["experiment"] = Json::parse(toJson(run.experiment));
    return json;
}

}  // namespace

std::string toJson(const Comparison& comparison) {
    Json runs = Json::array();
    for (const ComparedRun& run : comparison.runs) runs.push_back(jsonOf(run));
    Json json{{"name", comparison.name}};
    if (!comparison.about.empty()) json["about"] = comparison.about;
    json["pace"] = comparison.pace == Pace::LockStep ? "lock_step" : "free";
    json["recall_goal"] = comparison.recallGoal;
    json["runs"] = std::move(runs);
    // As of an experiment: bytes that are not UTF-8 become the replacement character.
    return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

Comparison comparisonFromJson(std::string_view text) {
    Json json;
    try {
        json = Json::parse(text);
    } catch (const Json::parse_error& error) {
        fail("it is not JSON at character " + std::to_string(error.byte) + ".");
    } catch (const Json::exception&) {  // e.g. 1e999
        fail("it holds a number or text that cannot be.");
    }
    return comparisonOf(json);
}

Comparison readComparison(const std::filesystem::path& file) try {
    std::error_code unknown;
    const std::uintmax_t bytes = std::filesystem::file_size(file, unknown);
    std::ifstream stream(file, std::ios::binary);
    if (unknown || !stream) throw std::runtime_error("it cannot be read.");
    if (bytes > kLargestComparisonFile) throw std::runtime_error("it is too large for a comparison.");
    return comparisonFromJson(std::string(std::istreambuf_iterator<char>(stream), {}));
} catch (const std::runtime_error& failure) {
    throw std::runtime_error("\"" + file.string() + "\": " + failure.what());
}

void writeComparison(const std::filesystem::path& file, const Comparison& comparison) {
    AtomicFile whole(file);
    whole.write(toJson(comparison));
    whole.commit();
}

}  // namespace embedscope
