#include "ui/compare/grid_dialog.h"

#include "ui/compare/grid_settings.h"
#include "ui/paths.h"

#include <QClipboard>
#include <QComboBox>
#include <QFileDialog>
#include <QFormLayout>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

#include <exception>

namespace embedscope {
namespace {

constexpr int kMostSeeds = 20;

QString commandFor(const QString& file) {
    return QString("embedscope compare \"%1\" --out grid-results --json").arg(file);
}

}  // namespace

GridDialog::GridDialog(Experiment experiment, std::function<void(Comparison)> take, QWidget* parent)
    : QDialog(parent), experiment_(std::move(experiment)), take_(std::move(take)) {
    setObjectName("grid_dialog");
    setWindowTitle(tr("Compare values of a setting"));
    setAttribute(Qt::WA_DeleteOnClose);
    askForSaveName = [this](const QString& proposed) {
        return QFileDialog::getSaveFileName(this, tr("Save the grid"), proposed);
    };
    auto* explanation = new QLabel(
        tr("A run for each value, each with so many seeds. Seeds change first weights and batches: with two or more, "
           "the verdict tells whether a lead is more than chance."));
    explanation->setProperty("faint", true);
    explanation->setWordWrap(true);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(24, 20, 24, 16);
    column->setSpacing(12);
    column->addWidget(explanation);
    column->addWidget(makeFields());
    column->addWidget(makeCommand());
    column->addStretch(1);
    column->addWidget(makeFooter());
    resize(640, 380);
    proposeValues();
}

QWidget* GridDialog::makeFields() {
    setting_ = new QComboBox;
    setting_->setObjectName("grid_setting");
    for (const GridSetting& setting : gridSettings(experiment_))
        setting_->addItem(setting.label, QString::fromStdString(setting.path));
    values_ = new QLineEdit;
    values_->setObjectName("grid_values");
    seeds_ = new QSpinBox;
    seeds_->setObjectName("grid_seeds");
    seeds_->setRange(1, kMostSeeds);
    auto* fields = new QWidget;
    auto* form = new QFormLayout(fields);
    form->setContentsMargins(0, 0, 0, 0);
    form->addRow(tr("Setting"), setting_);
    form->addRow(tr("Values, with commas"), values_);
    form->addRow(tr("Seeds each"), seeds_);
    connect(setting_, &QComboBox::currentIndexChanged, this, &GridDialog::proposeValues);
    connect(values_, &QLineEdit::textChanged, this, &GridDialog::check);
    connect(seeds_, &QSpinBox::valueChanged, this, &GridDialog::check);
    return fields;
}

/// Shown where there are more runs than panes.
QWidget* GridDialog::makeCommand() {
    withoutWindow_ = new QWidget;
    command_ = new QLineEdit(commandFor("grid.json"));
    command_->setObjectName("grid_command");
    command_->setReadOnly(true);
    auto* saveAs = new QPushButton(tr("Save as a file…"));
    saveAs->setObjectName("grid_save");
    auto* copy = new QPushButton(tr("Copy"));
    copy->setObjectName("grid_copy");
    connect(saveAs, &QPushButton::clicked, this, &GridDialog::save);
    connect(copy, &QPushButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(command_->text()); });
    auto* row = new QHBoxLayout(withoutWindow_);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(saveAs);
    row->addWidget(command_, 1);
    row->addWidget(copy);
    return withoutWindow_;
}

QWidget* GridDialog::makeFooter() {
    summary_ = new QLabel;
    summary_->setObjectName("grid_summary");
    summary_->setWordWrap(true);
    auto* cancel = new QPushButton(tr("Cancel"));
    start_ = new QPushButton(tr("Start all"));
    start_->setObjectName("grid_start");
    start_->setProperty("primary", true);
    start_->setDefault(true);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(start_, &QPushButton::clicked, this, &GridDialog::accept);
    auto* footer = new QWidget;
    auto* row = new QHBoxLayout(footer);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(summary_, 1);
    row->addWidget(cancel);
    row->addWidget(start_);
    return footer;
}

void GridDialog::proposeValues() {
    const std::vector<GridSetting> settings = gridSettings(experiment_);
    const GridSetting& chosen = settings[static_cast<std::size_t>(setting_->currentIndex())];
    values_->setEnabled(!chosen.path.empty());
    values_->setToolTip(chosen.help);
    values_->setText(chosen.values);
    check();
}

Comparison GridDialog::grid() const {
    std::vector<std::string> values;
    const std::string path = setting_->currentData().toString().toStdString();
    if (!path.empty())
        for (const QString& value : values_->text().split(',', Qt::SkipEmptyParts))
            if (!value.trimmed().isEmpty()) values.push_back(value.trimmed().toStdString());
    std::vector<std::uint64_t> seeds;
    for (int i = 0; i < seeds_->value(); ++i) seeds.push_back(experiment_.seed + static_cast<std::uint64_t>(i));
    return makeGrid(experiment_, path, values, seeds);
}

void GridDialog::check() try {
    const Comparison comparison = grid();
    const std::size_t runs = comparison.runs.size();
    const bool fits = runs >= 2 && runs <= kMostPanes;
    std::vector<std::string> wrong = problems(comparison);
    start_->setEnabled(fits && wrong.empty());
    withoutWindow_->setVisible(runs > kMostPanes && wrong.empty());
    if (!wrong.empty())
        summary_->setText(QString::fromStdString(wrong.front()));
    else if (runs > kMostPanes)
        summary_->setText(tr("%1 runs are more than the %2 that fit side by side: save them and run them without a "
                             "window.")
                              .arg(runs)
                              .arg(kMostPanes));
    else
        summary_->setText(tr("%1 runs side by side").arg(runs));
} catch (const std::exception& problem) {
    start_->setEnabled(false);
    withoutWindow_->hide();
    summary_->setText(QString::fromUtf8(problem.what()));
}

void GridDialog::save() try {
    const QString name = askForSaveName("grid.json");
    if (name.isEmpty()) return;
    writeComparison(pathOf(name), grid());
    command_->setText(commandFor(name));
} catch (const std::exception& problem) {
    summary_->setText(QString::fromUtf8(problem.what()));
}

void GridDialog::accept() {
    Comparison comparison = grid();
    QDialog::accept();
    take_(std::move(comparison));
}

}  // namespace embedscope
