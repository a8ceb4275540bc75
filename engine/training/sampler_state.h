#pragma once

#include "engine/run_state.h"
#include "engine/training/sampler_table.h"

#include <random>
#include <string_view>
#include <vector>

namespace embedscope {

void save(const StateWriter& state, std::string_view name, const std::mt19937_64& generator);
void load(const StateReader& state, std::string_view name, std::mt19937_64& generator);

/// An order of fixed items. @throws std::runtime_error on loading if it is no order of the same items.
void save(const StateWriter& state, std::string_view name, const Indices& order);
void load(const StateReader& state, std::string_view name, Indices& order);

/// All decks in a few tensors, as there may be thousands.
void save(const StateWriter& state, std::string_view name, const std::vector<const Deck*>& decks);
void load(const StateReader& state, std::string_view name, const std::vector<Deck*>& decks);

/// Pointers to all.
template <typename Pointer, typename Decks>
std::vector<Pointer> pointersTo(Decks& decks) {
    std::vector<Pointer> all;
    for (auto& deck : decks) all.push_back(&deck);
    return all;
}

inline void save(const StateWriter& state, std::string_view name, const std::vector<Deck>& decks) {
    save(state, name, pointersTo<const Deck*>(decks));
}
inline void load(const StateReader& state, std::string_view name, std::vector<Deck>& decks) {
    load(state, name, pointersTo<Deck*>(decks));
}

}  // namespace embedscope
