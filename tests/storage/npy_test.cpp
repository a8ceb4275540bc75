#include "engine/storage/npy.h"

#include "engine/storage/npy_header.h"

#include <QTemporaryDir>
#include <QTest>

#include <fstream>

using namespace embedscope;
namespace fs = std::filesystem;

namespace {

void writeBytes(const fs::path& file, const std::string& bytes) {
    std::ofstream(file, std::ios::binary).write(bytes.data(), std::streamsize(bytes.size()));
}

std::string readBytes(const fs::path& file) {
    std::ifstream input(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(input), {}};
}

std::string npy(const std::string& header, const std::string& values) {
    return std::string("\x93NUMPY\x01\x00", 8) + char(header.size() & 0xff) + char(header.size() >> 8) + header +
           values;
}

std::string complaint(const fs::path& file) try {
    readNpy(file);
    return "";
} catch (const std::runtime_error& error) {
    return error.what();
}

}  // namespace

class NpyTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void WhatWasWrittenComesBack() {
        const fs::path file = folder() / "a b – 猫.npy";
        const std::vector<float> values = {1, -2.5F, 3e-40F, 4, 5, 6};
        writeNpy(file, values, {3, 2});
        const NpyArray array = readNpy(file);
        QCOMPARE(array.shape, (std::vector<std::size_t>{3, 2}));
        QCOMPARE(std::get<std::vector<float>>(array.values), values);
        QVERIFY(!fs::exists(file.string() + ".writing"));

        const std::vector<std::int32_t> indices = {7, -1, 2'000'000'000};
        writeNpy(file, indices, {3});
        QCOMPARE(readNpy(file).shape, (std::vector<std::size_t>{3}));
        QCOMPARE(std::get<std::vector<std::int32_t>>(readNpy(file).values), indices);
    }

    void BytesAreThoseOfNumPy() {
        // numpy.save of float32 [[1, 2]] with NumPy 1.24, byte by byte.
        const fs::path file = folder() / "bytes.npy";
        writeNpy(file, std::vector<float>{1, 2}, {1, 2});
        std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), }";
        header.resize(117, ' ');
        const std::string values("\x00\x00\x80\x3f\x00\x00\x00\x40", 8);
        QCOMPARE(readBytes(file), npy(header + "\n", values));
        QCOMPARE(npyHeaderText("<i4", {5}), std::string("{'descr': '<i4', 'fortran_order': False, 'shape': (5,), }"));
        QCOMPARE(npyHeaderText("<i4", {}), std::string("{'descr': '<i4', 'fortran_order': False, 'shape': (), }"));
    }

    void EmptyArraysComeBack() {
        const fs::path file = folder() / "empty.npy";
        writeNpy(file, std::vector<float>{}, {0, 64});
        QCOMPARE(readNpy(file).shape, (std::vector<std::size_t>{0, 64}));
    }

    void HostileFilesAreRefused_data() {
        QTest::addColumn<QByteArray>("bytes");
        const auto row = [](const char* name, const std::string& bytes) {
            QTest::newRow(name) << QByteArray(bytes.data(), qsizetype(bytes.size()));
        };
        const auto dict = [](const std::string& shape) {
            return "{'descr': '<f4', 'fortran_order': False, 'shape': " + shape + "}\n";
        };
        row("empty", "");
        row("other file", "PNG and so on, long enough to be read");
        row("only magic", std::string("\x93NUMPY", 6));
        row("unknown version", std::string("\x93NUMPY\x09\x00", 8) + "\x10");
        row("header longer than file", std::string("\x93NUMPY\x01\x00\xff\xff{", 11));
        row("4 GiB header", std::string("\x93NUMPY\x02\x00\xff\xff\xff\xff{", 13));
        row("too few values", npy(dict("(3,)"), std::string(8, '\0')));
        row("too many values", npy(dict("(3,)"), std::string(16, '\0')));
        row("product overflows to the size", npy(dict("(4611686018427387905, 4)"), std::string(16, '\0')));
        row("bytes overflow", npy(dict("(4611686018427387905,)"), std::string(4, '\0')));
        row("huge claim", npy(dict("(1000000000000,)"), std::string(4, '\0')));
        row("number too long", npy(dict("(99999999999999999999999,)"), std::string(4, '\0')));
        row("negative", npy(dict("(-1,)"), std::string(4, '\0')));
        row("no tuple", npy(dict("(1)"), std::string(4, '\0')));
        row("33 dimensions", npy(dict("(" + QString("1,").repeated(33).toStdString() + ")"), std::string(4, '\0')));
        row("no shape", npy("{'descr': '<f4', 'fortran_order': False}\n", std::string(4, '\0')));
        row("key twice",
            npy("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1,)}\n", std::string(4, '\0')));
        row("strange key",
            npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'x': 1}\n", std::string(4, '\0')));
        row("rest behind", npy(dict("(1,)") + "x", std::string(4, '\0')));
        row("objects", npy("{'descr': '|O', 'fortran_order': False, 'shape': (1,)}\n", std::string(4, '\0')));
        row("big endian", npy("{'descr': '>f4', 'fortran_order': False, 'shape': (1,)}\n", std::string(4, '\0')));
        row("Fortran order", npy("{'descr': '<f4', 'fortran_order': True, 'shape': (1,)}\n", std::string(4, '\0')));
        row("structured",
            npy("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}\n", std::string(4, '\0')));
        row("string not closed", npy("{'descr", ""));
    }

    void HostileFilesAreRefused() {
        QFETCH(QByteArray, bytes);
        const fs::path file = folder() / "hostile.npy";
        writeBytes(file, bytes.toStdString());
        const std::string sentence = complaint(file);
        QVERIFY2(sentence.find("hostile.npy") != std::string::npos, sentence.c_str());
    }

    void EveryCutOfAGoodFileIsRefused() {
        const fs::path file = folder() / "whole.npy";
        writeNpy(file, std::vector<float>{1, 2, 3, 4}, {2, 2});
        const std::string whole = readBytes(file);
        for (std::size_t length = 0; length < whole.size(); ++length) {
            writeBytes(file, whole.substr(0, length));
            QVERIFY(!complaint(file).empty());
        }
    }

    void FoldersAndMissingFilesAreRefused() {
        QVERIFY(!complaint(folder()).empty());
        QVERIFY(!complaint(folder() / "nothing.npy").empty());
        QVERIFY(!complaint("/dev/zero").empty());
    }

private:
    fs::path folder() const { return temporary_.path().toStdString(); }
    QTemporaryDir temporary_;
};

QTEST_APPLESS_MAIN(NpyTest)
#include "npy_test.moc"
