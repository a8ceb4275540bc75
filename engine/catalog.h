#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace embedscope {

/// Parameter id -> value, e.g. {"margin", 0.5}. An absent id means its standard value.
using ParameterValues = std::map<std::string, double, std::less<>>;

/// One setting of a catalogue entry. Forms, the command line, saved files and validation all read it from here.
struct Parameter {
    std::string id;
    std::string label;
    std::string unit;  ///< Empty for a pure number.
    std::string help;  ///< What a change does to the picture, in one or two sentences.
    double minimum = 0;
    double maximum = 1;
    double step = 0.1;
    double standard = 0;               ///< The value when nothing was chosen.
    bool changesLive = false;          ///< May be changed while a run goes on.
    std::vector<std::string> options;  ///< If not empty, the value is an index into this list.
};

/// Which groups of samples a loss takes and a miner gives. Bits; a loss and a miner fit if they share one.
enum class Grouping : std::uint8_t { None = 0, Pairs = 1, Triplets = 2, Batch = 4 };

constexpr Grouping operator|(Grouping a, Grouping b) {
    return static_cast<Grouping>(static_cast<std::uint8_t>(a) | static_cast<std::uint8_t>(b));
}
constexpr bool overlaps(Grouping a, Grouping b) {
    return (static_cast<std::uint8_t>(a) & static_cast<std::uint8_t>(b)) != 0;
}

/// One row of a table of choices: a loss, a miner, an encoder, an optimiser, a projection ...
struct CatalogEntry {
    std::string id;
    std::string label;
    std::string group;    ///< Heading under which a form lists it, e.g. "Pair losses".
    std::string help;     ///< What it does to the picture.
    std::string formula;  ///< Plain text; empty where none applies.
    std::string source;   ///< The paper.
    std::vector<Parameter> parameters;
    Grouping grouping = Grouping::None;
};

using Catalog = std::vector<CatalogEntry>;

const Catalog& lossCatalog();
const Catalog& minerCatalog();
const Catalog& encoderCatalog();
const Catalog& samplerCatalog();
const Catalog& optimizerCatalog();
const Catalog& viewLossCatalog();
const Catalog& augmentationCatalog();
const Catalog& headCatalog();
const Catalog& pseudoLabelCatalog();
const Catalog& memoryCatalog();
const Catalog& scheduleCatalog();
const Catalog& projectionCatalog();

/// The row called `id`. @throws std::invalid_argument that names the known ids, e.g. for kind = "loss".
const CatalogEntry& entryOf(const Catalog& catalog, std::string_view id, std::string_view kind);

/// The row's parameter called `id`. @throws std::invalid_argument that names the known ones.
const Parameter& parameterOf(const CatalogEntry& entry, std::string_view id);

/// `values` if it holds `id`, else the row's standard value.
double valueOf(const CatalogEntry& entry, const ParameterValues& values, std::string_view id);

/// All parameters of the row, in the row's order of ids, with standard values where `values` has none.
ParameterValues completed(const CatalogEntry& entry, const ParameterValues& values);

}  // namespace embedscope
