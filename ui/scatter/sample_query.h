#pragma once

#include "engine/data_set.h"
#include "engine/manifest_columns.h"

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
///   camera:nikon    in that column of the manifest; of numbers year:1999, year:>1999, year:<2010
///   -bag, -tag:x    must not hold
class SampleQuery {
public:
    /// @param columns Of the manifest; null: none.
    explicit SampleQuery(const QString& text, std::shared_ptr<const SampleColumns> columns = nullptr);

    /// One sentence that names the word and what is possible; empty: the query can be used.
    const QString& problem() const { return problem_; }
    /// No words: it holds for nothing.
    bool isEmpty() const { return words_.empty(); }

    using TagsOf = std::function<QStringList(int sample)>;
    /// Rising. Any thread; about a microsecond a sample.
    std::vector<int> find(const DataSet& data, const TagsOf& tagsOf) const;

private:
    enum class Field { Any, Label, File, Split, Tag, Column };
    struct Word {
        Field field = Field::Any;
        QString text;  ///< Case-folded.
        bool negated = false;
        std::size_t column = 0;  ///< For Field::Column.
    };
    void addWord(const QString& word);
    /// @return whether it is one.
    bool setField(Word& word, const QString& name);
    bool holdsInColumn(const Word& word, std::size_t sample) const;
    bool holds(const Word& word, const DataSet& data, int sample, const QStringList& labels,
               const TagsOf& tagsOf) const;

    std::shared_ptr<const SampleColumns> columns_;
    std::vector<Word> words_;
    QString problem_;
};

}  // namespace embedscope
