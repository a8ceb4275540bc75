// Readers of files that may come from anywhere, given thousands of seeded mutations of good ones: what is not read is a
// sentence (std::runtime_error) that names the file, never a crash, and memory stays bounded.

#include "engine/data_load.h"
#include "engine/encoder_weights.h"
#include "engine/experiment_file.h"
#include "engine/images/manifest.h"
#include "engine/storage/checkpoint_file.h"
#include "engine/storage/npy.h"

#include <zlib.h>

#include <QTemporaryDir>
#include <QTest>

#include <array>
#include <fstream>
#include <functional>
#include <random>
#include <sys/resource.h>

using namespace embedscope;
namespace fs = std::filesystem;

namespace {

using Read = std::function<void(const fs::path&)>;

/// Room for the process to grow while it lives; beyond it an allocation throws std::bad_alloc.
class MemoryBound {
public:
    explicit MemoryBound(std::uint64_t bytes) {
        getrlimit(RLIMIT_AS, &before_);
        std::uint64_t pages = 0;
        std::ifstream("/proc/self/statm") >> pages;
        const rlimit bound{pages * 4096 + bytes, before_.rlim_max};
        setrlimit(RLIMIT_AS, &bound);
    }
    ~MemoryBound() { setrlimit(RLIMIT_AS, &before_); }

private:
    rlimit before_{};
};

std::string textOf(const fs::path& file) {
    std::ifstream input(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(input), {}};
}

std::size_t drawn(std::mt19937& random, std::size_t below) {
    return below == 0 ? 0 : random() % below;
}

/// One to three changes: a bit, a byte, a number in the text, a cut, a piece twice, a piece out.
std::string mutated(std::string text, std::mt19937& random) {
    static constexpr std::array kPieces{"-1",
                                        "0",
                                        "4294967296",
                                        "18446744073709551615",
                                        "1e309",
                                        "null",
                                        "[]",
                                        "\"",
                                        "{",
                                        "}",
                                        "../../etc/passwd",
                                        ",,,,",
                                        "\n",
                                        "\xff\xfe",
                                        "nan",
                                        "9999",
                                        "[[[[[[[[",
                                        "true"};
    for (std::size_t changes = 1 + random() % 3; changes > 0 && !text.empty(); --changes) {
        const std::size_t at = drawn(random, random() % 2 == 0 ? text.size() : std::min<std::size_t>(text.size(), 512));
        const std::size_t length = std::min(drawn(random, 64), text.size() - at);
        switch (random() % 6) {
            case 0:
                text[at] = static_cast<char>(text[at] ^ (1 << random() % 8));
                break;
            case 1:
                text[at] = static_cast<char>(random());
                break;
            case 2:
                text.replace(at, std::min<std::size_t>(length, 8), kPieces[random() % kPieces.size()]);
                break;
            case 3:
                text.resize(at);
                break;
            case 4:
                text.insert(at, text.substr(at, length));
                break;
            default:
                text.erase(at, length);
        }
    }
    return text;
}

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
        row("manifest", [](const fs::path& file) { readManifest(file, [](std::size_t) {}, {}); });
    }
    void EveryMutationIsReadOrASentence() {
        QFETCH(Read, read);
        constexpr int kMutations = 3000;
        const fs::path good = goodFile(QTest::currentDataTag());
        read(good);
        const std::string text = textOf(good);
        const fs::path file = at("mutated" + good.filename().string().substr(std::string("good").size()));
        std::mt19937 random(static_cast<unsigned>(text.size()));
        const MemoryBound bound(std::uint64_t{512} << 20);
        int refused = 0;
        for (int i = 0; i < kMutations; ++i) {
            const std::string changed = mutated(text, random);
            fs::remove(file);  // cutting an old one to nothing makes ext4 wait for the disk
            std::ofstream(file, std::ios::binary) << changed;
            try {
                read(file);
            } catch (const std::runtime_error& sentence) {
                ++refused;
                QVERIFY2(std::string(sentence.what()).find("mutated") != std::string::npos, sentence.what());
            } catch (const std::exception& other) {
                QFAIL(qPrintable(QString("mutation %1: %2").arg(i).arg(other.what())));
            }
        }
        QVERIFY(refused > kMutations / 10);
    }
};

QTEST_GUILESS_MAIN(MutatedFilesTest)
#include "mutated_files_test.moc"
