#include "engine/storage/live_points_file.h"

#include "engine/storage/safetensors.h"

#include <charconv>
#include <string>

namespace embedscope {
namespace {

namespace fs = std::filesystem;

constexpr const char* kKind = "the points of a run";
constexpr std::int64_t kWidest = 1 << 16;
constexpr std::int64_t kLastStep = 1'000'000'000'000'000;

std::int64_t stepIn(const SafeTensors& tensors, const fs::path& file) {
    const auto found = tensors.metadata.find("step");
    const std::string text = found == tensors.metadata.end() ? "" : found->second;
    std::int64_t step = -1;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), step);
    if (error != std::errc{} || end != text.data() + text.size() || step < 0 || step > kLastStep)
        failReading(file, kKind, "it names no training step.");
    return step;
}

}  // namespace

fs::path livePointsFile(const fs::path& runFolder) {
    return runFolder / "live.safetensors";
}

void writeLivePoints(const fs::path& file, const BankFrame& bank) {
    const auto rows = static_cast<std::int64_t>(bank.count());
    writeSafeTensors(
        file, {{"step", std::to_string(bank.step)}},
        {{"embeddings", ElementType::Float32, {rows, bank.dimension}, std::as_bytes(std::span(bank.embeddings))},
         {"samples", ElementType::Int32, {rows}, std::as_bytes(std::span(*bank.samples))},
         {"computed_at_step", ElementType::Int64, {rows}, std::as_bytes(std::span(bank.computedAtStep))}},
        Lasting::No);
}

BankFrame readLivePoints(const fs::path& file, std::size_t samples) {
    const SafeTensors read = readSafeTensors(file, kKind);
    const StateReader state(read.tensors);
    for (const char* name : {"embeddings", "samples", "computed_at_step"})
        if (!state.has(name)) failReading(file, kKind, std::string("it has no \"") + name + "\".");
    const TypedTensor& table = state.tensor("embeddings");
    if (table.type != ElementType::Float32 || table.shape.size() != 2 || table.shape[0] < 1 || table.shape[1] < 1 ||
        table.shape[1] > kWidest)
        failReading(file, kKind, "its embeddings are no table.");
    const auto rows = static_cast<std::size_t>(table.shape[0]);
    BankFrame bank;
    bank.step = stepIn(read, file);
    bank.dimension = static_cast<int>(table.shape[1]);
    try {
        bank.embeddings = state.numbers<float>("embeddings");
        bank.samples = std::make_shared<const std::vector<std::int32_t>>(state.numbers<std::int32_t>("samples", rows));
        bank.computedAtStep = state.numbers<std::int64_t>("computed_at_step", rows);
    } catch (const std::exception& wrong) {
        failReading(file, kKind, wrong.what());
    }
    for (const std::int32_t sample : *bank.samples)
        if (sample < 0 || static_cast<std::size_t>(sample) >= samples)
            failReading(file, kKind, "it names a sample that samples.csv has not.");
    return bank;
}

}  // namespace embedscope
