#include "ui/preferences.h"

#include <QMap>
#include <QSettings>

#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

namespace embedscope {
namespace {

class Preferences {
public:
    Preferences() {
        const QSettings file;
        for (const QString& key : file.allKeys()) values_[key] = file.value(key);
        writer_ = std::jthread([this](const std::stop_token& stop) { keepWriting(stop); });
    }

    QVariant value(const QString& key, const QVariant& standard) {
        const std::scoped_lock lock(mutex_);
        return values_.value(key, standard);
    }

    void set(const QString& key, const QVariant& value) {
        const std::scoped_lock lock(mutex_);
        if (const auto known = values_.constFind(key); known != values_.constEnd() && *known == value) return;
        values_[key] = waiting_.values[key] = value;
        changed_.notify_all();
    }

    void clear() {
        const std::scoped_lock lock(mutex_);
        values_.clear();
        waiting_ = {.clears = true, .values = {}};
        changed_.notify_all();
    }

    void write() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return waiting_.isEmpty() && !isWriting_; });
    }

private:
    struct Changes {
        bool clears = false;  ///< First.
        QMap<QString, QVariant> values;
        bool isEmpty() const { return !clears && values.isEmpty(); }
    };

    /// When it is stopped it still writes what waits.
    void keepWriting(const std::stop_token& stop) {
        std::unique_lock lock(mutex_);
        while (changed_.wait(lock, stop, [this] { return !waiting_.isEmpty(); })) {
            const Changes taken = std::exchange(waiting_, {});
            isWriting_ = true;
            lock.unlock();
            write(taken);
            lock.lock();
            isWriting_ = false;
            changed_.notify_all();
        }
    }

    static void write(const Changes& changes) {
        QSettings file;
        if (changes.clears) file.clear();
        for (auto each = changes.values.begin(); each != changes.values.end(); ++each)
            file.setValue(each.key(), each.value());
        file.sync();
    }

    std::mutex mutex_;
    std::condition_variable_any changed_;
    QMap<QString, QVariant> values_;
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

void clearPreferences() {
    preferences().clear();
}

void writePreferences() {
    preferences().write();
}

}  // namespace embedscope
