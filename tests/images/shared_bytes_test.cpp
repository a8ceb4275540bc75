#include "engine/shared_bytes.h"

#include "engine/machine.h"

#include <QTemporaryFile>
#include <QTest>

#include <sys/mman.h>
#include <unistd.h>

using namespace embedscope;

namespace {

constexpr std::size_t kFileBytes = (std::size_t{1} << 30) + (std::size_t{64} << 20);
constexpr std::size_t kReadBytes = std::size_t{64} << 20;
constexpr std::size_t kPage = 4096;

}  // namespace

class SharedBytesTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void AVectorIsShared() {
        const auto vector = std::make_shared<std::vector<std::uint8_t>>(std::vector<std::uint8_t>{1, 2, 3});
        const SharedBytes bytes = vector;
        QCOMPARE(bytes.view().data(), vector->data());
        QCOMPARE(bytes.size(), std::size_t(3));
        QVERIFY(bytes == SharedBytes(vector));
        QVERIFY(!(bytes == SharedBytes(std::make_shared<std::vector<std::uint8_t>>(*vector))));
        bytes.noteRead(1 << 20, 1 << 20);
        QCOMPARE(int(bytes.view()[2]), 3);
    }

    void NothingIsShared() {
        QCOMPARE(SharedBytes(std::shared_ptr<std::vector<std::uint8_t>>()).size(), std::size_t(0));
    }

    /// A file with a hole of a gigabyte takes no space.
    void WhatWasReadOfALargeFileIsLetGoAndComesBack() {
        QTemporaryFile file;
        QVERIFY(file.open());
        QVERIFY(file.resize(qint64(kFileBytes)));
        QVERIFY(file.seek(qint64(5 * kPage)) && file.write("here") == 4 && file.flush());
        void* place = ::mmap(nullptr, kFileBytes, PROT_READ, MAP_SHARED, file.handle(), 0);
        QVERIFY(place != MAP_FAILED);
        const auto mapping = std::shared_ptr<const void>(
            place, [](const void* begin) { ::munmap(const_cast<void*>(begin), kFileBytes); });
        const SharedBytes bytes =
            SharedBytes::ofFile(mapping, {static_cast<const std::uint8_t*>(place) + 7, kFileBytes - 7});
        unsigned sum = 0;
        for (std::size_t at = 0; at < kReadBytes; at += kPage) sum += bytes.view()[at];
        QCOMPARE(sum, 0U);
        const std::size_t before = residentBytes();
        bytes.noteRead(1, 1);
        QVERIFY(residentBytes() + (kReadBytes / 2) > before);  // too little for letting go
        bytes.noteRead(std::size_t{1} << 14, kPage);
        QVERIFY(residentBytes() + kReadBytes / 2 < before);
        QCOMPARE(char(bytes.view()[5 * kPage - 7]), 'h');
    }
};

QTEST_GUILESS_MAIN(SharedBytesTest)
#include "shared_bytes_test.moc"
