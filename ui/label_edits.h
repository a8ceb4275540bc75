#pragma once

#include "engine/data_set.h"

#include <QObject>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace embedscope {

/// Samples that were given a label by hand.
struct LabelEdit {
    std::vector<int> samples;          ///< Rising.
    std::int32_t label = kUnlabelled;  ///< Index into DataSet::classNames, or kUnlabelled.
    bool operator==(const LabelEdit&) const = default;
};

/// The labels that the user changed by hand, in order, with the way back and forth.
class LabelEdits : public QObject {
    Q_OBJECT
public:
    explicit LabelEdits(QObject* parent = nullptr) : QObject(parent) {}

    /// Forgets the edits.
    void setDataSet(std::shared_ptr<const DataSet> original);
    /// What was undone is forgotten. @return whether that changes a label.
    bool relabel(std::vector<int> samples, std::int32_t label);
    /// So many of the edits count, the oldest first; the others are kept for the way forth.
    void setInEffect(std::size_t count);
    std::size_t inEffect() const { return inEffect_; }
    /// Those that count, oldest first.
    std::vector<LabelEdit> edits() const;
    /// The samples whose label differs from the original's, rising.
    std::vector<int> changedSamples() const;
    /// The original's images with the labels that count now; the original itself if none changed.
    std::shared_ptr<const DataSet> dataSet() const { return edited_; }

Q_SIGNALS:
    void changed();

private:
    void apply();

    std::shared_ptr<const DataSet> original_, edited_;
    std::vector<LabelEdit> edits_;
    std::size_t inEffect_ = 0;
};

}  // namespace embedscope
