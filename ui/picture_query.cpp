#include "ui/picture_query.h"

#include "engine/image_embedder.h"
#include "engine/layout_places.h"
#include "engine/neighbors.h"
#include "engine/picture_file.h"
#include "engine/run_resume.h"
#include "ui/inspector/pixels.h"

#include <exception>
#include <stdexcept>
#include <utility>

namespace embedscope {
namespace {

constexpr int kNeighbors = 12;
constexpr int kPictureSide = 512;

std::shared_ptr<const Checkpoint> checkpointOf(const QuerySource& source) {
    if (source.checkpoint) return source.checkpoint;
    if (source.runFolder.empty())
        throw std::runtime_error("These embeddings came without their encoder, so no other picture can be embedded.");
    const ResumePoint point = resumePointOf(source.runFolder);
    if (!point.checkpoint)
        throw std::runtime_error("The run has no checkpoint yet; ask again when its first epoch is over.");
    return point.checkpoint;
}

}  // namespace

/// The picture as the weights of one step see it.
struct PictureQuery::Embedded {
    std::int64_t step = -1;
    QImage picture;
    std::vector<float> row;

    void bringUpToDate(const std::filesystem::path& file, const QuerySource& source, const Layout& layout) {
        const bool newer = source.checkpoint ? source.checkpoint->step != step : layout.step > step;
        if (step >= 0 && !newer) return;
        const std::shared_ptr<const Checkpoint> checkpoint = checkpointOf(source);
        const ImageEmbedder embedder(*checkpoint, 1);  // one picture; the cores are the training's
        const std::shared_ptr<const DataSet> one = readPicture(file, embedder.shape());
        if (picture.isNull()) {
            const Image original = originalImage(*one, 0, kPictureSide);
            picture = imageFromPixels(original.pixels, original.shape);
        }
        row = embedder.embed(*one);
        step = embedder.step();
    }

    QueryAnswer answer(const Layout& layout) const {
        QueryAnswer answer;
        answer.picture = picture;
        answer.step = step;
        const Places places = placesIn(layout, row);
        answer.place = placesOf(places.coordinates, places.depths).front();
        for (const Neighbor& neighbor : nearestTo(*layout.bank, row, kNeighbors)) {
            answer.neighbors.push_back((*layout.samples)[static_cast<std::size_t>(neighbor.row)]);
            answer.distances.push_back(neighbor.distance);
        }
        return answer;
    }
};

PictureQuery::PictureQuery(QObject* parent)
    : QObject(parent), task_([this](std::shared_ptr<const QueryAnswer> answer) {
          if (answer->file == file_) Q_EMIT answered(std::move(answer));
      }) {}

PictureQuery::~PictureQuery() = default;

void PictureQuery::ask(const std::filesystem::path& file, QuerySource source, std::shared_ptr<const Layout> layout) {
    file_ = file;
    embedded_ = std::make_shared<Embedded>();
    follow(std::move(source), std::move(layout));
}

void PictureQuery::follow(QuerySource source, std::shared_ptr<const Layout> layout) {
    if (file_.empty() || !layout || !layout->bank) return;
    task_.start([file = file_, embedded = embedded_, source = std::move(source), layout = std::move(layout)] {
        auto answer = std::make_shared<QueryAnswer>();
        try {
            embedded->bringUpToDate(file, source, *layout);
            *answer = embedded->answer(*layout);
        } catch (const std::exception& problem) {
            answer->problem = QString::fromUtf8(problem.what());
        }
        answer->file = file;
        return std::shared_ptr<const QueryAnswer>(answer);
    });
}

void PictureQuery::clear() {
    file_.clear();
    embedded_.reset();
}

}  // namespace embedscope
