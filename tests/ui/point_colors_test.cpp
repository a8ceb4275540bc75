#include "tests/ui/scatter_data.h"
#include "tests/ui/view_hand.h"
#include "ui/agreement_follower.h"
#include "ui/scatter/color_scale.h"
#include "ui/scatter/embedding_view.h"

#include <QSignalSpy>
#include <QtTest>

#include <cmath>
#include <limits>

namespace embedscope {
namespace {

QColor colorOf(const DrawnPoint& point) {
    return {point.red, point.green, point.blue};
}

struct Made {
    std::shared_ptr<const DataSet> data = test::makeScatterData(200, 20, 4);
    std::shared_ptr<Layout> layout = std::make_shared<Layout>(*test::makeLayout(test::classClouds(*data, 3), 100));
    ColorSources sources;
    DrawnPoints points;

    ColorKey color(ColorBy by) {
        points = pointsOf(*layout, *data);
        return colorPoints(points, *layout, *data, by, sources);
    }
};

}  // namespace

class PointColorsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void TheScaleGrowsLighterEvenly() {
        double before = -1;
        for (int i = 0; i <= 63; ++i) {
            const QColor color = scaleColor(i / 63.0);
            const double light = 0.299 * color.red() + 0.587 * color.green() + 0.114 * color.blue();
            QVERIFY2(light > before, qPrintable(QString::number(i)));
            before = light;
        }
        QCOMPARE(scaleColor(-3), scaleColor(0));
        QCOMPARE(scaleColor(7), scaleColor(1));
    }

    void TheTableNamesEveryChoiceOnce() {
        for (std::size_t i = 0; i < colorChoices().size(); ++i)
            QCOMPARE(static_cast<std::size_t>(colorChoices()[i].by), i);
    }

    void ByClassNothingChanges() {
        Made made;
        QVERIFY(made.color(ColorBy::Class).title.isEmpty());
        QCOMPARE(colorOf(made.points[3]), classColor(3));
        QCOMPARE(made.points[13].style & 3, static_cast<int>(PointShape::Square));
    }

    void KindsAreToldApartAndHeldOutStaysHollow() {
        Made made;
        const ColorKey splits = made.color(ColorBy::Split);
        QCOMPARE(splits.kinds.size(), 2U);
        for (std::size_t i = 0; i < made.points.size(); ++i) {
            QCOMPARE(colorOf(made.points[i]), splits.kinds[i % 5 == 4 ? 1 : 0].color);
            QCOMPARE(bool(made.points[i].style & kHollowStyle), i % 5 == 4);
            QCOMPARE(made.points[i].style & 3, static_cast<int>(PointShape::Disc));
        }
        const ColorKey labels = made.color(ColorBy::Labelled);
        QCOMPARE(colorOf(made.points[199]), labels.kinds[1].color);
        QCOMPARE(colorOf(made.points[0]), labels.kinds[0].color);
    }

    void LabelsByHandHaveTheirOwnColour() {
        Made made;
        made.sources.relabelled = {3, 198};
        const ColorKey key = made.color(ColorBy::Labelled);
        QCOMPARE(key.kinds.size(), 3U);
        QCOMPARE(colorOf(made.points[3]), key.kinds[2].color);
        QCOMPARE(colorOf(made.points[198]), key.kinds[2].color);
        QCOMPARE(colorOf(made.points[4]), key.kinds[0].color);
    }

