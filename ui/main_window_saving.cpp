// The view as a picture, and its replay.
#include "ui/main_window.h"
#include "ui/preferences.h"
#include "ui/scatter/embedding_view.h"
#include "ui/work_view.h"

#include <QAction>
#include <QClipboard>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QGuiApplication>
#include <QStandardPaths>

#include <exception>

namespace embedscope {
namespace {

const QString kPictureFolder = QStringLiteral("pictureFolder");

bool isKind(const QString& suffix) {
    return QStringList{"png", "svg", "pdf"}.contains(suffix, Qt::CaseInsensitive);
}

/// Of the kind that was chosen in the dialog, unless another one than the proposed was typed. The dialog has asked
/// about the file that was named and no other, so that none is overwritten.
QString withChosenKind(const QString& name, const QString& proposed, const QString& filter) {
    const QString kind = filter.section("*.", 1).remove(')'), suffix = QFileInfo(name).suffix();
    const bool typed = isKind(suffix) && suffix.compare(QFileInfo(proposed).suffix(), Qt::CaseInsensitive) != 0;
    if (name.isEmpty() || !isKind(kind) || typed || suffix.compare(kind, Qt::CaseInsensitive) == 0) return name;
    const QString stem = isKind(suffix) ? name.chopped(suffix.size() + 1) : name;
    const QString changed = stem + '.' + kind;
    return QFileInfo::exists(changed) ? name : changed;
}

}  // namespace

void MainWindow::makeSaving() {
    askForPictureName = [this](const QString& title, const QString& proposed) {
        QString kind;
        const QString name = QFileDialog::getSaveFileName(
            this, title, proposed, tr("Pictures (*.png);;Vector graphics, SVG (*.svg);;Vector graphics, PDF (*.pdf)"),
            &kind);
        return withChosenKind(name, proposed, kind);
    };
    askForReplayName = [this](const QString& title, const QString& proposed) {
        return QFileDialog::getSaveFileName(this, title, proposed);
    };
    save_ = addAction("action_save", tr("Save picture…"), {},
                      tr("Save the embedding view as it is seen, as PNG, SVG or PDF"));
    save_->setShortcut(Qt::Key_F2);
    copy_ = addAction("action_copy_picture", tr("Copy picture"), {}, tr("Puts the embedding view on the clipboard"));
    copy_->setShortcut(QKeySequence("Shift+F2"));
    connect(save_, &QAction::triggered, this, &MainWindow::savePicture);
    connect(copy_, &QAction::triggered, this, [this] {
        QGuiApplication::clipboard()->setImage(work_->view()->seenPicture(2));
        tell(tr("The picture is on the clipboard."));
    });
    saveAnimation_ = addAction("action_save_animation", tr("Save replay as an animation…"), {},
                               tr("The recorded frames as an animated PNG, at the speed chosen below the picture"));
    saveReplay_ = addAction("action_save_replay", tr("Save replay as pictures…"), {},
                            tr("The recorded frames as numbered PNG files in a new folder"));
    connect(saveAnimation_, &QAction::triggered, this, [this] {
        if (const QString file = askForReplayName(tr("Save the replay"), "replay.png"); !file.isEmpty())
            work_->saveAnimation(file);
    });
    connect(saveReplay_, &QAction::triggered, this, [this] {
        if (const QString folder = askForReplayName(tr("Name a new folder for the pictures"), "replay");
            !folder.isEmpty())
            work_->saveReplay(folder);
    });
}

/// Where the last one went, and what it shows: "shoes step 1200.png".
QString MainWindow::proposedPictureName() const {
    const QString pictures = QStandardPaths::writableLocation(QStandardPaths::PicturesLocation);
    const QString usual = QDir(pictures).exists() ? pictures : QDir::homePath();
    const QDir folder(preference(kPictureFolder, usual).toString());
    const std::shared_ptr<const Layout> shown = work_->view()->shownLayout();
    const QString name = data_ ? QString::fromStdString(data_->name) : tr("embedding");
    QString file = shown ? tr("%1 step %2.png").arg(name, QString::number(shown->step)) : name + ".png";
    return folder.filePath(file.replace('/', '-'));
}

void MainWindow::savePicture() try {
    const QString name = askForPictureName(tr("Save the picture"), proposedPictureName());
    if (name.isEmpty()) return;
    work_->view()->savePicture(name);
    setPreference(kPictureFolder, QFileInfo(name).absolutePath());
    tell(tr("Saved as %1").arg(QDir::toNativeSeparators(name)));
} catch (const std::exception& problem) {
    showSentence(QString::fromUtf8(problem.what()));
}

}  // namespace embedscope
