#pragma once

#include "engine/data_set.h"

#include <QString>
#include <QStringList>

#include <map>
#include <vector>

namespace embedscope {

/// Words that the user put on samples. A value.
class SampleTags {
public:
    void add(const std::vector<int>& samples, const QString& tag);
    void remove(const std::vector<int>& samples, const QString& tag);
    QStringList tagsOf(int sample) const;
    /// Samples by tag, rising; no tag without samples.
    const std::map<QString, std::vector<int>>& all() const { return samples_; }
    bool operator==(const SampleTags&) const = default;

private:
    std::map<QString, std::vector<int>> samples_;
};

/// Where the tags of a data set are kept on this machine; empty for one that has no fingerprint.
QString tagsFile(const DataSet& data);

/// CSV with the columns path and tag. Paths that the data set does not have are passed over; no file: no tags.
/// @throws std::runtime_error naming a file that cannot be read or is larger than 64 MiB.
SampleTags readTags(const QString& file, const DataSet& data);
/// In full or not at all. @throws std::runtime_error naming the file.
void writeTags(const QString& file, const DataSet& data, const SampleTags& tags);

/// "path,label,split,tags" and a line a sample. @throws as above.
void writeSampleList(const QString& file, const DataSet& data, const std::vector<int>& samples, const SampleTags& tags);

}  // namespace embedscope
