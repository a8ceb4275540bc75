// What a person wrote about a run.

#include "engine/run_notes.h"

#include <QTemporaryDir>
#include <QTest>

#include <fstream>

using namespace embedscope;

class RunNotesTest : public QObject {
    Q_OBJECT

    QTemporaryDir temporary_;
    std::filesystem::path folder() const { return temporary_.path().toStdString(); }
    void put(const std::string& text) const { std::ofstream(folder() / "notes.json", std::ios::binary) << text; }

private Q_SLOTS:
    void WhatIsWrittenIsRead() {
        QVERIFY(readRunNotes(folder()) == RunNotes{});
        const RunNotes notes{"the best so far, \"by far\"\n", "shoes, Größe"};
        writeRunNotes(folder(), notes);
        QVERIFY(readRunNotes(folder()) == notes);
    }

    void WhatIsNoNoteIsNone() {
        for (const char* text : {"", "{", "[1]", "{\"note\":3,\"tags\":{}}"}) {
            put(text);
            QVERIFY(readRunNotes(folder()) == RunNotes{});
        }
        put(std::string(1 << 20, ' '));
        QVERIFY(readRunNotes(folder()) == RunNotes{});
    }

    void WhatIsTooLongIsRefused() {
        put("{\"note\":\"kept\"}");
        QVERIFY_EXCEPTION_THROWN(writeRunNotes(folder(), {std::string(10'001, 'x'), ""}), std::runtime_error);
        QCOMPARE(readRunNotes(folder()).note, std::string("kept"));
    }
};

QTEST_GUILESS_MAIN(RunNotesTest)
#include "run_notes_test.moc"
