#include "ui/choice_field.h"

#include "ui/parameter_fields.h"

#include <QComboBox>
#include <QLabel>
#include <QSignalBlocker>
#include <QStandardItemModel>
#include <QVBoxLayout>

namespace embedscope {
namespace {

void addHeading(QComboBox& box, const QString& text) {
    box.addItem(text);
    auto* model = qobject_cast<QStandardItemModel*>(box.model());
    QStandardItem* heading = model->item(box.count() - 1);
    heading->setFlags(Qt::NoItemFlags);
}

QString helpOf(const CatalogEntry& entry) {
    QString text = QString::fromStdString(entry.help).toHtmlEscaped();
    if (!entry.formula.empty())
        text += "<br><span style='font-family:monospace'>" + QString::fromStdString(entry.formula).toHtmlEscaped() +
                "</span>";
    if (!entry.source.empty()) text += "<br><i>" + QString::fromStdString(entry.source).toHtmlEscaped() + "</i>";
    return text;
}

}  // namespace

void fillWithCatalog(QComboBox& box, const Catalog& catalog) {
    std::vector<std::string> groups;
    for (const CatalogEntry& entry : catalog)
        if (std::find(groups.begin(), groups.end(), entry.group) == groups.end()) groups.push_back(entry.group);
    for (const std::string& group : groups) {
        if (groups.size() > 1) addHeading(box, QString::fromStdString(group));
        for (const CatalogEntry& entry : catalog)
            if (entry.group == group)
                box.addItem(QString::fromStdString(entry.label), QString::fromStdString(entry.id));
    }
}

ChoiceField::ChoiceField(const Catalog& catalog, const QString& name, QWidget* parent)
    : QWidget(parent),
      catalog_(catalog),
      box_(new QComboBox(this)),
      help_(new QLabel(this)),
      parameters_(new ParameterFields(this)) {
    setObjectName(name);
    QSizePolicy grows(QSizePolicy::Expanding, QSizePolicy::Preferred);
    grows.setHeightForWidth(true);  // the help below wraps
    setSizePolicy(grows);
    box_->setObjectName(name + "_list");
    fillWithCatalog(*box_, catalog);
    help_->setWordWrap(true);
    help_->setProperty("faint", true);
    help_->setTextInteractionFlags(Qt::TextSelectableByMouse);

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(box_);
    layout->addWidget(parameters_);
    layout->addWidget(help_);
    connect(box_, &QComboBox::currentIndexChanged, this, [this] {
        showRow({});
        Q_EMIT changed();
    });
    connect(parameters_, &ParameterFields::changed, this, &ChoiceField::changed);
    box_->setCurrentIndex(box_->findData(QString::fromStdString(catalog.front().id)));
    showRow({});
}

const CatalogEntry& ChoiceField::row() const {
    return entryOf(catalog_, box_->currentData().toString().toStdString(), "choice");
}

void ChoiceField::showRow(const ParameterValues& values) {
    const CatalogEntry& entry = row();
    parameters_->show(entry.parameters, values);
    help_->setText(helpOf(entry));
}

Choice ChoiceField::choice() const {
    return {row().id, parameters_->values()};
}

void ChoiceField::setChoice(const Choice& choice) {
    entryOf(catalog_, choice.id, "choice");  // an unknown id is an error, not the first row
    {
        const QSignalBlocker quiet(box_);
        box_->setCurrentIndex(box_->findData(QString::fromStdString(choice.id)));
    }
    showRow(choice.parameters);
    Q_EMIT changed();
}

}  // namespace embedscope
