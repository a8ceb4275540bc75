#include "ui/mark_book.h"

#include <algorithm>
#include <utility>

namespace embedscope {
namespace {

bool sameImages(const DataSet& a, const DataSet& b) {
    return a.root == b.root && a.classNames == b.classNames &&
           std::ranges::equal(a.samples, b.samples, {}, &Sample::path, &Sample::path);
}

/// The same mark is there, and none after it that may give its images another label.
bool isSaid(const Mark& mark, const std::vector<Mark>& list) {
    const auto same = std::find(list.rbegin(), list.rend(), mark);
    if (same == list.rend()) return false;
    return mark.kind != MarkKind::Label ||
           std::none_of(list.rbegin(), same, [](const Mark& later) { return later.kind == MarkKind::Label; });
}

}  // namespace

MarkBook::MarkBook(QObject* parent) : QObject(parent), history_{std::make_shared<const Marks>()} {}

void MarkBook::setDataSet(std::shared_ptr<const DataSet> dataSet) {
    if (dataSet == data_) return;
    const bool same = data_ && dataSet && sameImages(*data_, *dataSet);
    data_ = std::move(dataSet);
    if (same) return Q_EMIT changed();
    take(nullptr);
}

void MarkBook::take(std::shared_ptr<const Marks> marks) {
    history_ = {marks ? std::move(marks) : std::make_shared<const Marks>()};
    now_ = 0;
    Q_EMIT begun();
    Q_EMIT changed();
}

void MarkBook::add(Mark mark) {
    if (isSaid(mark, marks()->list)) return;
    append(Marks{{std::move(mark)}});
}

void MarkBook::append(const Marks& added) {
    if (!data_ || added.list.empty()) return;
    if (const auto wrong = problems(added, *data_); !wrong.empty())
        return Q_EMIT refused(QString::fromStdString(wrong.front()));
    Marks next = *marks();
    next.list.insert(next.list.end(), added.list.begin(), added.list.end());
    step(std::move(next));
}

void MarkBook::remove(std::size_t number) {
    Marks next = *marks();
    if (number >= next.list.size()) return;
    next.list.erase(next.list.begin() + static_cast<std::ptrdiff_t>(number));
    step(std::move(next));
}

void MarkBook::setWeight(std::size_t number, double weight) {
    Marks next = *marks();
    if (number >= next.list.size()) return;
    next.list[number].weight = weight;
    step(std::move(next));
}

void MarkBook::clear() {
    step({});
}

void MarkBook::undo() {
    if (canUndo()) moveTo(now_ - 1);
}

void MarkBook::redo() {
    if (canRedo()) moveTo(now_ + 1);
}

void MarkBook::goTo(std::size_t place) {
    place = std::min(place, history_.size() - 1);
    if (place != now_) moveTo(place);
}

void MarkBook::step(Marks next) {
    if (next == *marks()) return;
    history_.resize(now_ + 1);
    history_.push_back(std::make_shared<const Marks>(std::move(next)));
    moveTo(now_ + 1);
}

void MarkBook::moveTo(std::size_t place) {
    now_ = place;
    Q_EMIT changed();
    Q_EMIT edited();
}

}  // namespace embedscope
