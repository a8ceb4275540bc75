// Tables, pictures and event files for other programs.

#include "engine/data_load.h"
#include "engine/embedding_file.h"
#include "engine/exports/event_file.h"
#include "engine/machine.h"
#include "engine/run_export.h"
#include "tests/app/stripes.h"
#include "tests/support/kept_run.h"
#include "tests/support/small_experiment.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <cstring>

using namespace embedscope;
using namespace embedscope::test;
namespace fs = std::filesystem;

namespace {

QByteArray hex(const std::string& bytes) {
    return QByteArray::fromStdString(bytes).toHex();
}

}  // namespace

class TableExportsTest : public QObject {
    Q_OBJECT

    QTemporaryDir temporary_;

    fs::path at(const std::string& name) const { return fs::path(temporary_.path().toStdString()) / name; }
    static QByteArray bytesOf(const fs::path& file) {
        QFile opened(QString::fromStdString(file.string()));
        return opened.open(QIODevice::ReadOnly) ? opened.readAll() : QByteArray();
    }
    fs::path run() const { return at("run"); }

private Q_SLOTS:
    void initTestCase() {
        prepareProcess();
        writeStripes(at("images"), 2, 10);
        Experiment experiment = smallExperiment();
        experiment.data.folder = at("images");
        trainInto(run(), experiment, withHoldOut(*loadDataSet(experiment.data), experiment.data, experiment.seed));
    }

    /// The check value of RFC 3720, and records that were computed apart from this program.
    void RecordsAreFramedAsTensorFlowFramesThem() {
        QCOMPARE(crc32c("123456789"), 0xe3069283U);
        QCOMPARE(hex(tfRecord("abc")), QByteArray("0300000000000000b099490e6162636e57f121"));
        QCOMPARE(hex(eventFileStart(0.5)),
                 QByteArray("1800000000000000a37f4b2209000000000000e03f1a0d627261696e2e4576656e743a3266f7e1a8"));
        QCOMPARE(hex(scalarEvent(0.5, 131, {{"loss", 0.25F}})),
                 QByteArray("1b000000000000001a0d9e1309000000000000e03f1083012a0d0a0b0a046c6f7373150000803ed8c196ed"));
    }

    void AnEventFileHasARecordARow() {
        exportRun(run(), "tensorboard", at("board"));
        const fs::directory_iterator files(at("board"));
        const QByteArray bytes = bytesOf(files->path());
        QVERIFY(QString::fromStdString(files->path().filename().string()).startsWith("events.out.tfevents."));
        int records = 0;
        for (qsizetype place = 0; place < bytes.size(); ++records) {
            std::uint64_t length = 0;
            std::memcpy(&length, bytes.data() + place, sizeof length);
            place += static_cast<qsizetype>(sizeof length + 4 + length + 4);
            QVERIFY(place <= bytes.size());
        }
        const auto rows = bytesOf(run() / "metrics.csv").count('\n') - 1;
        QCOMPARE(records, static_cast<int>(rows) + 1);
        QVERIFY(bytes.contains("recall_at_1") && bytes.contains("dissimilar_p90"));
    }

    void NumbersHaveATableBesideThem() {
        exportRun(run(), "npy", at("x.npy"));
        const EmbeddingTable table = readEmbeddings(at("x.npy"));
        const EmbeddingTable own = readEmbeddings(run() / "epochs/epoch_2/embeddings.npy");
        QVERIFY(table.rows == own.rows && table.dimension == 8);
        QCOMPARE(bytesOf(at("x.csv")).count('\n'), static_cast<qsizetype>(table.count) + 1);
    }

    void TheProjectorGetsPictures() {
        QCOMPARE(exportRun(run(), "projector", at("projector")), std::string());
        const QByteArray config = bytesOf(at("projector/projector_config.pbtxt"));
        QVERIFY(config.contains("image_path: \"sprite.png\"") && config.contains("single_image_dim: 16"));
        const auto sprite = loadDataSet({.folder = at("projector"), .imageSize = 80});
        QCOMPARE(sprite->size(), std::size_t{1});
        // 20 pictures in 5 columns; row r of the tensors is picture r.
        const auto images = loadDataSet({.folder = at("images")});
        const std::vector<std::int32_t> index = readLabels(run() / "epochs/epoch_2/index.npy");
        const auto seventh = images->image(static_cast<std::size_t>(index[7]));
        for (std::size_t y = 0; y < 16; ++y)
            for (std::size_t x = 0; x < 16; ++x)
                QCOMPARE(sprite->image(0)[(16 + y) * 80 + 32 + x], seventh[y * 16 + x]);
    }

    void WithoutItsImagesTheProjectorIsToldSo() {
        fs::rename(at("images"), at("elsewhere"));
        const std::string remark = exportRun(run(), "projector", at("bare"));
        fs::rename(at("elsewhere"), at("images"));
        QVERIFY2(QString::fromStdString(remark).contains("no pictures"), remark.c_str());
        QVERIFY(!fs::exists(at("bare/sprite.png")) && !bytesOf(at("bare/projector_config.pbtxt")).contains("sprite"));
        QVERIFY(fs::exists(at("bare/tensors.tsv")));
    }

    void EveryFormatSaysWhenThereIsNoRun() {
        for (const ExportFormat& format : exportFormats()) try {
                exportRun(at("images"), format.id, at("nothing" + format.suffix));
                QFAIL(format.id.c_str());
            } catch (const std::runtime_error& refusal) {
                QVERIFY2(QString(refusal.what()).contains("images"), refusal.what());
            }
    }
};

QTEST_GUILESS_MAIN(TableExportsTest)
#include "table_exports_test.moc"