    void AColumnOfNumbersHasABarAndOneOfTextKinds() {
        Made made;
        auto columns = std::make_shared<SampleColumns>(2);
        SampleColumn &year = (*columns)[0], &camera = (*columns)[1];
        year.name = "year";
        camera.name = "camera";
        for (int k = 0; k < 12; ++k) camera.kindNames.push_back("camera " + std::to_string(k));
        for (int i = 0; i < 200; ++i) {
            year.numbers.push_back(i == 7 ? std::numeric_limits<float>::quiet_NaN() : static_cast<float>(i));
            camera.kinds.push_back(i == 7 ? -1 : i % 12);
        }
        made.sources.columns = columns;
        const ColorKey bar = made.color(ColorBy::Column);
        QCOMPARE(bar.title, QString("year"));
        QVERIFY(bar.kinds.empty() && bar.low < 3 && bar.high > 196);
        QCOMPARE(colorOf(made.points[0]), scaleColor(0));
        QCOMPARE(colorOf(made.points[7]), unknownColor());
        made.sources.column = 1;
        const ColorKey kinds = made.color(ColorBy::Column);
        QCOMPARE(kinds.kinds.size(), 11U);  // nine, the others, and nothing said
        QCOMPARE(colorOf(made.points[1]), kinds.kinds[1].color);
        QCOMPARE(colorOf(made.points[10]), kinds.kinds[9].color);
        QCOMPARE(colorOf(made.points[11]), kinds.kinds[9].color);
        QCOMPARE(colorOf(made.points[7]), unknownColor());
    }

    void AgeIsTheStepsSinceTheEmbeddingWasComputed() {
        Made made;
        auto bank = std::make_shared<BankFrame>(*made.layout->bank);
        for (std::size_t i = 0; i < 200; ++i) bank->computedAtStep[i] = 100 - static_cast<std::int64_t>(i) / 2;
        made.layout->bank = bank;
        const ColorKey key = made.color(ColorBy::Age);
        QCOMPARE(key.low, 0.0);
        QVERIFY(key.high >= 97 && key.high <= 99);
        QCOMPARE(colorOf(made.points[0]), scaleColor(0));
        QCOMPARE(colorOf(made.points[199]), scaleColor(1));
        made.layout->bank = nullptr;
        QVERIFY(!made.color(ColorBy::Age).known);
        QCOMPARE(colorOf(made.points[0]), unknownColor());
    }

    void MovementIsTheWayOnTheMap() {
        Made made;
        auto origin = std::make_shared<Layout>(*made.layout);
        for (std::size_t i = 0; i < 200; ++i) origin->coordinates[2 * i] += static_cast<float>(i) / 100;
        origin->step = 40;
        made.sources.movedFrom = origin;
        const ColorKey key = made.color(ColorBy::Movement);
        QVERIFY(key.title.contains("40"));
        QVERIFY(std::abs(key.high - 1.97) < 0.03);
        QCOMPARE(colorOf(made.points[0]), scaleColor(0));
        QCOMPARE(colorOf(made.points[100]), scaleColor(1.0 / key.high));
        origin->method = "another";
        QVERIFY(!made.color(ColorBy::Movement).known);
    }

    void AgreementAndTrustAreUnknownUntilMeasured() {
        Made made;
        QVERIFY(!made.color(ColorBy::Agreement).known);
        std::vector<float> agreement(200, 0.5F);
        agreement[7] = std::numeric_limits<float>::quiet_NaN();
        made.sources.agreement = std::make_shared<const std::vector<float>>(agreement);
        QVERIFY(made.color(ColorBy::Agreement).known);
        QCOMPARE(colorOf(made.points[6]), scaleColor(0.5));
        QCOMPARE(colorOf(made.points[7]), unknownColor());
        QVERIFY(!made.color(ColorBy::Trust).known);
        auto quality = std::make_shared<MapQuality>();
        quality->pointTrust.assign(200, 0.9F);
        quality->pointTrust[3] = 1;
        made.layout->quality = quality;
        QVERIFY(made.color(ColorBy::Trust).known);
        QCOMPARE(colorOf(made.points[3]), scaleColor(1));
    }

