#include "app/headless_pictures.h"

#include "app/doorbell.h"
#include "engine/projection.h"
#include "ui/scatter/picture.h"

#include <QBuffer>
#include <QGuiApplication>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <stdexcept>
#include <utility>

namespace embedscope {
namespace {

namespace fs = std::filesystem;

void save(const fs::path& file, const Layout& layout, const DataSet& data, const PictureStyle& style) {
    savePicture(file, renderPicture(layout, data, style.size, style.dark));
}

[[noreturn]] void failNotFinite() {
    throw std::runtime_error(
        "The embeddings are not finite any more, so there is no picture; lower the learning rate.");
}

class PictureRecorder : public RunRecorder {
public:
    PictureRecorder(std::unique_ptr<RunRecorder> inner, fs::path folder, std::shared_ptr<const DataSet> data,
                    const PictureStyle& style)
        : inner_(std::move(inner)),
          folder_(std::move(folder)),
          data_(std::move(data)),
          style_(style),
          projection_([this] { drawn_.ring(); }) {}

    void begin(const Experiment& experiment, const DataSet& data) override {
        if (inner_) inner_->begin(experiment, data);
    }
    void report(const MetricsRow& row) override {
        if (inner_) inner_->report(row);
    }
    void event(std::int64_t step, std::string_view kind, std::string_view json) override {
        if (inner_) inner_->event(step, kind, json);
    }
    void weights(const EncoderWeights& weights) override {
        if (inner_) inner_->weights(weights);
    }
    void checkpoint(std::shared_ptr<const Checkpoint> checkpoint) override {
        if (inner_) inner_->checkpoint(std::move(checkpoint));
    }
    void end(const Snapshot& last) override {
        if (inner_) inner_->end(last);
    }
    void epochEnd(int epoch, const BankFrame& bank) override {
        if (inner_) inner_->epochEnd(epoch, bank);
        char name[32];
        std::snprintf(name, sizeof name, "epoch_%04d.png", epoch);
        save(folder_ / name, *layoutOf(bank), *data_, style_);
    }

private:
    /// Blocks until the projection has drawn this very bank.
    std::shared_ptr<const Layout> layoutOf(const BankFrame& bank) {
        // It skips a bank that is not finite, and would be waited for in vain.
        if (!std::ranges::all_of(bank.embeddings, [](float value) { return std::isfinite(value); })) failNotFinite();
        const auto shown = std::make_shared<const BankFrame>(bank);
        projection_.follow(shown);
        while (true) {
            const std::shared_ptr<const Layout> layout = projection_.latest();
            if (layout && layout->bank == shown) return layout;
            drawn_.wait();
        }
    }

    std::unique_ptr<RunRecorder> inner_;
    fs::path folder_;
    std::shared_ptr<const DataSet> data_;
    PictureStyle style_;
    Doorbell drawn_;
    ProjectionRun projection_;  // Last: ends before the bell that it rings.
};

}  // namespace

void prepareHeadlessPictures() {
    if (QCoreApplication::instance()) return;
    qputenv("QT_QPA_PLATFORM", "offscreen");
    static int count = 1;
    static char name[] = "embedscope";
    static char* arguments[] = {name, nullptr};
    static QGuiApplication application(count, arguments);
}

void savePicture(const fs::path& file, const QImage& picture) {
    if (!picture.save(QString::fromStdString(file.string()), "PNG"))
        throw std::runtime_error("The picture \"" + file.string() +
                                 "\" cannot be written; check that its folder exists and has room.");
}

void writePicture(const fs::path& file, std::shared_ptr<const BankFrame> bank, const DataSet& data,
                  const PictureStyle& style) {
    const std::shared_ptr<const Layout> layout = projectOnce(std::move(bank));
    if (!layout) failNotFinite();
    save(file, *layout, data, style);
}

std::vector<std::uint8_t> pictureBytes(const Layout& layout, const DataSet& data, const PictureStyle& style) {
    QByteArray bytes;
    QBuffer buffer(&bytes);
    if (!renderPicture(layout, data, style.size, style.dark).save(&buffer, "PNG"))
        throw std::runtime_error("A picture cannot be made; there may be too little memory.");
    return {bytes.begin(), bytes.end()};
}

std::unique_ptr<RunRecorder> withPictures(std::unique_ptr<RunRecorder> inner, const fs::path& folder,
                                          std::shared_ptr<const DataSet> data, const PictureStyle& style) {
    std::error_code failure;
    fs::create_directories(folder, failure);
    if (failure)
        throw std::runtime_error("The folder \"" + folder.string() + "\" cannot be made: " + failure.message() + ".");
    return std::make_unique<PictureRecorder>(std::move(inner), folder, std::move(data), style);
}

}  // namespace embedscope
