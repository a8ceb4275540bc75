// Standard errors of means over pairs: W. Hoeffding: A Class of Statistics with Asymptotically Normal Distribution.
// Annals of Mathematical Statistics, 1948.
#include "engine/class_distances.h"

#include "engine/evaluation/gallery.h"
#include "engine/evaluation/parallel_blocks.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace embedscope {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

/// The rows that count, with the numbers of their classes.
struct Members {
    std::vector<std::size_t> rows;
    std::vector<std::size_t> classOf;  ///< Of these rows.
    std::vector<ClassNeighborhood> classes;
};

Members membersOf(std::span<const float> embeddings, std::size_t width, std::span<const std::int32_t> labels) {
    std::map<std::int32_t, std::size_t> counts;
    Members members;
    for (std::size_t row = 0; row < labels.size(); ++row) {
        if (labels[row] < 0 || !isFinite(embeddings.subspan(row * width, width))) continue;
        members.rows.push_back(row);
        ++counts[labels[row]];
    }
    std::map<std::int32_t, std::size_t> numbers;
    for (const auto& [label, count] : counts) {
        numbers[label] = members.classes.size();
        members.classes.push_back({label, count, kNone, -1, kNone});
    }
    for (const std::size_t row : members.rows) members.classOf.push_back(numbers[labels[row]]);
    return members;
}

double distance(std::span<const float> a, std::span<const float> b) {
    double square = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const double away = static_cast<double>(a[i]) - static_cast<double>(b[i]);
        square += away * away;
    }
    return std::sqrt(square);
}

/// Sum of the squared deviations of `values` from their mean, by their number less one; 0 of fewer than two.
double varianceOf(std::span<const double> values) {
    if (values.size() < 2) return 0;
    double sum = 0, squares = 0;
    for (const double value : values) sum += value;
    const double mean = sum / static_cast<double>(values.size());
    for (const double value : values) squares += (value - mean) * (value - mean);
    return squares / static_cast<double>(values.size() - 1);
}

/// From each row's mean distance to the other class: to first order a mean over pairs varies as its rows' means do.
ClassDistance distanceOf(std::span<const double> meansOfA, std::span<const double> meansOfB, bool same) {
    ClassDistance result;
    const auto a = static_cast<double>(meansOfA.size()), b = static_cast<double>(meansOfB.size());
    result.pairs = same ? meansOfA.size() * (meansOfA.size() - 1) / 2 : meansOfA.size() * meansOfB.size();
    result.mean = result.standardError = kNone;
    if (result.pairs == 0) return result;
    double sum = 0;
    for (const double mean : meansOfA) sum += mean;
    result.mean = sum / a;
    if (meansOfA.size() < 3 || meansOfB.size() < 3) return result;
    result.standardError =
        std::sqrt(same ? 4 * varianceOf(meansOfA) / a : varianceOf(meansOfA) / a + varianceOf(meansOfB) / b);
    return result;
}

/// means[class][of class] of the rows of `class`, in their order.
using RowMeans = std::vector<std::vector<std::vector<double>>>;

void findImpostors(ClassDistances& found) {
    for (std::size_t a = 0; a < found.classes.size(); ++a) {
        ClassNeighborhood& each = found.classes[a];
        each.spread = found.between(a, a).mean;
        for (std::size_t b = 0; b < found.classes.size(); ++b) {
            const double mean = found.between(a, b).mean;
            if (a == b || !(each.impostor < 0 || mean < each.impostorDistance)) continue;
            each.impostor = found.classes[b].label;
            each.impostorDistance = mean;
        }
    }
}

}  // namespace

std::optional<ClassDistances> classDistances(std::span<const float> embeddings, int dimension,
                                             std::span<const std::int32_t> labels, std::stop_token stop) {
    const auto width = static_cast<std::size_t>(dimension);
    const Members members = membersOf(embeddings, width, labels);
    const std::size_t classes = members.classes.size(), rows = members.rows.size();
    const auto row = [&](std::size_t i) { return embeddings.subspan(members.rows[i] * width, width); };
    std::vector<double> sums(rows * classes);  // of the distances from each row to each class
    const bool complete = forBlocks(rows, 16, stop, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end && !stop.stop_requested(); ++i)
            for (std::size_t other = 0; other < rows; ++other)
                if (other != i) sums[i * classes + members.classOf[other]] += distance(row(i), row(other));
    });
    if (!complete) return std::nullopt;

    RowMeans means(classes, std::vector<std::vector<double>>(classes));
    for (std::size_t i = 0; i < rows; ++i) {
        const std::size_t own = members.classOf[i];
        for (std::size_t of = 0; of < classes; ++of) {
            const std::size_t count = members.classes[of].count - (of == own ? 1 : 0);
            means[own][of].push_back(count > 0 ? sums[i * classes + of] / static_cast<double>(count) : kNone);
        }
    }
    ClassDistances found{members.classes, {}, rows};
    for (std::size_t a = 0; a < classes; ++a)
        for (std::size_t b = 0; b < classes; ++b) found.matrix.push_back(distanceOf(means[a][b], means[b][a], a == b));
    findImpostors(found);
    return found;
}

}  // namespace embedscope
