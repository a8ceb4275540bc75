#include "app/train_summary.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <cmath>
#include <cstdio>
#include <span>

namespace embedscope {
namespace {

template <typename... Values>
std::string written(const char* format, Values... values) {
    char text[256];
    std::snprintf(text, sizeof text, format, values...);
    return text;
}

/// Each report counts for the time since the one before.
double meanSpeed(std::span<const MetricsRow> history) {
    double images = 0;
    double seconds = 0;
    for (std::size_t i = 1; i < history.size(); ++i) {
        const double span = history[i].seconds - history[i - 1].seconds;
        if (!std::isfinite(history[i].imagesPerSecond)) continue;
        images += span * history[i].imagesPerSecond;
        seconds += span;
    }
    return seconds > 0 ? images / seconds : MetricsRow::kNone;
}

QJsonValue number(double value) {
    return std::isfinite(value) ? QJsonValue(value) : QJsonValue();
}

QJsonValue jsonOf(const std::optional<MiningReport>& mining) {
    if (!mining) return {};
    return QJsonObject{{"indexed_at_step", static_cast<qint64>(mining->indexedAtStep)},
                       {"indexed", static_cast<qint64>(mining->indexed)},
                       {"refresh_seconds", number(mining->refreshSeconds)},
                       {"recall_at_10", number(mining->recallAt10)},
                       {"guarded_share", number(mining->guardedShare)}};
}

QJsonArray jsonOf(const std::vector<Alarm>& alarms) {
    QJsonArray array;
    for (const Alarm& alarm : alarms) {
        const std::string family(entryOf(alarm.family).id);
        array.append(
            QJsonObject{{"id", QString::fromStdString(alarm.id)},
                        {"family", QString::fromStdString(family)},
                        {"since", static_cast<qint64>(alarm.sinceStep)},
                        {"over", alarm.holds() ? QJsonValue() : QJsonValue(static_cast<qint64>(alarm.overAtStep))},
                        {"sentence", QString::fromStdString(alarm.sentence)},
                        {"advice", QString::fromStdString(alarm.advice)}});
    }
    return array;
}

}  // namespace

double newest(std::span<const MetricsRow> history, double MetricsRow::*column) {
    for (std::size_t i = history.size(); i-- > 0;)
        if (std::isfinite(history[i].*column)) return history[i].*column;
    return MetricsRow::kNone;
}

double meanLossOfLastEpoch(std::span<const MetricsRow> history) {
    double sum = 0;
    int count = 0;
    for (const MetricsRow& row : history) {
        if (row.epoch <= history.back().epoch - 1 || !std::isfinite(row.loss)) continue;
        sum += row.loss;
        ++count;
    }
    return count > 0 ? sum / count : MetricsRow::kNone;
}

TrainSummary summaryOf(const DataSet& data, const Snapshot& last, const HealthState* health) {
    TrainSummary summary;
    summary.images = data.size();
    for (const Sample& sample : data.samples) summary.held += sample.split == Split::HoldOut;
    summary.classes = data.classNames.size();
    summary.skipped = data.skipped.size();
    summary.fromCache = data.fromCache;
    summary.epochs = last.epoch;
    summary.steps = last.step;
    summary.seconds = last.seconds;
    summary.mining = last.mining;
    if (health) summary.alarms = health->alarms;
    summary.stopped = last.phase == RunPhase::Stopped;
    const std::span<const MetricsRow> history = last.history ? std::span(*last.history) : std::span<const MetricsRow>();
    summary.imagesPerSecond = meanSpeed(history);
    summary.recallAt1 = newest(history, &MetricsRow::recallAt1);
    summary.recallAt1Before = history.empty() ? MetricsRow::kNone : history.front().recallAt1;
    for (const MetricsRow& row : history)
        if (row.measures) summary.measures = *row.measures;
    summary.loss = meanLossOfLastEpoch(history);
    return summary;
}

std::string summaryJson(const TrainSummary& summary, const std::filesystem::path& out) {
    QJsonObject measures;
    for (const auto& [id, value] : summary.measures) measures[QString::fromStdString(id)] = number(value);
    QJsonObject json{{"images", static_cast<qint64>(summary.images)},
                     {"images_held_out", static_cast<qint64>(summary.held)},
                     {"classes", static_cast<qint64>(summary.classes)},
                     {"skipped", static_cast<qint64>(summary.skipped)},
                     {"from_cache", summary.fromCache},
                     {"epochs", summary.epochs},
                     {"steps", static_cast<qint64>(summary.steps)},
                     {"seconds", number(summary.seconds)},
                     {"images_per_second", number(summary.imagesPerSecond)},
                     {"recall_at_1", number(summary.recallAt1)},
                     {"recall_at_1_untrained", number(summary.recallAt1Before)},
                     {"measures", measures},
                     {"loss", number(summary.loss)},
                     {"mining", jsonOf(summary.mining)},
                     {"alarms", jsonOf(summary.alarms)},
                     {"stopped", summary.stopped},
                     {"failed_writes", summary.failedWrites},
                     {"out", out.empty() ? QJsonValue() : QJsonValue(QString::fromStdString(out.string()))}};
    return QJsonDocument(json).toJson(QJsonDocument::Compact).toStdString();
}

std::string summaryText(const TrainSummary& summary, const std::filesystem::path& out) {
    std::string text =
        written("%s %.4g %s on %zu images of %zu classes in %.1f s (%.0f images/s).",
                summary.stopped ? "Stopped after" : "Trained", summary.epochs, summary.epochs == 1 ? "epoch" : "epochs",
                summary.images - summary.held, summary.classes, summary.seconds, summary.imagesPerSecond);
    if (std::isfinite(summary.recallAt1))
        text += written(" Recall@1 on %zu held-out images: %.1f %%, untrained %.1f %%.", summary.held,
                        100 * summary.recallAt1, 100 * summary.recallAt1Before);
    if (!out.empty())
        text += (summary.failedWrites > 0 ? " Stored in part in \"" : " Stored in \"") + out.string() + "\".";
    return text;
}

}  // namespace embedscope
