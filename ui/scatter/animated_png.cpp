#include "ui/scatter/animated_png.h"

#include <QBuffer>
#include <QDir>
#include <QObject>
#include <QtEndian>

#include <array>
#include <cassert>
#include <stdexcept>

namespace embedscope {
namespace {

constexpr int kSignature = 8, kAround = 12;  // bytes of a chunk beside its data: length, type, checksum

std::uint32_t crcOf(const QByteArray& bytes) {
    static const std::array<std::uint32_t, 256> table = [] {
        std::array<std::uint32_t, 256> made{};
        for (std::uint32_t i = 0; i < 256; ++i) {
            std::uint32_t value = i;
            for (int bit = 0; bit < 8; ++bit) value = value & 1 ? 0xedb88320U ^ (value >> 1) : value >> 1;
            made[i] = value;
        }
        return made;
    }();
    std::uint32_t crc = 0xffffffffU;
    for (const char byte : bytes) crc = table[(crc ^ static_cast<unsigned char>(byte)) & 0xff] ^ (crc >> 8);
    return crc ^ 0xffffffffU;
}

template <typename Number>
QByteArray bigEndian(Number number) {
    QByteArray bytes(sizeof number, Qt::Uninitialized);
    qToBigEndian(number, bytes.data());
    return bytes;
}

struct Chunk {
    QByteArray type, data;
};

QList<Chunk> chunksOf(const QByteArray& png) {
    QList<Chunk> chunks;
    for (qsizetype at = kSignature; at + kAround <= png.size();) {
        const auto length = static_cast<qsizetype>(qFromBigEndian<std::uint32_t>(png.constData() + at));
        chunks.append({png.mid(at + 4, 4), png.mid(at + 8, length)});
        at += length + kAround;
    }
    return chunks;
}

QByteArray pngOf(const QImage& image) {
    QByteArray bytes;
    QBuffer buffer(&bytes);
    // Without alpha, so that every frame has the colour type of the first.
    image.convertToFormat(QImage::Format_RGB32).save(&buffer, "PNG");
    return bytes;
}

}  // namespace

AnimatedPng::AnimatedPng(const QString& file, int frames, int milliseconds)
    : file_(file), frames_(frames), milliseconds_(milliseconds) {
    if (!file_.open(QSaveFile::WriteOnly)) write({});
}

void AnimatedPng::write(const QByteArray& bytes) {
    if (file_.isOpen() && file_.write(bytes) == bytes.size()) return;
    throw std::runtime_error(QObject::tr("\"%1\" cannot be written; check the folder and the free space.")
                                 .arg(QDir::toNativeSeparators(file_.fileName()))
                                 .toStdString());
}

void AnimatedPng::writeChunk(const char* type, const QByteArray& data) {
    const QByteArray body = QByteArray(type, 4) + data;
    write(bigEndian(static_cast<std::uint32_t>(data.size())) + body + bigEndian(crcOf(body)));
}

QByteArray AnimatedPng::frameControl(const QSize& size) {
    const std::uint32_t none = 0;
    return bigEndian(sequence_++) + bigEndian(static_cast<std::uint32_t>(size.width())) +
           bigEndian(static_cast<std::uint32_t>(size.height())) + bigEndian(none) + bigEndian(none) +
           bigEndian(static_cast<std::uint16_t>(milliseconds_)) + bigEndian(std::uint16_t{1000}) +
           QByteArray(2, '\0');  // stays until the next one, which replaces it
}

void AnimatedPng::add(const QImage& frame) {
    const QByteArray png = pngOf(frame);
    const QList<Chunk> chunks = chunksOf(png);
    if (added_ == 0) {
        write(png.left(kSignature));
        for (const Chunk& chunk : chunks)
            if (chunk.type == "IHDR") writeChunk("IHDR", chunk.data);
        writeChunk("acTL", bigEndian(static_cast<std::uint32_t>(frames_)) + bigEndian(std::uint32_t{0}));  // for ever
    }
    writeChunk("fcTL", frameControl(frame.size()));
    for (const Chunk& chunk : chunks) {
        if (chunk.type != "IDAT") continue;
        if (added_ == 0)
            writeChunk("IDAT", chunk.data);
        else
            writeChunk("fdAT", bigEndian(sequence_++) + chunk.data);
    }
    ++added_;
}

void AnimatedPng::finish() {
    assert(added_ == frames_);
    writeChunk("IEND", {});
    if (!file_.commit()) {
        file_.cancelWriting();
        throw std::runtime_error(QObject::tr("\"%1\" cannot be written; check the folder and the free space.")
                                     .arg(QDir::toNativeSeparators(file_.fileName()))
                                     .toStdString());
    }
}

}  // namespace embedscope
