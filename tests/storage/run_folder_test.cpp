#include "engine/measures.h"
#include "engine/run_list.h"
#include "engine/run_recorder.h"
#include "engine/storage/atomic_file.h"
#include "engine/storage/npy.h"

#include <nlohmann/json.hpp>

#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace embedscope;
namespace fs = std::filesystem;

namespace {

std::string textOf(const fs::path& file) {
    std::ifstream input(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(input), {}};
}

DataSet smallData() {
    DataSet data;
    data.name = "cats";
    data.root = fs::path(u8"/data/кошки");
    data.classNames = {"tabby", "a, \"b\""};
    data.samples = {
        {"tabby/1.png", 0, Split::Train}, {"x,y/2 \"q\".png", 1, Split::HoldOut}, {"3.png", kUnlabelled, Split::Train}};
    data.shape = {28, 28, 1};
    data.fingerprint = "abc123";
    return data;
}

BankFrame smallBank() {
    BankFrame bank;
    bank.step = 8;
    bank.dimension = 2;
    bank.samples = std::make_shared<std::vector<std::int32_t>>(std::vector<std::int32_t>{2, 0});
    bank.embeddings = {0.5F, -1, 2, 0.25F};
    bank.computedAtStep = {8, 8};
    bank.exact = true;
    return bank;
}

template <typename Call>
std::string complaint(Call call) try {
    call();
    return "";
} catch (const std::runtime_error& error) {
    return error.what();
}

bool contains(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

/// Lets no file grow beyond `bytes` while it lives, like a disk that is full.
class FullDisk {
public:
    explicit FullDisk(rlim_t bytes) {
        previous_ = std::signal(SIGXFSZ, SIG_IGN);
        getrlimit(RLIMIT_FSIZE, &limit_);
        const rlimit small{bytes, limit_.rlim_max};
        setrlimit(RLIMIT_FSIZE, &small);
    }
    ~FullDisk() {
        setrlimit(RLIMIT_FSIZE, &limit_);
        std::signal(SIGXFSZ, previous_);
    }

private:
    rlimit limit_{};
    void (*previous_)(int);
};

}  // namespace

class RunFolderTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void HoldsTheWholeRun() {
        const fs::path folder = root() / u8"run 1 – прогон 猫";
        auto recorder = createRunFolder(folder);
        Experiment experiment;
        experiment.seed = 42;
        recorder->begin(experiment, smallData());
        MetricsRow row;
        row.step = 8;
        row.epoch = 0.1;
        row.loss = 1.0 / 3;
        row.measures = std::make_shared<const std::map<std::string, double>>(
            std::map<std::string, double>{{"recall_at_1", 0.5}, {"map_at_r", 0.25}});
        recorder->report(row);
        recorder->event(8, "learning_rate", "{\n \"value\": 0.5}");
        recorder->epochEnd(1, smallBank());
        Snapshot last;
        last.step = 9;
        last.phase = RunPhase::Stopped;
        recorder->end(last);

        const auto settings = nlohmann::json::parse(textOf(folder / "experiment.json"));
        QVERIFY(experimentFromJson(settings["experiment"].dump()) == experiment);
        QCOMPARE(settings["program_version"].get<std::string>(), std::string(programVersion()));
        QCOMPARE(settings["data"]["fingerprint"].get<std::string>(), std::string("abc123"));
        QCOMPARE(settings["data"]["classes"].get<int>(), 2);
        std::string names, values;  // of the measures beyond Recall@1
        for (const MeasureEntry& measure : measureCatalog()) {
            if (measure.id == "recall_at_1") continue;
            names += "," + measure.id;
            values += measure.id == "map_at_r" ? ",0.25" : ",";
        }
        QCOMPARE(textOf(folder / "metrics.csv"),
                 std::string("step,epoch,seconds,images_per_second,loss,active_fraction,learning_rate,gradient_norm,"
                             "similar_mean,similar_p10,similar_p90,dissimilar_mean,dissimilar_p10,dissimilar_p90,"
                             "recall_at_1") +
                     names + "\n8,0.1,0,,0.3333333333333333,,,,,,,,,," + values + "\n");
        QCOMPARE(textOf(folder / "events.jsonl"),
                 std::string("{\"step\":8,\"kind\":\"learning_rate\",\"value\":{\"value\":0.5}}\n"
                             "{\"step\":9,\"kind\":\"end\",\"value\":{\"phase\":\"stopped\",\"message\":\"\"}}\n"));
        QCOMPARE(textOf(folder / "samples.csv"),
                 std::string("index,path,label,split\n0,tabby/1.png,tabby,train\n"
                             "1,\"x,y/2 \"\"q\"\".png\",\"a, \"\"b\"\"\",hold_out\n2,3.png,,train\n"));
        const NpyArray embeddings = readNpy(folder / "epochs/epoch_1/embeddings.npy");
        QCOMPARE(embeddings.shape, (std::vector<std::size_t>{2, 2}));
        QCOMPARE(std::get<std::vector<float>>(embeddings.values), smallBank().embeddings);
        const NpyArray index = readNpy(folder / "epochs/epoch_1/index.npy");
        QCOMPARE(std::get<std::vector<std::int32_t>>(index.values), (std::vector<std::int32_t>{2, 0}));
    }

