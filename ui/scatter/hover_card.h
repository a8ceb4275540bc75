#pragma once

#include "engine/data_set.h"
#include "engine/projection.h"

#include <QFrame>

#include <memory>

class QLabel;

namespace embedscope {

/// Beside the cursor: the picture of the point under it and what is known of it.
class HoverCard : public QFrame {
    Q_OBJECT
public:
    explicit HoverCard(QWidget* parent);

    /// @param row Of the layout.
    void showPoint(const DataSet& dataSet, const Layout& layout, std::size_t row, QPoint cursor);

private:
    QLabel* picture_ = nullptr;
    QLabel* text_ = nullptr;
};

}  // namespace embedscope
