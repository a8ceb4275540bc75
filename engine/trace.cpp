#include "engine/trace.h"

#include <cstdio>
#include <fstream>
#include <mutex>
#include <set>
#include <stdexcept>
#include <string>
#include <unistd.h>

namespace embedscope {
namespace {

/// Guards what follows: a span may end while its recorder is taken away.
std::mutex& recorderMutex() {
    static std::mutex mutex;
    return mutex;
}

Trace::Recorder* current = nullptr;

thread_local const char* threadName = "helper";

}  // namespace

/// The file, written through a stream's own buffer: a run of hours needs no memory. An array without its end is still
/// a trace, so that of a run that was killed opens too.
class Trace::Recorder {
public:
    using Time = std::chrono::steady_clock::time_point;

    explicit Recorder(const std::filesystem::path& file)
        : file_(file), stream_(file), start_(std::chrono::steady_clock::now()) {
        stream_ << "[\n";
        check();
    }

    void add(const char* name, Time begin, Time end) {
        const auto thread = static_cast<int>(::gettid());
        if (named_.insert(thread).second) {
            separate();
            stream_ << R"({"ph":"M","pid":1,"tid":)" << thread << R"(,"name":"thread_name","args":{"name":")"
                    << threadName << "\"}}";
        }
        char text[160];
        std::snprintf(text, sizeof text, R"({"ph":"X","pid":1,"tid":%d,"ts":%.3f,"dur":%.3f,"name":"%s"})", thread,
                      microseconds(begin - start_), microseconds(end - begin), name);
        separate();
        stream_ << text;
    }

    void finish() {
        stream_ << "\n]\n";
        stream_.close();
        check();
    }

private:
    static double microseconds(std::chrono::steady_clock::duration time) {
        return std::chrono::duration<double, std::micro>(time).count();
    }
    void separate() {
        if (!first_) stream_ << ",\n";
        first_ = false;
    }
    void check() const {
        if (!stream_)
            throw std::runtime_error("The trace \"" + file_.string() +
                                     "\" cannot be written; check the folder and the free space.");
    }

    const std::filesystem::path file_;
    std::ofstream stream_;
    const Time start_;
    std::set<int> named_;  ///< Threads whose names are written.
    bool first_ = true;
};

Trace::Trace(const std::filesystem::path& file) : recorder_(std::make_unique<Recorder>(file)) {
    const std::lock_guard lock(recorderMutex());
    if (current) throw std::runtime_error("Another trace is being recorded; end it first.");
    current = recorder_.get();
    TraceSpan::recording = true;
}

Trace::~Trace() {
    if (!recorder_) return;
    try {
        finish();
    } catch (const std::exception&) {  // said by finish() to those who ask
    }
}

void Trace::finish() {
    const std::lock_guard lock(recorderMutex());
    if (!recorder_) return;
    TraceSpan::recording = false;
    current = nullptr;
    const std::unique_ptr<Recorder> ended = std::move(recorder_);
    ended->finish();
}

void nameThreadInTraces(const char* name) {
    threadName = name;
}

void TraceSpan::record(const char* name, Clock::time_point begin, Clock::time_point end) {
    const std::lock_guard lock(recorderMutex());
    if (current) current->add(name, begin, end);
}

}  // namespace embedscope
