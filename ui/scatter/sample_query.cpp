#include "ui/scatter/sample_query.h"

#include <QObject>
#include <QRegularExpression>

#include <algorithm>
#include <utility>

namespace embedscope {
namespace {

const char* const kNoLabel = "none";
const char* const kSplits[] = {"train", "held-out"};  // by Split

QString unquoted(QString text) {
    return text.remove('"').toCaseFolded();
}

}  // namespace

SampleQuery::SampleQuery(const QString& text, std::shared_ptr<const SampleColumns> columns)
    : columns_(std::move(columns)) {
    // Words end at blanks that are not within quotation marks.
    static const QRegularExpression kWord(R"((?:[^\s"]|"[^"]*"?)+)");
    for (auto found = kWord.globalMatch(text); found.hasNext();) addWord(found.next().captured());
}

void SampleQuery::addWord(const QString& word) {
    Word added;
    QString rest = word;
    if (rest.startsWith('-') && rest.size() > 1) {
        added.negated = true;
        rest.remove(0, 1);
    }
    const qsizetype colon = rest.startsWith('"') ? -1 : rest.indexOf(':');
    if (colon >= 0) {
        if (!setField(added, unquoted(rest.left(colon)))) return;
        rest.remove(0, colon + 1);
    }
    added.text = unquoted(rest);
    const bool isSplit = added.text == QLatin1String(kSplits[0]) || added.text == QLatin1String(kSplits[1]);
    if (added.field == Field::Split && !isSplit)
        problem_ = QObject::tr("“split:%1” is not known; use split:train or split:held-out.").arg(rest);
    if (!added.text.isEmpty()) words_.push_back(std::move(added));
}

bool SampleQuery::setField(Word& word, const QString& name) {
    QStringList names{"label", "file", "split", "tag"};
    if (const qsizetype index = names.indexOf(name); index >= 0) {
        word.field = static_cast<Field>(index + 1);
        return true;
    }
    for (std::size_t i = 0; columns_ && i < columns_->size(); ++i) {
        const QString column = QString::fromStdString((*columns_)[i].name);
        if (column.toCaseFolded() == name) {
            word.field = Field::Column;
            word.column = i;
            return true;
        }
        names << column;
    }
    const QString last = names.takeLast();
    problem_ = QObject::tr("“%1:” is not known here; use %2: or %3:.").arg(name, names.join(":, "), last);
    return false;
}

/// Numbers are compared as such, texts hold the word.
bool SampleQuery::holdsInColumn(const Word& word, std::size_t sample) const {
    const SampleColumn& column = (*columns_)[word.column];
    if (!column.isNumeric()) return QString::fromStdString(column.textOf(sample)).toCaseFolded().contains(word.text);
    const bool above = word.text.startsWith('>'), below = word.text.startsWith('<');
    bool known = false;
    const float wanted = word.text.mid(above || below ? 1 : 0).toFloat(&known), value = column.numbers[sample];
    return known && (above ? value > wanted : below ? value < wanted : value == wanted);
}

bool SampleQuery::holds(const Word& word, const DataSet& data, int index, const QStringList& labels,
                        const TagsOf& tagsOf) const {
    const Sample& sample = data.samples[static_cast<std::size_t>(index)];
    const auto inLabel = [&] { return sample.label >= 0 && labels[sample.label].contains(word.text); };
    const auto inPath = [&] { return QString::fromStdString(sample.path).toCaseFolded().contains(word.text); };
    switch (word.field) {
        case Field::Any:
            return inLabel() || inPath();
        case Field::Label:
            return sample.label == kUnlabelled ? word.text == QLatin1String(kNoLabel) : inLabel();
        case Field::File:
            return inPath();
        case Field::Split:
            return word.text == QLatin1String(kSplits[static_cast<int>(sample.split)]);
        case Field::Tag:
            return std::ranges::any_of(tagsOf(index),
                                       [&](const QString& tag) { return tag.toCaseFolded().contains(word.text); });
        case Field::Column:
            return holdsInColumn(word, static_cast<std::size_t>(index));
    }
    return false;
}

std::vector<int> SampleQuery::find(const DataSet& data, const TagsOf& tagsOf) const {
    std::vector<int> found;
    if (isEmpty() || !problem_.isEmpty()) return found;
    QStringList labels;
    for (const std::string& name : data.classNames) labels << QString::fromStdString(name).toCaseFolded();
    for (int sample = 0; sample < static_cast<int>(data.size()); ++sample)
        if (std::ranges::all_of(
                words_, [&](const Word& word) { return holds(word, data, sample, labels, tagsOf) != word.negated; }))
            found.push_back(sample);
    return found;
}

}  // namespace embedscope
