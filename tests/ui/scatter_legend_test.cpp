#include "tests/ui/scatter_data.h"
#include "ui/colors.h"
#include "ui/scatter/class_legend.h"
#include "ui/scatter/picture.h"

#include <QCheckBox>
#include <QListWidget>
#include <QPushButton>
#include <QSignalSpy>
#include <QtTest>

#include <map>
#include <set>

namespace embedscope {
namespace {

struct Legend {
    ClassLegend legend;
    QListWidget* list = nullptr;
    std::map<int, bool> visible;

    explicit Legend(const std::shared_ptr<const DataSet>& data) {
        legend.setDataSet(data);
        list = legend.findChild<QListWidget*>("class_list");
        QObject::connect(&legend, &ClassLegend::classToggled, &legend,
                         [this](int label, bool on) { visible[label] = on; });
        legend.resize(260, 400);
        legend.show();
    }
    QPoint middleOf(int row) const { return list->visualItemRect(list->item(row)).center(); }
};

}  // namespace

class ScatterLegendTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void ListsEveryClassAndTheUnlabelled();
    void ATickTogglesItsClass();
    void AllAndNoneToggleEveryClass();
    void ADoubleClickShowsAClassAlone();
    void SplitsAreToggled();
    void HundredsOfClassesKeepApart();
    void APictureHoldsPointsAndLegend();
};

void ScatterLegendTest::ListsEveryClassAndTheUnlabelled() {
    Legend shown(test::makeScatterData(30, 4, 3));
    QCOMPARE(shown.list->count(), 5);
    QVERIFY(shown.list->item(0)->text().startsWith("class 0"));
    QVERIFY(shown.list->item(4)->text().startsWith("unlabelled"));
    QCOMPARE(shown.list->item(4)->data(Qt::UserRole).toInt(), kUnlabelled);
}

void ScatterLegendTest::ATickTogglesItsClass() {
    Legend shown(test::makeScatterData(30, 4));
    shown.list->item(2)->setCheckState(Qt::Unchecked);
    QCOMPARE(shown.visible, (std::map<int, bool>{{2, false}}));
    shown.list->item(2)->setCheckState(Qt::Checked);
    QCOMPARE(shown.visible, (std::map<int, bool>{{2, true}}));
}

void ScatterLegendTest::AllAndNoneToggleEveryClass() {
    Legend shown(test::makeScatterData(30, 3, 2));
    QTest::mouseClick(shown.legend.findChild<QPushButton*>("classes_none"), Qt::LeftButton);
    QCOMPARE(shown.visible, (std::map<int, bool>{{-1, false}, {0, false}, {1, false}, {2, false}}));
    QTest::mouseClick(shown.legend.findChild<QPushButton*>("classes_all"), Qt::LeftButton);
    QCOMPARE(shown.visible, (std::map<int, bool>{{-1, true}, {0, true}, {1, true}, {2, true}}));
}

void ScatterLegendTest::ADoubleClickShowsAClassAlone() {
    Legend shown(test::makeScatterData(30, 3));
    QTest::mouseClick(shown.list->viewport(), Qt::LeftButton, {}, shown.middleOf(1));
    QTest::mouseDClick(shown.list->viewport(), Qt::LeftButton, {}, shown.middleOf(1));
    QCOMPARE(shown.visible[0], false);
    QCOMPARE(shown.visible[2], false);
    QCOMPARE(shown.list->item(1)->checkState(), Qt::Checked);
}

void ScatterLegendTest::SplitsAreToggled() {
    ClassLegend legend;
    legend.setDataSet(test::makeScatterData(30, 3));
    std::vector<std::pair<Split, bool>> toggled;
    connect(&legend, &ClassLegend::splitToggled, this, [&](Split split, bool on) { toggled.emplace_back(split, on); });
    legend.findChild<QCheckBox*>("show_held_out")->click();
    legend.findChild<QCheckBox*>("show_train")->click();
    QCOMPARE(toggled, (std::vector<std::pair<Split, bool>>{{Split::HoldOut, false}, {Split::Train, false}}));
}

void ScatterLegendTest::HundredsOfClassesKeepApart() {
    std::set<std::pair<QRgb, PointShape>> looks;
    for (int label = 0; label < 40; ++label) looks.insert({classColor(label).rgb(), classShape(label)});
    QCOMPARE(looks.size(), 40U);
    QVERIFY(classColor(399).isValid());
    Legend shown(test::makeScatterData(400, 300));
    QCOMPARE(shown.list->count(), 300);
}

void ScatterLegendTest::APictureHoldsPointsAndLegend() {
    const auto data = test::makeScatterData(400, 4);
    const auto layout = test::makeLayout(test::classClouds(*data, 1));
    for (const bool dark : {false, true}) {
        const QImage image = renderPicture(*layout, *data, {640, 480}, dark);
        QCOMPARE(image.size(), QSize(640, 480));
        std::map<QRgb, int> count;
        for (int y = 0; y < image.height(); ++y)
            for (int x = 0; x < image.width(); ++x) ++count[image.pixel(x, y)];
        for (int label = 0; label < 4; ++label) QVERIFY(count[classColor(label).rgb()] > 20);  // the legend's marks
        QVERIFY(count.size() > 100);                                                           // smooth points
        QCOMPARE(qGray(image.pixel(630, 470)) < 128, dark);
    }
}

}  // namespace embedscope

QTEST_MAIN(embedscope::ScatterLegendTest)
#include "scatter_legend_test.moc"
