#pragma once

#include "engine/class_distances.h"
#include "engine/data_set.h"
#include "engine/snapshot.h"
#include "ui/inspector/newest_task.h"

#include <QPointF>
#include <QWidget>

#include <array>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

class QComboBox;
class QLabel;
class QTableWidget;

namespace embedscope {

class FrameLimit;
class OverlayChart;

/// The mean distance of every two classes as a heat map, of training or of held-out images, at the ends of epochs.
class ClassMatrix : public QWidget {
    Q_OBJECT
public:
    /// Images that are measured; of more the first tracked ones, which are in no order.
    static constexpr std::size_t kMostRows = 1500;  // of a split
    static constexpr std::size_t kMostClasses = 60;
    /// Of the embeddings of past epochs, so that other labels or the other split can be measured back to the start.
    static constexpr std::size_t kMostKeptNumbers = std::size_t{6} << 20;  // 24 MB

    explicit ClassMatrix(QWidget* parent = nullptr);
    ~ClassMatrix() override;

    /// UI thread, like all of these.
    void setDataSet(std::shared_ptr<const DataSet> data);
    /// The same images with other labels: the newest and the past epochs are measured anew, the newest first, and what
    /// was measured last stands until then.
    void setLabels(std::shared_ptr<const DataSet> relabelled);
    /// Returns at once; measures exact banks off the UI thread, at most once a second: rows of different steps seem
    /// farther apart than they are.
    void showBank(std::shared_ptr<const BankFrame> bank);

Q_SIGNALS:
    /// The images of the classes of the cell that was clicked, of the split that is shown; indices into the data set,
    /// rising.
    void samplesRequested(const std::vector<int>& samples);

protected:
    void showEvent(QShowEvent* event) override;

private:
    /// What is measured of an exact bank.
    struct Kept {
        std::int64_t step = 0;
        int dimension = 0;
        std::vector<std::int32_t> samples;  ///< [n] At most kMostRows of each split, labelled ones first.
        std::vector<float> rows;            ///< [n, dimension]
    };
    struct Measured {
        std::shared_ptr<const DataSet> data;
        Split split = Split::HoldOut;
        std::shared_ptr<const Kept> kept;
        std::optional<ClassDistances> distances;
    };
    /// The means at one step; for the curves.
    struct Moment {
        std::int64_t step = 0;
        std::vector<std::int32_t> labels;
        std::vector<float> means;  ///< [labels, labels]
    };
    static constexpr std::size_t kMostMoments = 200;  ///< Then every second one goes.
    void build();
    void keep();
    void thinKept();
    std::shared_ptr<const Kept> unmeasured() const;
    void measure();
    void take(const Measured& measured);
    Split split() const;
    void remember(const Measured& measured);
    std::vector<QPointF> curveOf(std::int32_t a, std::int32_t b) const;
    void drawCurves();
    void fill();
    void fillCell(int row, int column, double most);
    std::vector<std::size_t> order() const;
    void selectDescribed();
    void describe(int row, int column);
    QString noteText() const;
    QString textOf(std::size_t a, std::size_t b) const;
    std::optional<std::size_t> numberOf(std::int32_t label) const;
    QString nameOf(std::size_t number) const;

    std::shared_ptr<const DataSet> data_;
    std::shared_ptr<const BankFrame> bank_;
    std::vector<std::shared_ptr<const Kept>> kept_;  ///< By step.
    ClassDistances distances_;
    std::int64_t step_ = 0;                                           ///< Of these.
    std::optional<std::pair<std::int32_t, std::int32_t>> described_;  ///< Labels of the cell that was clicked.
    std::vector<std::size_t> shown_;  ///< Numbers of the classes, as they stand in the table.
    std::unique_ptr<FrameLimit> frames_;
    QComboBox* split_ = nullptr;
    QComboBox* order_ = nullptr;
    QTableWidget* table_ = nullptr;
    QLabel* note_ = nullptr;
    OverlayChart* chart_ = nullptr;
    std::array<std::vector<Moment>, 2> moments_;  ///< By split; each by step.
    NewestTask<Measured> task_;
};

}  // namespace embedscope
