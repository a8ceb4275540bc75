#pragma once

#include "engine/data_set.h"
#include "engine/snapshot.h"
#include "engine/watched_pairs.h"

#include <QPointF>
#include <QWidget>

#include <map>
#include <memory>
#include <utility>
#include <vector>

class QHBoxLayout;
class QLabel;
class QPushButton;
class QTableWidget;

namespace embedscope {

class FrameLimit;
class OverlayChart;

/// The pinned images: the distance of each pair now, and as a curve over the steps since it was pinned.
class WatchPanel : public QWidget {
    Q_OBJECT
public:
    static constexpr std::size_t kMost = 8;

    explicit WatchPanel(QWidget* parent = nullptr);
    ~WatchPanel() override;

    /// UI thread, like all of these. Forgets the curves, and of other data what was pinned.
    void setDataSet(std::shared_ptr<const DataSet> data);
    /// The same images with other labels.
    void setLabels(std::shared_ptr<const DataSet> relabelled);
    /// Returns at once; draws a few times a second and only while visible.
    void showBank(std::shared_ptr<const BankFrame> bank);
    /// Pins a sample, or unpins it. A ninth is not taken.
    void toggle(int sample);
    void unpinAll();

    const std::vector<int>& samples() const { return samples_; }
    /// The curve of a pair of samples so far: step, distance.
    std::vector<QPointF> curveOf(int first, int second) const;

Q_SIGNALS:
    void pinsChanged(const std::vector<int>& samples);

protected:
    void showEvent(QShowEvent* event) override;

private:
    using Curve = std::vector<QPointF>;
    void build();
    void restart();
    void setSamples(std::vector<int> samples);
    void follow();
    void makePins();
    void draw();
    void drawChart(const std::vector<WatchedPair>& pairs);
    void fillTable(const std::vector<WatchedPair>& pairs);
    bool isSimilar(const WatchedPair& pair) const;
    QString nameOf(int sample) const;
    const Curve& curve(const WatchedPair& pair) const;

    std::shared_ptr<const DataSet> data_;
    std::shared_ptr<const BankFrame> bank_;
    std::vector<int> samples_;
    std::map<std::pair<int, int>, Curve> curves_;  ///< By samples, the smaller first.
    std::unique_ptr<FrameLimit> frames_;
    QLabel* note_ = nullptr;
    QHBoxLayout* pins_ = nullptr;
    QPushButton* clear_ = nullptr;
    OverlayChart* chart_ = nullptr;
    QTableWidget* table_ = nullptr;
};

}  // namespace embedscope
