#include "engine/encoder_weights.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cstring>
#include <filesystem>

using namespace embedscope;

namespace {

EncoderWeights someWeights() {
    return {{"small_cnn", {{"width", 8}}},
            {{"conv.weight", {2, 1, 1, 3}, {1, 2, 3, 4, 5, 6.5F}},
             {"norm.running_mean", {2}, {-1, 0}},
             {"step", {}, {7}},
             {"nothing", {0, 4}, {}}}};
}

QByteArray fileWith(const QByteArray& header, const QByteArray& data) {
    const quint64 length = static_cast<quint64>(header.size());
    QByteArray bytes(8, '\0');
    std::memcpy(bytes.data(), &length, 8);
    return bytes + header + data;
}

}  // namespace

class WeightsTest : public QObject {
    Q_OBJECT

    QTemporaryDir folder_;

    std::filesystem::path path(const char* name) const { return folder_.filePath(name).toStdString(); }

    std::string refusalOf(const QByteArray& bytes) {
        QFile file(folder_.filePath("hostile.safetensors"));
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size()) qFatal("The test cannot write.");
        file.close();
        try {
            readWeights(path("hostile.safetensors"));
        } catch (const std::runtime_error& refusal) {
            return refusal.what();
        }
        return "";
    }

private Q_SLOTS:
    void WhatIsWrittenIsRead() {
        writeWeights(path("a.safetensors"), someWeights());
        const EncoderWeights found = readWeights(path("a.safetensors"));
        QCOMPARE(found.encoder.id, std::string("small_cnn"));
        const EncoderWeights wanted = someWeights();
        QCOMPARE(found.tensors.size(), wanted.tensors.size());
        for (const NamedValues& tensor : wanted.tensors) {
            const auto same = std::ranges::find(found.tensors, tensor.name, &NamedValues::name);
            QVERIFY2(same != found.tensors.end(), tensor.name.c_str());
            QVERIFY(same->shape == tensor.shape && same->values == tensor.values);
        }
    }

    void TheFileIsWhatTheFormatSays() {
        writeWeights(path("b.safetensors"), {{"e", {}}, {{"w", {2}, {1, 2}}}});
        QFile file(folder_.filePath("b.safetensors"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray bytes = file.readAll();
        quint64 length = 0;
        std::memcpy(&length, bytes.constData(), 8);
        QCOMPARE(length % 8, quint64{0});
        const QByteArray header = bytes.mid(8, static_cast<qsizetype>(length)).trimmed();
        QCOMPARE(header, QByteArray(R"({"__metadata__":{"encoder":"e","program":"embedscope"},)"
                                    R"("w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})"));
        QCOMPARE(bytes.size(), static_cast<qsizetype>(8 + length + 8));
    }

    void HostileFilesAreRefused_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("reason");
        const auto row = [](const char* name, const char* header, int data, const char* reason) {
            QTest::newRow(name) << fileWith(header, QByteArray(data, '\0')) << reason;
        };
        QTest::newRow("empty") << QByteArray() << "ends too early";
        QTest::newRow("short") << QByteArray("abc") << "ends too early";
        QTest::newRow("huge header") << QByteArray(8, '\xff') + "{}"
                                     << "does not begin";
        QTest::newRow("long header") << QByteArray("\x40\0\0\0\0\0\0\0{}", 10) << "does not begin";
        row("no JSON", "{\"w\":", 0, "not understood");
        row("deep JSON", QByteArray(100'000, '[').constData(), 0, "not understood");
        row("a list", "[1]", 0, "not understood");
        row("no dtype", R"({"w":{"shape":[1],"data_offsets":[0,4]}})", 4, "not described");
        row("half floats", R"({"w":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}})", 4, "float32");
        row("negative axis", R"({"w":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}})", 4, "cannot be");
        row("overflowing shape", R"({"w":{"dtype":"F32","shape":[4294967296,4294967296,1],"data_offsets":[0,4]}})", 4,
            "cannot be");
        row("wrong size", R"({"w":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}})", 8, "does not agree");
        row("past the end", R"({"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})", 4, "does not agree");
        row("backwards", R"({"w":{"dtype":"F32","shape":[1],"data_offsets":[8,4]}})", 8, "does not agree");
        row("huge offsets",
            R"({"w":{"dtype":"F32","shape":[1],"data_offsets":[18446744073709551612,18446744073709551615]}})", 4,
            "does not agree");
        row("overlap",
            R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})",
            8, "overlaps");
        row("a gap", R"({"w":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})", 8, "gap");
        row("more than said", R"({"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", 8, "more than");
        row("text for numbers", R"({"w":{"dtype":"F32","shape":"1","data_offsets":["0","4"]}})", 4, "cannot be");
    }
    void HostileFilesAreRefused() {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, reason);
        const std::string refusal = refusalOf(bytes);
        QVERIFY2(QString::fromStdString(refusal).contains(reason), refusal.c_str());
        QVERIFY(QString::fromStdString(refusal).contains("hostile.safetensors"));
    }

    void AMissingFileIsASentence() {
        QVERIFY_EXCEPTION_THROWN(readWeights(path("none.safetensors")), std::runtime_error);
        QVERIFY_EXCEPTION_THROWN(readWeights(path("")), std::runtime_error);
    }
};

QTEST_GUILESS_MAIN(WeightsTest)
#include "weights_test.moc"
