#pragma once

#include <QByteArray>
#include <QImage>
#include <QSaveFile>
#include <QString>

#include <cstdint>

namespace embedscope {

/// Writes an animated PNG (APNG 1.0; every browser plays it, and other programs show the first frame) frame by frame,
/// so that memory holds one. Any one thread at a time.
class AnimatedPng {
public:
    /// @param frames So many will be added. @param milliseconds For each of them.
    /// @throws std::runtime_error naming the file, as all of these do.
    AnimatedPng(const QString& file, int frames, int milliseconds);

    /// All of one size.
    void add(const QImage& frame);
    /// The file is there in full, or not at all without this.
    void finish();

private:
    void writeChunk(const char* type, const QByteArray& data);
    QByteArray frameControl(const QSize& size);
    void write(const QByteArray& bytes);

    QSaveFile file_;
    int frames_, milliseconds_;
    std::uint32_t sequence_ = 0;  ///< Of control and data chunks together.
    int added_ = 0;
};

}  // namespace embedscope
