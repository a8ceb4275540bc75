#pragma once

#include "engine/data_set.h"
#include "engine/neighbors.h"

#include <QWidget>

#include <memory>
#include <vector>

namespace embedscope {

class NeighborButton;

/// The neighbours of a sample as buttons, as many in a row as fit.
class NeighborGrid : public QWidget {
    Q_OBJECT
public:
    NeighborGrid(int most, QWidget* parent);

    /// @param sample Whose neighbours they are; -1: of none. @param samples Nearest first, indices into the data set;
    /// @param distances as many.
    void showNeighbors(const DataSet& dataSet, int sample, const std::vector<int>& samples,
                       const std::vector<float>& distances);
    void clear();

    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void sampleActivated(int sample);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    int columnsAt(int width) const;
    void place();

    std::vector<NeighborButton*> buttons_;
    std::vector<int> samples_;
};

/// "class: boot" and the file, for tooltips and titles.
QString className(const DataSet& data, int sample);

}  // namespace embedscope
