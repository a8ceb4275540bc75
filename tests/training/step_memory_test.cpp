// Whether a step fits into memory is known before the first one.

#include "engine/training/step_memory.h"

#include "engine/encoders/encoder.h"
#include "engine/machine.h"

#include <QTest>

using namespace embedscope;

namespace {

constexpr ImageShape kShape{32, 32, 3};

std::unique_ptr<Encoder> encoderOf(const char* id) {
    return makeEncoder({id, {}}, {.channels = 3, .height = 32, .width = 32, .dimension = 16});
}

}  // namespace

class StepMemoryTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { prepareProcess(); }

    void WhatAStepHoldsGrowsWithThePictureAndTheEncoder() {
        const auto small = encoderOf("small_cnn"), large = encoderOf("resnet18_cifar");
        const double one = stepBytesAnImage(*small, kShape, torch::kFloat);
        // Its first layer alone keeps 32 channels twice: before and after BatchNorm.
        QVERIFY2(one > 2 * 32 * 32 * 32 * 4 && one < 4e6, qPrintable(QString::number(one)));
        const double four = stepBytesAnImage(*small, {64, 64, 3}, torch::kFloat);
        QVERIFY2(four > 3.5 * one && four < 4.5 * one, qPrintable(QString::number(four / one)));
        QVERIFY(stepBytesAnImage(*large, kShape, torch::kFloat) > 3 * one);
    }

    void MeasuringChangesNothing() {
        const auto encoder = encoderOf("resnet18_cifar");
        std::vector<torch::Tensor> before;
        for (const NamedTensor& each : encoder->statistics()) before.push_back(each.tensor.clone());
        stepBytesAnImage(*encoder, kShape, torch::kFloat);
        for (std::size_t i = 0; i < before.size(); ++i)
            QVERIFY(torch::equal(before[i], encoder->statistics()[i].tensor));
    }

    void ATooLargeStepIsRefusedWithTheBatchThatFits() {
        const auto encoder = encoderOf("small_cnn");
        const double each = stepBytesAnImage(*encoder, kShape, torch::kFloat);
        refuseTooLargeStep(*encoder, kShape, torch::kFloat, 100, 200 * each);
        refuseTooLargeStep(*encoder, kShape, torch::kFloat, 1'000'000, 0);  // nothing known, nothing refused
        try {
            refuseTooLargeStep(*encoder, kShape, torch::kFloat, 100, 50 * each);
            QFAIL("It was not refused.");
        } catch (const std::runtime_error& refusal) {
            QVERIFY2(QString(refusal.what()).contains("at most 47"), refusal.what());
        }
    }

    void ThisMachineSaysWhatIsFree() { QVERIFY(availableMemory() > 1e8); }
};

QTEST_GUILESS_MAIN(StepMemoryTest)
#include "step_memory_test.moc"
