#include "ui/sample_tags.h"

#include "engine/csv_text.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSaveFile>
#include <QStandardPaths>

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <unordered_map>

namespace embedscope {
namespace {

constexpr qint64 kLargestFile = 64 << 20;

[[noreturn]] void fail(const QString& sentence, const QString& file) {
    throw std::runtime_error(sentence.arg(QDir::toNativeSeparators(file)).toStdString());
}

/// A field from `at` on, which then stands behind its comma or at the end.
QString takeField(const QString& line, qsizetype& at) {
    QString field;
    bool quoted = false;
    for (; at < line.size(); ++at) {
        const QChar letter = line[at];
        if (letter == '"' && quoted && at + 1 < line.size() && line[at + 1] == '"')
            field += line[++at];
        else if (letter == '"')
            quoted = !quoted;
        else if (letter == ',' && !quoted)
            break;
        else
            field += letter;
    }
    ++at;
    return field;
}

void writeFile(const QString& file, const QString& text) {
    QDir().mkpath(QFileInfo(file).path());
    QSaveFile saved(file);
    const QByteArray bytes = text.toUtf8();
    if (!saved.open(QSaveFile::WriteOnly) || saved.write(bytes) != bytes.size() || !saved.commit())
        fail(QObject::tr("\"%1\" cannot be written; check the folder and the free space."), file);
}

QString fieldOf(const QString& text) {
    return QString::fromStdString(csvText(text.toStdString()));
}

}  // namespace

void SampleTags::add(const std::vector<int>& samples, const QString& tag) {
    if (samples.empty()) return;
    std::vector<int> sorted = samples, merged;
    std::ranges::sort(sorted);
    sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
    std::vector<int>& own = samples_[tag];
    std::ranges::set_union(own, sorted, std::back_inserter(merged));
    own = std::move(merged);
}

void SampleTags::remove(const std::vector<int>& samples, const QString& tag) {
    const auto found = samples_.find(tag);
    if (found == samples_.end()) return;
    std::vector<int> sorted = samples, rest;
    std::ranges::sort(sorted);
    std::ranges::set_difference(found->second, sorted, std::back_inserter(rest));
    if (rest.empty())
        samples_.erase(found);
    else
        found->second = std::move(rest);
}

QStringList SampleTags::tagsOf(int sample) const {
    QStringList tags;
    for (const auto& [tag, samples] : samples_)
        if (std::ranges::binary_search(samples, sample)) tags << tag;
    return tags;
}

QString tagsFile(const DataSet& data) {
    if (data.fingerprint.empty()) return {};
    return QStandardPaths::writableLocation(QStandardPaths::AppDataLocation) + "/tags/" +
           QString::fromStdString(data.fingerprint) + ".csv";
}

SampleTags readTags(const QString& file, const DataSet& data) {
    SampleTags tags;
    if (file.isEmpty() || !QFile::exists(file)) return tags;
    QFile source(file);
    if (!source.open(QFile::ReadOnly)) fail(QObject::tr("\"%1\" cannot be read; check its permissions."), file);
    if (source.size() > kLargestFile)
        fail(QObject::tr("\"%1\" is larger than 64 MiB and no list of tags; remove it."), file);
    std::unordered_map<std::string, int> sampleOfPath;
    for (std::size_t i = 0; i < data.size(); ++i) sampleOfPath.emplace(data.samples[i].path, static_cast<int>(i));
    std::map<QString, std::vector<int>> found;
    const QString text = QString::fromUtf8(source.readAll());
    for (const QString& line : text.split('\n', Qt::SkipEmptyParts)) {
        qsizetype at = 0;
        const std::string path = takeField(line, at).toStdString();
        const QString tag = takeField(line, at).trimmed();
        const auto sample = sampleOfPath.find(path);
        if (sample != sampleOfPath.end() && !tag.isEmpty()) found[tag].push_back(sample->second);
    }
    for (const auto& [tag, samples] : found) tags.add(samples, tag);
    return tags;
}

void writeTags(const QString& file, const DataSet& data, const SampleTags& tags) {
    if (file.isEmpty()) return;
    QString text = "path,tag\n";
    for (const auto& [tag, samples] : tags.all())
        for (const int sample : samples)
            text += fieldOf(QString::fromStdString(data.samples[static_cast<std::size_t>(sample)].path)) + ',' +
                    fieldOf(tag) + '\n';
    writeFile(file, text);
}

void writeSampleList(const QString& file, const DataSet& data, const std::vector<int>& samples,
                     const SampleTags& tags) {
    QString text = "path,label,split,tags\n";
    for (const int index : samples) {
        const Sample& sample = data.samples[static_cast<std::size_t>(index)];
        const QString label = sample.label < 0
                                  ? QString()
                                  : QString::fromStdString(data.classNames[static_cast<std::size_t>(sample.label)]);
        text += fieldOf(QString::fromStdString(sample.path)) + ',' + fieldOf(label) + ',' +
                (sample.split == Split::Train ? "train" : "val") + ',' + fieldOf(tags.tagsOf(index).join(';')) + '\n';
    }
    writeFile(file, text);
}

}  // namespace embedscope
