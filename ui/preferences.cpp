#include "ui/preferences.h"

#include <QMap>
#include <QSettings>

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

namespace embedscope {
namespace {

using Values = QMap<QString, QVariant>;
using Change = std::function<QVariant(const QVariant&)>;

Values valuesIn(const QSettings& file) {
    Values values;
    for (const QString& key : file.allKeys()) values[key] = file.value(key);
    return values;
}

class Preferences {
public:
    Preferences() : values_(valuesIn(QSettings())) {
        writer_ = std::jthread([this](const std::stop_token& stop) { keepWriting(stop); });
    }

    QVariant value(const QString& key, const QVariant& standard) {
        const std::scoped_lock lock(mutex_);
        return values_.value(key, standard);
    }

    void set(const QString& key, const QVariant& value) {
        const std::scoped_lock lock(mutex_);
        if (const auto known = values_.constFind(key); known != values_.constEnd() && *known == value) return;
        values_[key] = value;
        waiting_.changes[key] = [value](const QVariant&) { return value; };
        changed_.notify_all();
    }

    void change(const QString& key, Change change) {
        const std::scoped_lock lock(mutex_);
        values_[key] = change(values_.value(key));
        Change& all = waiting_.changes[key];
        if (all)
            all = [first = std::move(all), then = std::move(change)](const QVariant& before) {
                return then(first(before));
            };
        else
            all = std::move(change);
        changed_.notify_all();
    }

    void clear() {
        const std::scoped_lock lock(mutex_);
        values_.clear();
        waiting_ = {.clears = true, .changes = {}};
        changed_.notify_all();
    }

    void write() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return waiting_.isEmpty() && !isWriting_; });
    }

private:
    struct Changes {
        bool clears = false;  ///< First.
        std::map<QString, Change> changes;
        bool isEmpty() const { return !clears && changes.empty(); }
    };

    /// When it is stopped it still writes what waits.
    void keepWriting(const std::stop_token& stop) {
        std::unique_lock lock(mutex_);
        while (changed_.wait(lock, stop, [this] { return !waiting_.isEmpty(); })) {
            const Changes taken = std::exchange(waiting_, {});
            isWriting_ = true;
            lock.unlock();
            std::optional<Values> written = write(taken);
            lock.lock();
            isWriting_ = false;
            if (written && !waiting_.clears) {
                values_ = *std::move(written);
                for (const auto& [key, change] : waiting_.changes) values_[key] = change(values_.value(key));
            }
            changed_.notify_all();
        }
    }

    /// @return All that the file holds then; nothing if it cannot be written: memory has it still.
    static std::optional<Values> write(const Changes& changes) {
        QSettings file;
        if (changes.clears) file.clear();
        for (const auto& [key, change] : changes.changes) file.setValue(key, change(file.value(key)));
        file.sync();
        if (file.status() != QSettings::NoError) return std::nullopt;
        return valuesIn(file);
    }

    std::mutex mutex_;
    std::condition_variable_any changed_;
    Values values_;
    Changes waiting_;
    bool isWriting_ = false;
    std::jthread writer_;  // last: its end is waited for before the rest goes
};

Preferences& preferences() {
    static Preferences all;
    return all;
}

}  // namespace

QVariant preference(const QString& key, const QVariant& standard) {
    return preferences().value(key, standard);
}

void setPreference(const QString& key, const QVariant& value) {
    preferences().set(key, value);
}

void changePreference(const QString& key, Change change) {
    preferences().change(key, std::move(change));
}

void clearPreferences() {
    preferences().clear();
}

void writePreferences() {
    preferences().write();
}

}  // namespace embedscope
