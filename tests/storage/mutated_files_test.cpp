// Readers of files that may come from anywhere, given thousands of seeded mutations of good ones: what is not read is a
// sentence (std::runtime_error) that names the file, never a crash, and memory stays bounded.

#include "engine/comparison.h"
#include "engine/data_load.h"
#include "engine/encoder_weights.h"
#include "engine/experiment_file.h"
#include "engine/images/manifest.h"
#include "engine/storage/checkpoint_file.h"
#include "engine/storage/live_points_file.h"
#include "engine/storage/npy.h"
#include "engine/storage/samples_table.h"
#include "engine/viewed_embeddings.h"
#include "engine/viewing/row_names.h"
#include "tests/support/comparisons.h"
#include "tests/support/mutations.h"

#include <zlib.h>

#include <QTemporaryDir>
#include <QTest>

#include <fstream>
#include <functional>
#include <random>

using namespace embedscope;
using namespace embedscope::test;
namespace fs = std::filesystem;

namespace {

using Read = std::function<void(const fs::path&)>;

/// Four pictures of 6 x 6 pixels.
std::string idxImages() {
    std::string text("\0\0\x08\x03\0\0\0\x04\0\0\0\x06\0\0\0\x06", 16);
    for (int i = 0; i < 4 * 36; ++i) text += static_cast<char>(i);
    return text;
}

}  // namespace

class MutatedFilesTest : public QObject {
    Q_OBJECT

    QTemporaryDir temporary_;
    fs::path at(const std::string& name) const { return fs::path(temporary_.path().toStdString()) / name; }

    fs::path goodFile(const QString& kind) const {
        if (kind == "npy") {
            writeNpy(at("good.npy"), std::vector<float>(60, 0.5F), {20, 3});
            return at("good.npy");
        }
        if (kind == "weights") {
            writeWeights(at("good.safetensors"), {{"small_cnn", {{"width", 8}}},
                                                  {{"a.weight", {4, 2}, std::vector<float>(8)}, {"b", {}, {1}}}});
            return at("good.safetensors");
        }
        if (kind == "checkpoint") {
            Checkpoint checkpoint;
            checkpoint.dataFingerprint = "abc";
            const StateWriter state(checkpoint.state);
            state.numbers("bank.embeddings", std::vector<float>(12));
            state.number("steps", std::int64_t{4});
            state.text("generator", "1 2 3");
            writeCheckpoint(at("good.checkpoint"), checkpoint, 10, 20);
            return at("good.checkpoint");
        }
        if (kind == "manifest") {
            std::ofstream(at("good.csv")) << "path,label,split\na/1.png,cat,train\n\"a/2, x.png\",\"do\"\"g\",test\n"
                                             "b/3.png,-1,\nb/4.png,,val\n";
            return at("good.csv");
        }
        if (kind == "idx") {
            std::ofstream(at("good-images-idx3-ubyte"), std::ios::binary) << idxImages();
            return at("good-images-idx3-ubyte");
        }
        if (kind == "idx.gz") {
            const gzFile file = gzopen(at("good-images-idx3-ubyte.gz").c_str(), "wb");
            gzwrite(file, idxImages().data(), static_cast<unsigned>(idxImages().size()));
            gzclose(file);
            return at("good-images-idx3-ubyte.gz");
        }
        if (kind == "tsv") {
            std::ofstream(at("good.tsv")) << "1\t2.5\t-3e-2\n0\t0.125\t7\n4\t5\t6\n-1\t-2\t-3\n";
            return at("good.tsv");
        }
        if (kind == "labels" || kind == "labels.tsv") {
            const char part = kind == "labels" ? ',' : '\t';
            const fs::path file = at(kind == "labels" ? "good_labels.csv" : "good_labels.tsv");
            std::ofstream(file) << "path" << part << "label\na.png" << part << "cat\nb.png" << part << "dog\n";
            return file;
        }
        if (kind == "samples") {
            std::ofstream(at("good_samples.csv")) << "index,path,label,split\n0,a/1.png,cat,train\n"
                                                     "1,\"a/2, x.png\",\"do\"\"g\",hold_out\n2,b/3.png,,train\n";
            return at("good_samples.csv");
        }
        if (kind == "live") {
            BankFrame bank;
            bank.step = 12;
            bank.dimension = 3;
            bank.samples = std::make_shared<std::vector<std::int32_t>>(std::vector<std::int32_t>{0, 4, 2});
            bank.embeddings.assign(9, 0.5F);
            bank.computedAtStep = {1, 2, 12};
            writeLivePoints(at("good_live.safetensors"), bank);
            return at("good_live.safetensors");
        }
        if (kind == "comparison") {
            std::ofstream(at("good_comparison.json")) << toJson(twoMargins());
            return at("good_comparison.json");
        }
        std::ofstream(at("good.json")) << toJson(Experiment{});
        return at("good.json");
    }

private Q_SLOTS:
    void EveryMutationIsReadOrASentence_data() {
        QTest::addColumn<Read>("read");
        const auto row = [](const char* kind, const Read& read) { QTest::newRow(kind) << read; };
        row("npy", [](const fs::path& file) { readNpy(file); });
        row("weights", [](const fs::path& file) { readWeights(file); });
        row("checkpoint", [](const fs::path& file) { readCheckpoint(file); });
        row("experiment", [](const fs::path& file) { readExperiment(file); });
        const auto openImages = [](const fs::path& file) { loadDataSet({.folder = file}); };
        row("idx", openImages);
        row("idx.gz", openImages);
        row("tsv", [](const fs::path& file) { openEmbeddings({file, {}, {}}); });
        row("labels", [](const fs::path& file) { readRowNames(file); });
        row("labels.tsv", [](const fs::path& file) { readRowNames(file); });
        row("samples", [](const fs::path& file) { readSamplesTable(file); });
        row("live", [](const fs::path& file) { readLivePoints(file, 5); });
        row("comparison", [](const fs::path& file) { readComparison(file); });
        row("manifest", [](const fs::path& file) { readManifest(file, [](std::size_t) {}, {}); });
    }
    void EveryMutationIsReadOrASentence() {
        QFETCH(Read, read);
        const int mutations = mutationCount(3000);
        const fs::path good = goodFile(QTest::currentDataTag());
        read(good);
        const std::string text = textOf(good);
        const fs::path file = at("mutated" + good.filename().string().substr(std::string("good").size()));
        std::mt19937 random(static_cast<unsigned>(text.size()));
        const MemoryBound bound(std::uint64_t{512} << 20);
        int refused = 0;
        for (int i = 0; i < mutations; ++i) {
            const std::string changed = mutated(text, random);
            replaceFile(file, changed);
            try {
                read(file);
            } catch (const std::runtime_error& sentence) {
                ++refused;
                QVERIFY2(std::string(sentence.what()).find("mutated") != std::string::npos, sentence.what());
            } catch (const std::exception& other) {
                QFAIL(qPrintable(QString("mutation %1: %2").arg(i).arg(other.what())));
            }
        }
        QVERIFY(refused > mutations / 20);
    }
};

QTEST_GUILESS_MAIN(MutatedFilesTest)
#include "mutated_files_test.moc"
