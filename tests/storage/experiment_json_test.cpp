#include "engine/experiment.h"

#include <QTest>

#include <limits>

using namespace embedscope;

namespace {

/// The sentence that reading `text` throws, or empty.
std::string complaint(std::string_view text) try {
    experimentFromJson(text);
    return "";
} catch (const std::runtime_error& error) {
    return error.what();
}

bool contains(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

class ExperimentJsonTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void EverySettingComesBack() {
        Experiment experiment;
        experiment.name = "Größe \"7\"\n";
        experiment.data = {std::filesystem::path(u8"/tmp/катя и кот, 猫"), 48, Channels::Grey, HoldOut::Classes, 0.3};
        experiment.encoder = {"resnet18", {{"width", 0.1}}};
        experiment.embeddingDimension = 17;
        experiment.normalizeEmbeddings = false;
        experiment.loss = {"contrastive", {{"margin", 1.0 / 3}, {"power", 1e-300}}};
        experiment.miner = {"all", {}};
        experiment.sampler = {"shuffle", {{"batch", 128}}};
        experiment.optimizer = {"sgd", {{"momentum", 0.9}}};
        experiment.learning = Learning::SemiSupervised;
        experiment.labelledShare = 0.1;
        experiment.pseudoLabels = {"nearest", {{"k", 7}}};
        experiment.encoderFile = "a/b.pt";
        experiment.initialWeights = "w.esw";
        experiment.head = {"mlp", {{"output", 128}}};
        experiment.addedLosses = {{{"supcon", {{"temperature", 0.2}}}, 0.5}, {{"circle", {}}, 2}};
        experiment.viewLoss = {"vicreg", {{"variance", 3}}};
        experiment.viewLossWeight = 0.25;
        experiment.augmentation = {"simclr_cifar", {{"flip", 0.1}}};
        experiment.memory = {"queue", {{"size", 512}}};
        experiment.pairsFile = "pairs.csv";
        experiment.schedule = {"cosine", {{"warm_up", 2}}};
        experiment.gradientClip = 1.5;
        experiment.weightAverage = 0.99;
        experiment.precision = Precision::BFloat16;
        experiment.learningRate = 0.1;
        experiment.epochs = 3;
        experiment.seed = std::numeric_limits<std::uint64_t>::max();
        experiment.device = Device::Cuda;
        experiment.threads = 5;
        experiment.trackedSamples = 77;
        experiment.refreshShare = 0.015;
        QVERIFY(experimentFromJson(toJson(experiment)) == experiment);
        QVERIFY(!(experimentFromJson(toJson(experiment)) == Experiment{}));
    }

    void MissingKeysAreStandardValues() {
        QVERIFY(experimentFromJson("{}") == Experiment{});
        Experiment expected;
        expected.epochs = 2;
        expected.data.holdOut = HoldOut::None;
        QVERIFY(experimentFromJson(R"({"epochs": 2, "data": {"hold_out": "none"}})") == expected);
    }

    void TheFileOfARunIsReadToo() {
        Experiment experiment;
        experiment.epochs = 7;
        const std::string file = R"({"program": "embedscope", "experiment": )" + toJson(experiment) + "}";
        QVERIFY(experimentFromJson(file) == experiment);
    }

    void UnknownKeysAreNamed() {
        QVERIFY(contains(complaint(R"({"epoch": 2})"), "\"epoch\""));
        QVERIFY(contains(complaint(R"({"data": {"foldr": "x"}})"), "\"data.foldr\""));
        QVERIFY(contains(complaint(R"({"loss": {"margin": 1}})"), "\"loss.margin\""));
    }

    void WrongTypesAreNamed_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("key");
        QTest::newRow("text for number") << QByteArray(R"({"epochs": "2"})") << QByteArray("\"epochs\"");
        QTest::newRow("fraction") << QByteArray(R"({"epochs": 2.5})") << QByteArray("\"epochs\"");
        QTest::newRow("too large") << QByteArray(R"({"epochs": 3000000000})") << QByteArray("\"epochs\"");
        QTest::newRow("far too large") << QByteArray(R"({"epochs": 18446744073709551615})") << QByteArray("\"epochs\"");
        QTest::newRow("negative seed") << QByteArray(R"({"seed": -1})") << QByteArray("\"seed\"");
        QTest::newRow("number for bool") << QByteArray(R"({"normalize_embeddings": 1})")
                                         << QByteArray("\"normalize_embeddings\"");
        QTest::newRow("bool for number") << QByteArray(R"({"learning_rate": true})") << QByteArray("\"learning_rate\"");
        QTest::newRow("null") << QByteArray(R"({"learning_rate": null})") << QByteArray("\"learning_rate\"");
        QTest::newRow("enum") << QByteArray(R"({"device": "gpu"})") << QByteArray("automatic, cpu, cuda");
        QTest::newRow("enum type") << QByteArray(R"({"data": {"hold_out": 3}})") << QByteArray("\"data.hold_out\"");
        QTest::newRow("list for object") << QByteArray(R"({"data": []})") << QByteArray("\"data\"");
        QTest::newRow("choice") << QByteArray(R"({"loss": "triplet"})") << QByteArray("\"loss\"");
        QTest::newRow("parameter") << QByteArray(R"({"loss": {"parameters": {"margin": "x"}}})")
                                   << QByteArray("\"loss.parameters.margin\"");
        QTest::newRow("whole text") << QByteArray("[]") << QByteArray("object");
        QTest::newRow("no JSON") << QByteArray("{\"epochs\": ") << QByteArray("not JSON");
        QTest::newRow("empty") << QByteArray("") << QByteArray("not JSON");
    }

    void WrongTypesAreNamed() {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, key);
        const std::string sentence = complaint(text.toStdString());
        QVERIFY2(contains(sentence, key.toStdString()), sentence.c_str());
    }

    void DeepNestingIsAnError() {
        QVERIFY(!complaint(std::string(200'000, '[')).empty());
        QVERIFY(!complaint(std::string(200'000, '[') + std::string(200'000, ']')).empty());
    }

    void BrokenUtf8InAFolderNameIsWrittenAsText() {
        Experiment experiment;
        experiment.data.folder = "/tmp/\xff\xfe";
        QCOMPARE(experimentFromJson(toJson(experiment)).data.folder.string(), "/tmp/\xef\xbf\xbd\xef\xbf\xbd");
    }
};

QTEST_APPLESS_MAIN(ExperimentJsonTest)
#include "experiment_json_test.moc"
