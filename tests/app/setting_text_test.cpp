#include "app/setting_text.h"

#include <QTest>

#include <stdexcept>

using namespace embedscope;

class SettingTextTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void APlainNameFindsItsOnlyPlace() {
        Experiment experiment;
        applySetting(experiment, "margin=0.75");
        QCOMPARE(experiment.loss.parameters.at("margin"), 0.75);
    }

    void AKindBeforeTheNameSaysWhere() {
        Experiment experiment;
        applySetting(experiment, "loss.margin=0.25");
        QCOMPARE(experiment.loss.parameters.at("margin"), 0.25);
        QVERIFY(experiment.miner.parameters.empty());
    }

    /// Every parameter of every entry can be set by its full name, and lands where the engine reads it.
    void EveryParameterOfEveryEntryCanBeSet() {
        for (const CatalogEntry& loss : lossCatalog())
            for (const Parameter& parameter : loss.parameters) {
                Experiment experiment;
                experiment.loss = {loss.id, {}};
                const std::string value = parameter.options.empty() ? "0.5" : parameter.options.back();
                applySetting(experiment, "loss." + parameter.id + "=" + value);
                QVERIFY(experiment.loss.parameters.contains(parameter.id));
            }
        for (const CatalogEntry& row : augmentationCatalog())
            for (const Parameter& parameter : row.parameters) {
                Experiment experiment;
                experiment.augmentation = {row.id, {}};
                applySetting(experiment, "augmentation." + parameter.id + "=1");
                QCOMPARE(experiment.augmentation.parameters.at(parameter.id), 1.0);
            }
        for (const CatalogEntry& sampler : samplerCatalog())
            for (const Parameter& parameter : sampler.parameters) {
                Experiment experiment;
                experiment.sampler = {sampler.id, {}};
                const std::string value = parameter.options.empty() ? "8" : parameter.options.back();
                applySetting(experiment, "sampler." + parameter.id + "=" + value);
                QVERIFY(experiment.sampler.parameters.contains(parameter.id));
            }
    }

    void AnAddedLossIsReadWithItsWeightAndItsParametersAreReached() {
        QVERIFY((addedLoss("supcon") == AddedLoss{{"supcon", {}}, 1}));
        QVERIFY((addedLoss("supcon:0.5") == AddedLoss{{"supcon", {}}, 0.5}));
        for (const char* wrong : {"", "supcom", "supcon:", "supcon:much", "supcon:0.5x"})
            QVERIFY_THROWS_EXCEPTION(std::invalid_argument, addedLoss(wrong));
        Experiment experiment;
        experiment.addedLosses = {addedLoss("supcon"), addedLoss("circle:2")};
        applySetting(experiment, "added1.temperature=0.2");
        applySetting(experiment, "relaxation=0.3");
        QCOMPARE(experiment.addedLosses[0].loss.parameters.at("temperature"), 0.2);
        QCOMPARE(experiment.addedLosses[1].loss.parameters.at("relaxation"), 0.3);
    }

    void WhatCannotBeSetIsAnErrorThatHelps_data() {
        QTest::addColumn<QString>("setting");
        QTest::addColumn<QString>("help");
        QTest::newRow("unknown name") << "margni=0.5"
                                      << "loss.margin";
        QTest::newRow("no value") << "margin"
                                  << "--set margin=0.5";
        QTest::newRow("no name") << "=0.5"
                                 << "--set margin=0.5";
        QTest::newRow("no number") << "margin=wide"
                                   << "is no number";
        QTest::newRow("trailing text") << "margin=0.5x"
                                       << "is no number";
        QTest::newRow("empty value") << "margin="
                                     << "is no number";
        QTest::newRow("wrong kind") << "encoder.margin=0.5"
                                    << "loss.margin";
    }
    void WhatCannotBeSetIsAnErrorThatHelps() {
        QFETCH(QString, setting);
        QFETCH(QString, help);
        Experiment experiment;
        try {
            applySetting(experiment, setting.toStdString());
            QFAIL("It was accepted.");
        } catch (const std::invalid_argument& error) {
            QVERIFY2(QString(error.what()).contains(help), error.what());
        }
        QVERIFY(experiment == Experiment{});
    }
};

QTEST_GUILESS_MAIN(SettingTextTest)
#include "setting_text_test.moc"
