#include "ui/help_dialog.h"

#include "engine/experiment.h"

#include <QDialog>
#include <QDialogButtonBox>
#include <QListWidget>
#include <QTabWidget>
#include <QTextBrowser>
#include <QVBoxLayout>

namespace embedscope {
namespace {

QString seeingText() {
    return QObject::tr(R"(<h2>What am I seeing?</h2>
<p><b>The points.</b> Each point is an image. The encoder turns it into an embedding, a list of numbers; the picture is
the plane in which the embeddings differ most (PCA), with the share of the variance each axis shows. Rings are held-out
images, which the encoder is not trained on. With an embedding dimension of 2 there is no projection: the axes are the
embedding itself.</p>
<p>A point moves when its embedding is computed anew: with its batch, by a small refresh budget in between, and all of
them at the end of an epoch. The card under the mouse says how old an embedding is. <i>Freeze axes</i> keeps the plane
where it is, so that frames compare exactly.</p>
<p><b>Distances.</b> Euclidean distances of a fixed sample of pairs: similar (same class) and dissimilar (different
classes). Training pulls the first to the left and pushes the second to the right. AUC is the probability that a similar
pair is nearer than a dissimilar one: 0.5 is chance, 1 is perfect. The margin of the loss is marked.</p>
<p><b>Loss and active fraction.</b> The active fraction is the share of pairs or triplets that still give a loss. As
training succeeds it falls, while the loss, a mean over those that are left, may not. Near 0: nothing is left to learn
from, choose a harder miner or a larger margin. Stuck near 1: the margin is out of reach or the embedding has
collapsed.</p>
<p><b>Recall@1.</b> The share of held-out images whose nearest other held-out image has their class; measured before the
first step and at the end of every epoch. Images that are alone in their class are left out.</p>
<p><b>If all points fall into one place</b> the embedding has collapsed: lower the learning rate, choose semi-hard
mining, or keep points on the unit sphere.</p>)");
}

QString catalogText(const QString& title, const Catalog& catalog) {
    QString text = "<h2>" + title + "</h2>";
    const auto line = [](const std::string& part) { return QString::fromStdString(part).toHtmlEscaped(); };
    for (const CatalogEntry& entry : catalog) {
        text += "<h3>" + line(entry.label) + "</h3><p>" + line(entry.help);
        if (!entry.formula.empty()) text += "<br><code>" + line(entry.formula) + "</code>";
        if (!entry.source.empty()) text += "<br><i>" + line(entry.source) + "</i>";
        text += "</p><ul>";
        for (const Parameter& parameter : entry.parameters)
            text += "<li><b>" + line(parameter.label) + "</b>: " + line(parameter.help) + "</li>";
        text += "</ul>";
    }
    return text;
}

QString keysText() {
    return QObject::tr(R"(<h2>Keys and mouse</h2>
<table cellpadding="5">
<tr><td><b>Space</b>, <b>T</b></td><td>start, pause, resume</td></tr>
<tr><td><b>N</b>, <b>.</b></td><td>one training step, then pause</td></tr>
<tr><td>drag</td><td>move the view</td></tr>
<tr><td>wheel, <b>+</b>, <b>-</b></td><td>zoom, the wheel at the cursor</td></tr>
<tr><td>arrow keys</td><td>move the view</td></tr>
<tr><td><b>F</b>, double click beside the points</td><td>show all points and follow them again</td></tr>
<tr><td>click a point</td><td>its picture and its nearest neighbours</td></tr>
<tr><td><b>Esc</b></td><td>select nothing</td></tr>
<tr><td><b>Ctrl+O</b></td><td>open a folder</td></tr>
<tr><td><b>Ctrl+N</b></td><td>settings for another run</td></tr>
<tr><td><b>F2</b></td><td>save the picture</td></tr>
<tr><td><b>F11</b></td><td>full screen</td></tr>
<tr><td><b>?</b></td><td>this page</td></tr>
</table>)");
}

QString aboutText() {
    return QObject::tr(R"(<h2>Embedscope %1</h2>
<p>Train embeddings and watch them form. Free software under the GNU General Public License, version 3 or later.</p>
<p>Built with Qt, LibTorch, OpenCV, QCustomPlot, Eigen, nlohmann-json and CLI11. The bundled sample is a part of
Fashion-MNIST, © 2017 Zalando SE, MIT licence.</p>)")
        .arg(QString::fromUtf8(programVersion().data(), static_cast<qsizetype>(programVersion().size())));
}

QTextBrowser* page(const QString& html) {
    auto* browser = new QTextBrowser;
    browser->setHtml(html);
    browser->setFrameShape(QFrame::NoFrame);
    return browser;
}

}  // namespace

void showHelp(HelpPage first, QWidget* parent) {
    auto* dialog = new QDialog(parent);
    dialog->setObjectName("help");
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(QObject::tr("Help"));
    dialog->resize(720, 620);
    auto* tabs = new QTabWidget;
    tabs->addTab(page(seeingText()), QObject::tr("What am I seeing?"));
    tabs->addTab(
        page(catalogText(QObject::tr("Losses"), lossCatalog()) + catalogText(QObject::tr("Mining"), minerCatalog())),
        QObject::tr("Losses and mining"));
    tabs->addTab(page(keysText()), QObject::tr("Keys and mouse"));
    tabs->addTab(page(aboutText()), QObject::tr("About"));
    tabs->setCurrentIndex(static_cast<int>(first));
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    QObject::connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::close);
    auto* layout = new QVBoxLayout(dialog);
    layout->addWidget(tabs);
    layout->addWidget(buttons);
    dialog->show();
}

}  // namespace embedscope
