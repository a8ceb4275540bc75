#include "ui/preferences.h"

#include <QLockFile>
#include <QSettings>
#include <QStandardPaths>
#include <QTest>

using namespace embedscope;

class PreferencesTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName("embedscope-test");
        QCoreApplication::setApplicationName("preferences");
    }

    void init() {
        clearPreferences();
        writePreferences();
    }

    void WhatIsSetIsKnownAtOnceAndThenWritten() {
        QCOMPARE(preference("colour", "none").toString(), QString("none"));
        setPreference("colour", "blue");
        setPreference("places", QStringList{"/a", "/b"});
        QCOMPARE(preference("colour").toString(), QString("blue"));
        writePreferences();
        QCOMPARE(QSettings().value("colour").toString(), QString("blue"));
        QCOMPARE(QSettings().value("places").toStringList(), QStringList({"/a", "/b"}));
    }

    void AFileThatCannotBeWrittenYetKeepsNobodyWaiting() {
        QLockFile busy(QSettings().fileName() + ".lock");  // as another process that writes
        QVERIFY(busy.lock());
        setPreference("colour", "red");
        QCOMPARE(preference("colour").toString(), QString("red"));
        QCOMPARE(QSettings().value("colour"), QVariant());
        setPreference("colour", "green");
        busy.unlock();
        writePreferences();
        QCOMPARE(QSettings().value("colour").toString(), QString("green"));
    }

    void WhatAnotherWindowWroteStaysAndIsKnownAfterTheNextWriting() {
        const auto remember = [](const QString& place) {
            changePreference("places", [place](const QVariant& before) {
                QStringList places = before.toStringList();
                places.prepend(place);
                return QVariant(places);
            });
        };
        remember("/a");
        writePreferences();
        {
            QSettings other;
            other.setValue("places", QStringList{"/other", "/a"});
            other.setValue("colour", "yellow");
            other.sync();
        }
        remember("/b");
        remember("/c");
        writePreferences();
        const QStringList all{"/c", "/b", "/other", "/a"};
        QCOMPARE(QSettings().value("places").toStringList(), all);
        QCOMPARE(preference("places").toStringList(), all);
        QCOMPARE(preference("colour").toString(), QString("yellow"));
    }

    void WhatIsClearedIsGoneFromTheFile() {
        setPreference("colour", "blue");
        writePreferences();
        clearPreferences();
        QCOMPARE(preference("colour", 7).toInt(), 7);
        writePreferences();
        QVERIFY(!QSettings().contains("colour"));
    }
};

QTEST_GUILESS_MAIN(PreferencesTest)
#include "preferences_test.moc"
