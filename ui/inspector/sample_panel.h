#pragma once

#include "engine/data_set.h"
#include "engine/neighbors.h"
#include "engine/projection.h"
#include "engine/snapshot.h"
#include "ui/inspector/newest_task.h"

#include <QImage>
#include <QWidget>

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

class QLabel;
class QStackedWidget;
class QToolButton;

namespace embedscope {

class FrameLimit;
class NeighborGrid;
class PictureView;

/// One sample: its picture, what is known of it, and its nearest neighbours in the bank, which follow the training.
class SamplePanel : public QWidget {
    Q_OBJECT
public:
    static constexpr int kNeighbors = 12;

    explicit SamplePanel(QWidget* parent = nullptr);
    ~SamplePanel() override;

    /// UI thread, like all of these. Forgets the sample shown.
    void setDataSet(std::shared_ptr<const DataSet> data);
    /// The same images with other labels.
    void setLabels(std::shared_ptr<const DataSet> relabelled);
    /// Returns at once; file and neighbours are read off the UI thread. Call again as the bank moves.
    /// @param bank Null: the sample without its neighbours.
    void showSample(int sample, std::shared_ptr<const BankFrame> bank);
    /// The map as the view shows it: the panel tells the nearest on it beside the nearest in truth. @param shownStep Of
    /// the past, which is said; none: it is the newest, as the bank.
    void showMap(std::shared_ptr<const Layout> layout, std::optional<std::int64_t> shownStep);
    /// What the loss says of the sample on show; empty: nothing is known.
    void setLoss(const QString& text, const QString& help);
    /// Whether the way of the sample over the map is to be drawn.
    bool showsPath() const;
    /// A picture that is no sample instead of one. @param about Lines below its title, HTML.
    /// @param neighbors Samples, nearest first. @param distances Euclidean, as many.
    void showPictureOfOwn(const QImage& picture, const QString& about, const std::vector<int>& neighbors,
                          const std::vector<float>& distances);
    void clear();
    /// The images that are pinned; the button says whether the one on show is.
    void setPinned(std::vector<int> samples);

Q_SIGNALS:
    void pathToggled(bool shown);
    /// The sample on show is to be pinned, or no longer.
    void pinRequested(int sample);
    /// A neighbour was clicked.
    void sampleActivated(int sample);
    /// The neighbours on show changed; nearest first.
    void neighborsFound(std::vector<int> samples);

private:
    struct Picture {
        int sample = -1;
        QImage image;
        QString problem;
    };
    struct Found {
        int sample = -1;
        std::shared_ptr<const BankFrame> bank;
        std::int64_t computedAtStep = 0;
        bool tracked = false;
        std::vector<Neighbor> neighbors;
        bool onMap = false;             ///< The map has the sample.
        std::vector<int> mapNeighbors;  ///< Samples, nearest first.
        std::vector<float> mapDistances;
    };

    void build();
    void describe();
    void showPinned();
    void readPicture();
    void searchNeighbors();
    static Found search(int sample, const std::shared_ptr<const BankFrame>& bank,
                        const std::shared_ptr<const Layout>& layout);
    void showMapNeighbors(const Found& found);
    void showPicture(const Picture& picture);
    void showNeighbors(const Found& found);
    QString summaryOf(const std::vector<int>& samples) const;
    QString likeliestClass(const std::vector<int>& samples) const;

    std::shared_ptr<const DataSet> data_;
    std::shared_ptr<const BankFrame> bank_;
    std::shared_ptr<const Layout> layout_;
    std::optional<std::int64_t> shownStep_;
    int sample_ = -1;
    std::vector<int> shown_;
    std::vector<int> pinned_;
    std::unique_ptr<FrameLimit> frames_;
    QStackedWidget* pages_ = nullptr;
    QString pictureSize_;  ///< Of the shown sample, as a line; empty while it is not known.
    PictureView* picture_ = nullptr;
    QLabel* title_ = nullptr;
    QLabel* facts_ = nullptr;
    QLabel* age_ = nullptr;
    QLabel* loss_ = nullptr;
    QToolButton *pin_ = nullptr, *path_ = nullptr;
    QLabel *summary_ = nullptr, *mapSummary_ = nullptr;
    NeighborGrid *grid_ = nullptr, *mapGrid_ = nullptr;
    NewestTask<Picture> pictureTask_;
    NewestTask<Found> neighborTask_;
};

}  // namespace embedscope
