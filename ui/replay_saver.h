#pragma once

#include "engine/projection.h"
#include "ui/inspector/newest_task.h"

#include <QObject>
#include <QString>

#include <functional>
#include <memory>
#include <vector>

class QImage;

namespace embedscope {

class EmbeddingView;

/// Writes the recorded frames of a run as pictures of the view: one after the other, drawn on the UI thread and
/// encoded beside it.
class ReplaySaver : public QObject {
    Q_OBJECT
public:
    explicit ReplaySaver(EmbeddingView& view);
    ~ReplaySaver() override;

    using Frames = std::vector<std::shared_ptr<const Layout>>;
    /// An animated PNG. Does nothing while one is being saved, as savePictures(). @param milliseconds For each frame.
    void saveAnimation(const QString& file, Frames frames, int milliseconds);
    /// frame_0001.png and so on, in a folder that is made.
    void savePictures(const QString& folder, Frames frames);
    bool isSaving() const { return next_ < frames_.size(); }

Q_SIGNALS:
    void progressed(int frames, int all);
    /// The view shows some frame: whoever knows what it should show, shows that.
    void finished(const QString& sentence);
    void failed(const QString& sentence);

private:
    /// Writes one frame; @throws std::runtime_error with a sentence.
    using Write = std::function<void(std::size_t index, const QImage& image)>;
    void begin(Frames frames, Write write, QString sentence);
    void saveNext();
    void end(const QString& problem);

    EmbeddingView& view_;
    Frames frames_;
    Write write_;
    QString sentence_;
    std::size_t next_ = 0;
    NewestTask<QString> task_;  ///< A sentence if it failed. Last: waits for its work.
};

}  // namespace embedscope
