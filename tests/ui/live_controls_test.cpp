// What is changed while a run goes on.
#include "ui/live_controls.h"

#include "tests/ui/shell_synthetic.h"

#include <QComboBox>
#include <QTest>

using namespace embedscope;

namespace {

/// As a person picks it from the list.
void pick(LiveControls& controls, const char* loss) {
    auto* list = controls.findChild<QComboBox*>("live_loss");
    list->setCurrentIndex(list->findData(loss));
    Q_EMIT list->activated(list->currentIndex());
}

}  // namespace

class LiveControlsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void ALossIsTakenUpAgainAsItWasTrained() {
        LiveControls controls;
        Choice asked;
        connect(&controls, &LiveControls::lossChanged, this, [&asked](const Choice& loss) { asked = loss; });
        Experiment experiment;
        experiment.loss = {"triplet_margin", {{"margin", 0.3}, {"distance", 2}, {"exponent", 5}}};
        controls.begin(experiment, test::greyData(2, 20));
        const Choice first = experiment.loss;

        // How distances are measured was chosen by hand; a margin of another loss means something else.
        pick(controls, "contrastive_linear");
        QCOMPARE(asked.id, std::string("contrastive_linear"));
        QVERIFY(asked.parameters == (ParameterValues{{"distance", 2}, {"exponent", 5}}));

        experiment.loss = {"contrastive_linear", {{"margin", 0.8}}};
        controls.showSettings(experiment);
        pick(controls, "triplet_margin");
        QCOMPARE(asked.id, std::string("triplet_margin"));
        QVERIFY(asked.parameters == first.parameters);
    }

    void OtherImagesForgetHowALossWasTrained() {
        LiveControls controls;
        Choice asked;
        connect(&controls, &LiveControls::lossChanged, this, [&asked](const Choice& loss) { asked = loss; });
        Experiment experiment;
        experiment.loss = {"triplet_margin", {{"margin", 0.3}}};
        controls.begin(experiment, test::greyData(2, 20));
        experiment.loss = {"contrastive_linear", {}};
        controls.begin(experiment, test::greyData(2, 20));
        pick(controls, "triplet_margin");
        QCOMPARE(asked.id, std::string("triplet_margin"));
        QVERIFY(asked.parameters.empty());
    }

    void WhatWasNotChosenIsTheStandardOfTheNewLoss() {
        LiveControls controls;
        Choice asked;
        connect(&controls, &LiveControls::lossChanged, this, [&asked](const Choice& loss) { asked = loss; });
        Experiment experiment;
        experiment.loss = {"triplet_margin", {{"distance", 0}}};
        controls.begin(experiment, test::greyData(2, 20));
        pick(controls, "nt_xent");
        QCOMPARE(asked.id, std::string("nt_xent"));
        QVERIFY(asked.parameters.empty());
    }
};

QTEST_MAIN(LiveControlsTest)
#include "live_controls_test.moc"
