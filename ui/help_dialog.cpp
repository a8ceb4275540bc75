#include "ui/help_dialog.h"

#include "ui/help_pages.h"

#include <QAction>
#include <QDialog>
#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QListWidget>
#include <QTextBrowser>
#include <QTextDocument>
#include <QVBoxLayout>

namespace embedscope {
namespace {

QString tr(const char* text) {
    return QObject::tr(text);
}

const QString kDialogName = QStringLiteral("help_dialog");
const QString kTopicsName = QStringLiteral("help_topics");

/// In the order of HelpPage.
void fillTopics(QListWidget& topics, const QList<QAction*>& actions) {
    const auto add = [&topics](const QString& title, const QString& html) {
        (new QListWidgetItem(title, &topics))->setData(Qt::UserRole, html);
    };
    add(tr("What am I seeing?"), picturePage());
    add(tr("Numbers"), metricsPage());
    add(tr("Side by side"), comparisonPage());
    add(tr("Kept runs"), keptRunsPage());
    add(tr("Losses"), catalogPage(tr("Losses"), tr("What training makes smaller. m is the margin."), lossCatalog()));
    add(tr("Mining"),
        catalogPage(tr("Mining"), tr("Which pairs or triplets of a batch are learned from."), minerCatalog()) +
            catalogPage(tr("Batches"), tr("Which images make a batch."), samplerCatalog()) +
            catalogPage(tr("Memory"), tr("Past batches as further partners of the images of a batch."),
                        memoryCatalog()));
    add(tr("Views"),
        catalogPage(tr("Losses on views"), tr("What is learned from views of images, without labels."),
                    viewLossCatalog()) +
            catalogPage(tr("Heads"), tr("What stands between the embedding and the loss on views."), headCatalog()) +
            catalogPage(tr("Guessed labels"), tr("For images without a label, when learning from both."),
                        pseudoLabelCatalog()));
    add(tr("Encoders"),
        catalogPage(tr("Encoders"), tr("The network that turns an image into an embedding."), encoderCatalog()));
    add(tr("Optimisers"), catalogPage(tr("Optimisers"), tr("How the gradient moves the weights."), optimizerCatalog()));
    add(tr("Schedules"),
        catalogPage(tr("Schedules"), tr("What becomes of the learning rate over the run."), scheduleCatalog()));
    add(tr("Random changes"),
        catalogPage(tr("Random changes of the images"),
                    tr("What is changed at random in training images; held-out images are measured as they are."),
                    augmentationCatalog()));
    add(tr("Keys and mouse"), shortcutsPage(actions));
    add(tr("About"), aboutPage());
}

QDialog* makeDialog(QWidget* parent) {
    auto* dialog = new QDialog(parent);
    dialog->setObjectName(kDialogName);
    dialog->setWindowTitle(tr("Embedscope help"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->resize(880, 640);

    auto* topics = new QListWidget(dialog);
    topics->setObjectName(kTopicsName);
    topics->setFixedWidth(184);
    fillTopics(*topics, parent ? parent->findChildren<QAction*>() : QList<QAction*>());
    auto* text = new QTextBrowser(dialog);
    text->setObjectName("help_text");
    text->document()->setDocumentMargin(16);
    QObject::connect(topics, &QListWidget::currentItemChanged, text,
                     [text](QListWidgetItem* item) { text->setHtml(item->data(Qt::UserRole).toString()); });
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, dialog);
    QObject::connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::close);

    auto* columns = new QHBoxLayout;
    columns->setSpacing(8);
    columns->addWidget(topics);
    columns->addWidget(text, 1);
    auto* layout = new QVBoxLayout(dialog);
    layout->setContentsMargins(16, 16, 16, 16);
    layout->setSpacing(8);
    layout->addLayout(columns, 1);
    layout->addWidget(buttons);
    return dialog;
}

}  // namespace

void showHelp(HelpPage page, QWidget* parent) {
    auto* dialog = parent ? parent->findChild<QDialog*>(kDialogName, Qt::FindDirectChildrenOnly) : nullptr;
    if (!dialog) dialog = makeDialog(parent);
    dialog->findChild<QListWidget*>(kTopicsName)->setCurrentRow(static_cast<int>(page));
    dialog->show();
    dialog->raise();
    dialog->activateWindow();
}

}  // namespace embedscope
