#include "app/embed_command.h"

#include "app/doorbell.h"
#include "app/interrupt.h"
#include "app/load_images.h"
#include "app/progress.h"
#include "engine/embedded_images.h"
#include "engine/image_embedder.h"
#include "engine/run_resume.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <chrono>
#include <exception>
#include <future>
#include <iostream>
#include <stdexcept>
#include <stop_token>
#include <thread>

namespace embedscope {
namespace {

constexpr int kInterrupted = 130;  // What a shell expects after Ctrl+C.

std::shared_ptr<const Checkpoint> newestCheckpoint(const std::filesystem::path& run, Progress& progress) {
    const ResumePoint point = resumePointOf(run);
    for (const std::string& notice : point.notices) progress.say(notice + " An older checkpoint is used.");
    if (!point.checkpoint)
        throw std::runtime_error("The run \"" + run.string() +
                                 "\" ended before its first checkpoint; train it for an epoch first.");
    return point.checkpoint;
}

/// The images as the run saw its own.
DataSettings settingsFor(const std::filesystem::path& folder, const ImageShape& shape) {
    DataSettings settings;
    settings.folder = folder;
    settings.imageSize = shape.height;
    settings.channels = shape.channels == 1 ? Channels::Grey : Channels::Colour;
    return settings;
}

/// Less than all after Ctrl+C.
std::vector<float> embedded(const ImageEmbedder& embedder, const DataSet& data, Doorbell& bell,
                            const Interrupt& interrupt) {
    std::promise<std::vector<float>> promised;
    std::future<std::vector<float>> rows = promised.get_future();
    std::jthread worker([&](const std::stop_token& stop) {
        try {
            promised.set_value(embedder.embed(data, stop));
        } catch (...) {
            promised.set_exception(std::current_exception());
        }
        bell.ring();  // after it is there
    });
    while (rows.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
        if (interrupt.raised()) worker.request_stop();
        bell.wait();
    }
    return rows.get();
}

void report(const EmbedOptions& options, const DataSet& data, const ImageEmbedder& embedder,
            const Checkpoint& checkpoint) {
    const std::filesystem::path table = tableBeside(options.out);
    if (!options.json) {
        std::cout << data.size() << " images embedded with the weights of step " << embedder.step() << ": \""
                  << options.out.string() << "\" and \"" << table.string() << "\".\n";
        return;
    }
    const auto text = [](const std::string& value) { return QString::fromStdString(value); };
    const QJsonObject json{{"images", static_cast<qint64>(data.size())},
                           {"skipped", static_cast<qint64>(data.skipped.size())},
                           {"dimension", embedder.dimension()},
                           {"encoder", text(checkpoint.settings.encoder.id)},
                           {"step", static_cast<qint64>(embedder.step())},
                           {"epoch", checkpoint.epoch()},
                           {"run", text(options.run.string())},
                           {"out", text(options.out.string())},
                           {"table", text(table.string())}};
    std::cout << QJsonDocument(json).toJson(QJsonDocument::Compact).toStdString() << '\n';
}

}  // namespace

void addEmbedOptions(CLI::App& command, EmbedOptions& options) {
    command.add_option("folder", options.folder, "Images: a folder, a CSV manifest or an IDX file")
        ->required()
        ->type_name("FOLDER");
    command.add_option("--run", options.run, "The folder of the run whose encoder is used")
        ->required()
        ->type_name("RUN");
    command.add_option("--out", options.out, "Where the embeddings are written; a table of paths is written beside it")
        ->required()
        ->type_name("FILE.npy");
    command.add_option("--threads", options.threads, "0 takes all cores")->check(CLI::Range(0, 1024));
    command.add_flag("--json", options.json, "The result as one line of JSON");
    command.add_flag("--quiet", options.quiet, "No progress on standard error");
}

int runEmbed(const EmbedOptions& options) {
    tableBeside(options.out);  // a wrong name is told before the work
    Progress progress(options.quiet);
    const std::shared_ptr<const Checkpoint> checkpoint = newestCheckpoint(options.run, progress);
    const ImageEmbedder embedder(*checkpoint, options.threads);
    Doorbell bell;
    const Interrupt interrupt(bell);
    const std::shared_ptr<const DataSet> data =
        loadImages(settingsFor(options.folder, embedder.shape()), userImageCache(), bell, interrupt, progress);
    if (!data) return kInterrupted;
    progress.finishLine();
    const std::vector<float> rows = embedded(embedder, *data, bell, interrupt);
    if (interrupt.raised()) return kInterrupted;
    writeEmbeddedImages(options.out, *data, rows, embedder.dimension());
    report(options, *data, embedder, *checkpoint);
    return 0;
}

}  // namespace embedscope
