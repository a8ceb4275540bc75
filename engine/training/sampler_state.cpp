#include "engine/training/sampler_state.h"

#include <algorithm>
#include <locale>
#include <sstream>
#include <string>
#include <utility>

namespace embedscope {
namespace {

bool sameItems(Indices a, Indices b) {
    std::ranges::sort(a);
    std::ranges::sort(b);
    return a == b;
}

std::string of(std::string_view name, const char* part) {
    return std::string(name) + '.' + part;
}

}  // namespace

void save(const StateWriter& state, std::string_view name, const std::mt19937_64& generator) {
    std::ostringstream text;
    text.imbue(std::locale::classic());
    text << generator;
    state.text(name, text.str());
}

void load(const StateReader& state, std::string_view name, std::mt19937_64& generator) {
    std::istringstream text(state.text(name));
    text.imbue(std::locale::classic());
    if (!(text >> generator)) state.fail(name, "is no random generator");
}

void save(const StateWriter& state, std::string_view name, const Indices& order) {
    state.numbers(name, order);
}

void load(const StateReader& state, std::string_view name, Indices& order) {
    Indices saved = state.numbers<std::int32_t>(name, order.size());
    if (!sameItems(saved, order)) state.fail(name, "orders other items than here");
    order = std::move(saved);
}

void save(const StateWriter& state, std::string_view name, const std::vector<const Deck*>& decks) {
    Indices cards;
    std::vector<std::int64_t> dealt;
    for (const Deck* deck : decks) {
        cards.insert(cards.end(), deck->cards().begin(), deck->cards().end());
        dealt.push_back(static_cast<std::int64_t>(deck->dealt()));
    }
    state.numbers(of(name, "cards"), cards);
    state.numbers(of(name, "dealt"), dealt);
}

void load(const StateReader& state, std::string_view name, const std::vector<Deck*>& decks) {
    std::size_t all = 0;
    for (const Deck* deck : decks) all += deck->size();
    const Indices cards = state.numbers<std::int32_t>(of(name, "cards"), all);
    const auto dealt = state.numbers<std::int64_t>(of(name, "dealt"), decks.size());
    auto next = cards.begin();
    for (std::size_t i = 0; i < decks.size(); ++i) {
        const auto count = static_cast<std::int64_t>(decks[i]->size());
        Indices own(next, next + count);
        next += count;
        if (dealt[i] < 0 || dealt[i] > count || !sameItems(own, decks[i]->cards()))
            state.fail(name, "holds other samples than here");
        *decks[i] = Deck(std::move(own), static_cast<std::size_t>(dealt[i]));
    }
}

}  // namespace embedscope
