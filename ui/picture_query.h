#pragma once

#include "engine/checkpoint.h"
#include "engine/data_set.h"
#include "engine/projection.h"
#include "ui/inspector/newest_task.h"
#include "ui/scatter/map_place.h"

#include <QImage>
#include <QObject>
#include <QString>

#include <filesystem>
#include <memory>
#include <vector>

namespace embedscope {

/// Where a picture that is no sample lies among them.
struct QueryAnswer {
    std::filesystem::path file;
    QImage picture;                ///< At most a few hundred pixels wide.
    std::int64_t step = 0;         ///< Of the weights that embedded it.
    MapPlace place;                ///< In the layout's coordinates.
    std::vector<int> neighbors;    ///< Samples of the data set, nearest first.
    std::vector<float> distances;  ///< Euclidean, as many.
    QString problem;               ///< A sentence if there is no answer; the rest is empty then.
};

/// Whose weights embed it.
struct QuerySource {
    std::shared_ptr<const Checkpoint> checkpoint;  ///< Of a run of this session.
    std::filesystem::path runFolder;               ///< Else the newest one in here.
};

/// "Where would this picture lie?": embeds it with the newest weights of a run, off the UI thread, and asks again as
/// the map moves. UI thread.
class PictureQuery : public QObject {
    Q_OBJECT
public:
    explicit PictureQuery(QObject* parent = nullptr);
    ~PictureQuery() override;

    /// Replaces a query that was asked before.
    void ask(const std::filesystem::path& file, QuerySource source, std::shared_ptr<const Layout> layout);
    /// Another layout or newer weights; nothing without a query.
    void follow(QuerySource source, std::shared_ptr<const Layout> layout);
    void clear();
    bool isAsked() const { return !file_.empty(); }

Q_SIGNALS:
    void answered(std::shared_ptr<const QueryAnswer> answer);

private:
    struct Embedded;

    std::filesystem::path file_;
    std::shared_ptr<Embedded> embedded_;  ///< Used by one piece of work at a time.
    NewestTask<std::shared_ptr<const QueryAnswer>> task_;
};

}  // namespace embedscope
