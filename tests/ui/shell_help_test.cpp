#include "ui/help_dialog.h"
#include "ui/help_pages.h"

#include <QAction>
#include <QDialog>
#include <QListWidget>
#include <QTest>
#include <QTextBrowser>
#include <QTextDocument>

using namespace embedscope;

namespace {

QString plain(const QString& html) {
    QTextDocument document;
    document.setHtml(html);
    return document.toPlainText();
}

}  // namespace

class ShellHelpTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void EveryLossIsExplainedWithItsFormulaAndPaper() {
        const QString page = plain(catalogPage("Losses", "", lossCatalog()));
        for (const CatalogEntry& loss : lossCatalog())
            for (const std::string& text : {loss.label, loss.help, loss.formula, loss.source})
                QVERIFY2(page.contains(QString::fromStdString(text)), text.c_str());
    }

    void TextOfATableIsNeverTakenForMarkup() {
        CatalogEntry entry;
        entry.label = "a<b>c";
        entry.help = "max(0, d < m & n)";
        QVERIFY(plain(catalogPage("t", "", {entry})).contains("a<b>c"));
        QVERIFY(plain(catalogPage("t", "", {entry})).contains("max(0, d < m & n)"));
    }

    void TheSheetNamesTheKeysOfTheWindowsActions() {
        QAction fit("&Fit all points");
        fit.setShortcut(Qt::Key_F);
        QAction start("Start or pause");
        start.setShortcuts({QKeySequence(Qt::Key_Space), QKeySequence(Qt::Key_T)});
        QAction without("Nothing");
        const QString page = plain(shortcutsPage({&fit, &start, &without}));
        QVERIFY(page.contains("Fit all points"));
        QVERIFY(page.contains("Space or T"));
        QVERIFY(!page.contains("Nothing"));
    }

    void EveryPageOpensInTheSameWindow() {
        QWidget parent;
        QStringList shown;
        for (const HelpPage page :
             {HelpPage::Seeing, HelpPage::Numbers, HelpPage::Losses, HelpPage::Mining, HelpPage::Encoders,
              HelpPage::Optimisers, HelpPage::Schedules, HelpPage::Augmentation, HelpPage::Keys, HelpPage::About}) {
            showHelp(page, &parent);
            QCOMPARE(parent.findChildren<QDialog*>().size(), 1);
            shown << parent.findChild<QTextBrowser*>("help_text")->toPlainText().section('\n', 0, 0);
        }
        QCOMPARE(shown, QStringList({"What am I seeing?", "What the numbers mean", "Losses", "Mining", "Encoders",
                                     "Optimisers", "Schedules", "Random changes of the images", "Keys and mouse",
                                     "Embedscope 0.1.0"}));
    }

    void ChoosingATopicShowsItsText() {
        QWidget parent;
        showHelp(HelpPage::Seeing, &parent);
        auto* topics = parent.findChild<QListWidget*>("help_topics");
        for (int row = 0; row < topics->count(); ++row) {
            topics->setCurrentRow(row);
            QVERIFY(parent.findChild<QTextBrowser*>("help_text")->toPlainText().size() > 100);
        }
    }
};

QTEST_MAIN(ShellHelpTest)
#include "shell_help_test.moc"
