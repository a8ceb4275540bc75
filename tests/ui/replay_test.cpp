#include "tests/ui/scatter_data.h"
#include "tests/ui/view_hand.h"
#include "ui/replay_saver.h"
#include "ui/scatter/animated_png.h"
#include "ui/scatter/embedding_view.h"

#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtEndian>
#include <QtTest>

namespace embedscope {
namespace {

/// Types of the chunks and their sequence numbers, where they have some; empty if the file is damaged.
struct Chunks {
    QStringList types;
    QList<quint32> sequence;
};

Chunks chunksOf(const QString& name) {
    QFile file(name);
    if (!file.open(QFile::ReadOnly)) return {};
    const QByteArray bytes = file.readAll();
    Chunks chunks;
    for (qsizetype at = 8; at + 12 <= bytes.size();) {
        const auto length = qFromBigEndian<quint32>(bytes.constData() + at);
        const QByteArray type = bytes.mid(at + 4, 4);
        chunks.types << type;
        if (type == "fcTL" || type == "fdAT") chunks.sequence << qFromBigEndian<quint32>(bytes.constData() + at + 8);
        at += length + 12;
    }
    return chunks;
}

ReplaySaver::Frames someFrames() {
    ReplaySaver::Frames frames;
    std::shared_ptr<const std::vector<std::int32_t>> samples;
    for (int step = 0; step < 4; ++step) {
        const float s = static_cast<float>(step);
        auto layout = std::make_shared<Layout>(*test::makeLayout({-1, -1, 1, -1, -1, 1, 1, 1, s / 4, 0}, step));
        if (samples) layout->samples = samples;
        samples = layout->samples;
        frames.push_back(layout);
    }
    return frames;
}

struct Shown {
    std::shared_ptr<const DataSet> data = test::makeScatterData(5, 5);
    EmbeddingView view;
    QTemporaryDir folder;

    Shown() {
        view.resize(400, 300);
        view.setDataSet(data);
        view.show();
        view.showLayout(someFrames().front());
    }
};

}  // namespace

class ReplayTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void AnAnimationIsAPngWithAllFrames() {
        QTemporaryDir folder;
        const QString file = folder.filePath("three.png");
        AnimatedPng animation(file, 3, 80);
        for (const Qt::GlobalColor color : {Qt::red, Qt::green, Qt::blue}) {
            QImage frame(40, 30, QImage::Format_RGB32);
            frame.fill(color);
            animation.add(frame);
        }
        QVERIFY(!QFile::exists(file));
        animation.finish();
        const Chunks chunks = chunksOf(file);
        QCOMPARE(chunks.types.count("fcTL"), 3);
        QCOMPARE(chunks.types.count("acTL"), 1);
        QVERIFY(chunks.types.indexOf("acTL") < chunks.types.indexOf("IDAT"));
        QCOMPARE(chunks.types.last(), QString("IEND"));
        for (qsizetype i = 0; i < chunks.sequence.size(); ++i) QCOMPARE(chunks.sequence[i], static_cast<quint32>(i));
        const QImage first(file);  // whoever knows no animation shows the first frame
        QCOMPARE(first.size(), QSize(40, 30));
        QCOMPARE(first.pixelColor(5, 5), QColor(Qt::red));
    }

    void AFileThatCannotBeWrittenIsNamed() {
        try {
            AnimatedPng("/nowhere/replay.png", 1, 10);
            QFAIL("It was opened.");
        } catch (const std::exception& failure) {
            QVERIFY(QString(failure.what()).contains("replay.png"));
        }
    }

    void TheFramesOfARunBecomeAnAnimation() {
        Shown shown;
        ReplaySaver saver(shown.view);
        QSignalSpy finished(&saver, &ReplaySaver::finished), progressed(&saver, &ReplaySaver::progressed);
        const QString file = shown.folder.filePath("replay.png");
        saver.saveAnimation(file, someFrames(), 120);
        QVERIFY(saver.isSaving());
        saver.saveAnimation(shown.folder.filePath("another.png"), someFrames(), 120);  // one at a time
        QVERIFY(finished.wait());
        QVERIFY(!saver.isSaving());
        QCOMPARE(progressed.size(), 4);
        QCOMPARE(chunksOf(file).types.count("fcTL"), 4);
        QVERIFY(!QFile::exists(shown.folder.filePath("another.png")));
        QCOMPARE(QImage(file).size(), shown.view.size());
    }

    void OrNumberedPicturesThatDiffer() {
        Shown shown;
        ReplaySaver saver(shown.view);
        QSignalSpy finished(&saver, &ReplaySaver::finished);
        const QString folder = shown.folder.filePath("frames");
        saver.savePictures(folder, someFrames());
        QVERIFY(finished.wait());
        QCOMPARE(QDir(folder).entryList(QDir::Files),
                 (QStringList{"frame_0001.png", "frame_0002.png", "frame_0003.png", "frame_0004.png"}));
        QVERIFY(QImage(folder + "/frame_0001.png") != QImage(folder + "/frame_0004.png"));
    }

    void AFailureEndsTheSavingWithItsSentence() {
        Shown shown;
        ReplaySaver saver(shown.view);
        QSignalSpy failed(&saver, &ReplaySaver::failed);
        saver.savePictures("/proc/nowhere", someFrames());
        QVERIFY(failed.wait());
        QVERIFY(failed[0][0].toString().contains("nowhere"));
        QVERIFY(!saver.isSaving());
    }
};

}  // namespace embedscope

QTEST_MAIN(embedscope::ReplayTest)
#include "replay_test.moc"