    void TheLossOfImagesThatWereMinedIsShown() {
        Made made;
        QVERIFY(!made.color(ColorBy::Loss).known);
        std::vector<float> loss(200, std::numeric_limits<float>::quiet_NaN());
        for (int i = 0; i < 100; ++i) loss[static_cast<std::size_t>(i)] = i < 50 ? 0.0F : 0.4F;
        made.sources.loss = std::make_shared<const std::vector<float>>(loss);
        const ColorKey key = made.color(ColorBy::Loss);
        QVERIFY(key.known);
        QCOMPARE(key.low, 0.0);
        QVERIFY(std::abs(key.high - 0.4) < 1e-6);
        QCOMPARE(colorOf(made.points[10]), scaleColor(0));
        QCOMPARE(colorOf(made.points[60]), scaleColor(1));
        QCOMPARE(colorOf(made.points[150]), unknownColor());
        QCOMPARE(key.unknown, 100U);
        QCOMPARE(key.unknownName, QString("no loss yet: %1"));
    }

    void LossesSayOfWhichStepTheyAreBesideAFrameOfThePastToo() {
        Made made;
        made.sources.loss = std::make_shared<const std::vector<float>>(200, 0.5F);
        made.sources.lossStep = 120;
        QCOMPARE(made.color(ColorBy::Loss).when, QString("up to step 120"));
        QCOMPARE(made.color(ColorBy::Age).when, QString());
        made.layout->bank.reset();  // as recorded layouts are
        QCOMPARE(made.color(ColorBy::Loss).when, QString("of step 120; points: 100"));
        QCOMPARE(made.color(ColorBy::Agreement).when, QString());  // nothing is known
        made.sources.agreement = std::make_shared<const std::vector<float>>(200, 0.5F);
        QCOMPARE(made.color(ColorBy::Agreement).when, QString("now; points: step 100"));
    }

    void TheViewRecoloursWithoutMovingAndForgetsWithTheDataSet() {
        const auto data = test::makeScatterData(5, 5);
        EmbeddingView view;
        view.resize(500, 400);
        view.setDataSet(data);
        view.show();
        view.showLayout(test::makeLayout({-1, -1, 1, -1, -1, 1, 1, 1, 0, 0}));
        QVERIFY(test::rests(view));
        const QPointF before = *view.screenPositionOf(2);
        view.setSelection({2});
        QSignalSpy changed(&view, &EmbeddingView::colorByChanged);
        view.setColorBy(ColorBy::Agreement);
        view.setColorBy(ColorBy::Agreement);
        QCOMPARE(changed.size(), 1);
        view.setAgreement(std::make_shared<const std::vector<float>>(std::vector<float>{0, 0.25F, 0.5F, 0.75F, 1}),
                          nullptr);
        QCOMPARE(colorOf(view.points()[4]), scaleColor(1));
        QVERIFY(view.points()[0].style & kDimmedStyle);
        QCOMPARE(*view.screenPositionOf(2), before);
        QVERIFY(!view.isMoving());
        QVERIFY(!view.grab().isNull());
        view.setDataSet(data);
        QVERIFY(view.colorKey().title.isEmpty());
    }

    void TheFollowerComputesOnlyWhileSomebodyLooks() {
        const auto data = test::makeScatterData(60, 2);
        auto bank = std::make_shared<BankFrame>(*test::makeLayout(std::vector<float>(120))->bank);
        bank->dimension = 1;
        for (int i = 0; i < 60; ++i) bank->embeddings.push_back(static_cast<float>(i % 2 * 100 + i));
        AgreementFollower follower;
        QSignalSpy found(&follower, &AgreementFollower::found);
        follower.setDataSet(data);
        follower.follow(bank);
        QCOMPARE(found.size(), 0);
        follower.setFollowing(true);
        QTRY_COMPARE(found.size(), 1);
        const auto agreement = found[0][0].value<std::shared_ptr<const std::vector<float>>>();
        for (const float share : *agreement) QCOMPARE(share, 1.0F);
    }
};

}  // namespace embedscope

QTEST_MAIN(embedscope::PointColorsTest)
#include "point_colors_test.moc"