    void LinesAreThereAtOnce() {
        auto recorder = createRunFolder(root() / "follow");
        recorder->begin({}, smallData());
        recorder->report({});
        const std::string text = textOf(root() / "follow/metrics.csv");
        QCOMPARE(std::ranges::count(text, '\n'), 2);
    }

    void AStepThatIsNoNumberIsPassedOver() {
        createRunFolder(root() / "list/nan")->begin({}, smallData());
        std::ofstream(root() / "list/nan/metrics.csv", std::ios::app) << "nan,2.5\n";
        const std::vector<KeptRun> runs = keptRuns(root() / "list");
        QCOMPARE(runs.size(), 1U);
        QCOMPARE(runs.front().steps, std::int64_t{0});
        QCOMPARE(runs.front().epochs, 2.5);
    }

    void AFolderThatHoldsARunIsRefused() {
        createRunFolder(root() / "twice")->begin({}, smallData());
        const std::string before = textOf(root() / "twice/experiment.json");
        const std::string sentence = complaint([&] { createRunFolder(root() / "twice"); });
        QVERIFY2(contains(sentence, "already holds a run") && contains(sentence, "twice"), sentence.c_str());
        QCOMPARE(textOf(root() / "twice/experiment.json"), before);
    }

    void ARunThatDidNotBeginLeavesItsFolderFree() {
        createRunFolder(root() / "refused");  // and the run fails before its first line, for lack of memory, say
        QVERIFY(fs::is_empty(root() / "refused"));
        createRunFolder(root() / "refused")->begin({}, smallData());
        QVERIFY(fs::exists(root() / "refused/metrics.csv"));
    }

    void AnEmptyFolderIsTaken() {
        fs::create_directories(root() / "there");
        createRunFolder(root() / "there")->begin({}, smallData());
        QVERIFY(fs::exists(root() / "there/experiment.json"));
    }

    void AFileInTheWayIsNamed() {
        std::ofstream(root() / "file") << "x";
        const std::string sentence = complaint([&] { createRunFolder(root() / "file/run"); });
        QVERIFY2(contains(sentence, "file") && contains(sentence, "choose another folder"), sentence.c_str());
    }

    void AReadOnlyFolderIsNamed() {
        if (geteuid() == 0) QSKIP("root may write everywhere");
        fs::create_directories(root() / "locked");
        fs::permissions(root() / "locked", fs::perms::owner_read | fs::perms::owner_exec);
        const std::string sentence = complaint([&] { createRunFolder(root() / "locked/run"); });
        QVERIFY2(contains(sentence, "choose a folder of your own"), sentence.c_str());
    }

    void AFullDiskIsASentenceAndLeavesNoHalfFile() {
        auto recorder = createRunFolder(root() / "full");
        recorder->begin({}, smallData());
        BankFrame bank = smallBank();
        recorder->epochEnd(1, bank);
        bank.samples = std::make_shared<std::vector<std::int32_t>>(5000);
        bank.computedAtStep.resize(5000);
        bank.embeddings.resize(10'000);
        std::string sentence;
        {
            const FullDisk full(8192);
            sentence = complaint([&] { recorder->epochEnd(2, bank); });
        }
        QVERIFY2(contains(sentence, "epoch_2") && contains(sentence, "no space left; free some"), sentence.c_str());
        QVERIFY(fs::is_empty(root() / "full/epochs/epoch_2"));
        QCOMPARE(readNpy(root() / "full/epochs/epoch_1/embeddings.npy").shape[0], 2U);
        recorder->epochEnd(2, bank);  // space was freed: it goes on
        QCOMPARE(readNpy(root() / "full/epochs/epoch_2/embeddings.npy").shape[0], 5000U);
    }

    void ARealFullDeviceIsASentence() {
        const FileDescriptor full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
        QVERIFY(full.get() >= 0);
        const std::byte byte{};
        const std::string sentence = complaint([&] { writeAll(full, std::span(&byte, 1), "/runs/a/metrics.csv"); });
        QVERIFY2(contains(sentence, "\"/runs/a/metrics.csv\"") && contains(sentence, "no space left"),
                 sentence.c_str());
    }

    void AnAbandonedFileLeavesTheOldOne() {
        const fs::path file = root() / "kept.txt";
        {
            AtomicFile first(file);
            first.write("old");
            first.commit();
        }
        {
            AtomicFile second(file);
            second.write("new");
        }
        QCOMPARE(textOf(file), std::string("old"));
        QVERIFY(!fs::exists(root() / "kept.txt.writing"));
    }

private:
    fs::path root() const { return temporary_.path().toStdString(); }
    QTemporaryDir temporary_;
};

QTEST_APPLESS_MAIN(RunFolderTest)
#include "run_folder_test.moc"
