#include "ui/scatter/relabel_menu.h"

#include "ui/scatter/class_legend.h"

#include <QDialogButtonBox>
#include <QInputDialog>
#include <QItemSelectionModel>
#include <QListView>
#include <QMenu>
#include <QPushButton>
#include <QStringList>

#include <algorithm>
#include <utility>

namespace embedscope {
namespace {

constexpr int kMostInMenu = 40;

QString classNameOf(const DataSet& data, int label) {
    return QString::fromStdString(data.classNames[static_cast<std::size_t>(label)]);
}

}  // namespace

void fillRelabelMenu(QMenu& menu, std::shared_ptr<const DataSet> data, std::size_t images,
                     const std::function<void(int label)>& choose) {
    menu.clear();
    const int classes = static_cast<int>(data->classNames.size());
    for (int label = 0; label < std::min(classes, kMostInMenu); ++label)
        menu.addAction(classSwatch(label), classNameOf(*data, label).replace('&', "&&"), &menu,
                       [choose, label] { choose(label); });
    if (classes > kMostInMenu)
        menu.addAction(
            QObject::tr("%1 more…").arg(classes - kMostInMenu), &menu,
            [parent = menu.parentWidget(), data, images, choose] { askForClass(parent, *data, images, choose); });
    menu.addSeparator();
    menu.addAction(QObject::tr("No label"), &menu, [choose] { choose(kUnlabelled); });
}

namespace {

/// Nothing is chosen until the user does: the first class of all is nobody's guess.
void chooseNothing(QInputDialog& dialog) {
    dialog.setTextValue({});
    auto* list = dialog.findChild<QListView*>();
    const auto* buttons = dialog.findChild<QDialogButtonBox*>();
    if (!list || !buttons) return;
    list->setCurrentIndex({});
    list->clearSelection();
    QPushButton* accept = buttons->button(QDialogButtonBox::Ok);
    accept->setEnabled(false);
    QObject::connect(list->selectionModel(), &QItemSelectionModel::currentChanged, accept,
                     [accept](const QModelIndex& now) { accept->setEnabled(now.isValid()); });
}

}  // namespace

void askForClass(QWidget* parent, const DataSet& data, std::size_t images, const std::function<void(int label)>& choose,
                 std::optional<int> likely) {
    QStringList names;
    for (int label = 0; label < static_cast<int>(data.classNames.size()); ++label) names << classNameOf(data, label);
    names << QObject::tr("No label");
    auto* dialog = new QInputDialog(parent);
    dialog->setObjectName("relabel_dialog");
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(QObject::tr("Relabel"));
    dialog->setLabelText(
        images == 1 ? QObject::tr("The class of this image (type its first letters):")
                    : QObject::tr("The class of all %L1 selected images (type its first letters):").arg(images));
    dialog->setComboBoxItems(names);
    dialog->setOption(QInputDialog::UseListViewForComboBoxItems);
    if (likely) {
        dialog->setLabelText(dialog->labelText() + '\n' +
                             QObject::tr("Most of the nearest neighbours are “%1”.").arg(names[*likely]));
        dialog->setTextValue(names[*likely]);
    }
    QObject::connect(dialog, &QInputDialog::textValueSelected, dialog, [names, choose](const QString& name) {
        const auto index = static_cast<int>(names.indexOf(name));
        if (index >= 0) choose(index + 1 == names.size() ? kUnlabelled : index);
    });
    dialog->open();  // makes the list
    if (!likely) chooseNothing(*dialog);
}

}  // namespace embedscope
