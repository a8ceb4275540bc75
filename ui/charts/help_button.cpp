#include "ui/charts/help_button.h"

#include <QString>
#include <QToolButton>
#include <QToolTip>

namespace embedscope {

QToolButton* makeHelpButton(const QString& name, const QString& help, QWidget* parent) {
    auto* button = new QToolButton(parent);
    button->setObjectName(name);
    button->setText("?");
    button->setAutoRaise(true);
    button->setFixedSize(18, 18);
    button->setToolTip("<p>" + help + "</p>");  // A paragraph, so that Qt folds long lines.
    button->setAccessibleName(QObject::tr("What this means"));
    QObject::connect(button, &QToolButton::clicked, button, [button] {
        QToolTip::showText(button->mapToGlobal(button->rect().bottomLeft()), button->toolTip(), button);
    });
    return button;
}

}  // namespace embedscope
