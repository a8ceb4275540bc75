#pragma once

#include "engine/data_set.h"

#include <QString>
#include <QStringList>

#include <functional>
#include <vector>

namespace embedscope {

/// A search for samples: words that must all hold, in any case of letters.
///   boot            in the file's path or in the name of the class
///   label:boot      in the name of the class; label:"ankle boot" with a blank in it, label:none for unlabelled ones
///   file:0017       in the path
///   split:train     or split:held-out
///   tag:wrong       in one of the tags
///   -bag, -tag:x    must not hold
class SampleQuery {
public:
    explicit SampleQuery(const QString& text);

    /// One sentence that names the word and what is possible; empty: the query can be used.
    const QString& problem() const { return problem_; }
    /// No words: it holds for nothing.
    bool isEmpty() const { return words_.empty(); }

    using TagsOf = std::function<QStringList(int sample)>;
    /// Rising. Any thread; about a microsecond a sample.
    std::vector<int> find(const DataSet& data, const TagsOf& tagsOf) const;

private:
    enum class Field { Any, Label, File, Split, Tag };
    struct Word {
        Field field = Field::Any;
        QString text;  ///< Case-folded.
        bool negated = false;
    };
    void addWord(const QString& word);
    bool holds(const Word& word, const DataSet& data, int sample, const QStringList& labels,
               const TagsOf& tagsOf) const;

    std::vector<Word> words_;
    QString problem_;
};

}  // namespace embedscope
