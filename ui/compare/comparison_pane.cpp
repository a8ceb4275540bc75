#include "ui/compare/comparison_pane.h"

#include "engine/layout_places.h"
#include "ui/charts/chart_theme.h"
#include "ui/charts/distance_panel.h"
#include "ui/health_panel.h"
#include "ui/icons.h"
#include "ui/inspector/newest_task.h"
#include "ui/scatter/embedding_view.h"

#include <QDialog>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QMenu>
#include <QPainter>
#include <QToolButton>
#include <QVBoxLayout>

#include <cmath>

namespace embedscope {
namespace {

constexpr int kDistancesHeight = 170;

/// The newest Recall@1 of the history.
double recallOf(const Snapshot& snapshot) {
    if (snapshot.history)
        for (auto row = snapshot.history->rbegin(); row != snapshot.history->rend(); ++row)
            if (std::isfinite(row->recallAt1)) return row->recallAt1;
    return MetricsRow::kNone;
}

QString progressOf(const Snapshot& snapshot) {
    const QLocale locale;
    QStringList parts{ComparisonPane::tr("step %1").arg(locale.toString(static_cast<qlonglong>(snapshot.step)))};
    const double loss =
        snapshot.history && !snapshot.history->empty() ? snapshot.history->back().loss : MetricsRow::kNone;
    if (std::isfinite(loss)) parts << ComparisonPane::tr("loss %1").arg(locale.toString(loss, 'f', 4));
    if (const double recall = recallOf(snapshot); std::isfinite(recall))
        parts << ComparisonPane::tr("Recall@1 %1").arg(percentText(recall));
    parts << ComparisonPane::tr("epoch %1 of %2").arg(locale.toString(snapshot.epoch, 'f', 1)).arg(snapshot.epochs);
    if (snapshot.phase == RunPhase::Paused) parts << ComparisonPane::tr("paused");
    if (snapshot.phase == RunPhase::Finished) parts << ComparisonPane::tr("finished");
    if (snapshot.phase == RunPhase::Stopped) parts << ComparisonPane::tr("stopped");
    if (snapshot.phase == RunPhase::Failed) parts << ComparisonPane::tr("failed");
    return parts.join("  ·  ");
}

}  // namespace

ComparisonPane::ComparisonPane(QWidget* parent) : QFrame(parent) {
    setObjectName("comparison_pane");
    view_ = new EmbeddingView;
    view_->setObjectName("comparison_view");
    view_->installEventFilter(this);
    distances_ = new DistancePanel;
    distances_->setFixedHeight(kDistancesHeight);
    distances_->hide();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(1, 1, 1, 1);
    column->setSpacing(0);
    column->addWidget(makeHead());
    column->addWidget(view_, 1);
    column->addWidget(distances_);
    proxyTask_ = std::make_unique<NewestTask<Places>>([this](const Places& places) {
        // Another run or loss has others, or none.
        if (proxies_ && places.coordinates.size() == 2 * proxies_->labels.size())
            view_->showProxies(placesOf(places.coordinates, places.depths), proxies_->labels);
    });
}

ComparisonPane::~ComparisonPane() = default;

void ComparisonPane::showProxies(std::shared_ptr<const ProxyFrame> proxies, std::shared_ptr<const Layout> layout) {
    proxies_ = std::move(proxies);
    if (proxies_)
        proxyTask_->start([proxies = proxies_, layout] { return placesIn(*layout, proxies->rows); });
    else
        view_->showProxies({}, {});
}

QWidget* ComparisonPane::makeHead() {
    auto* head = new QWidget;
    title_ = new QLabel;
    title_->setObjectName("pane_title");
    title_->setTextFormat(Qt::RichText);
    progress_ = new QLabel;
    progress_->setObjectName("pane_progress");
    progress_->setProperty("faint", true);
    for (QLabel* label : {title_, progress_}) label->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    alarms_ = addButton("pane_alarms", {}, {});
    alarms_->hide();
    connect(alarms_, &QToolButton::clicked, this, &ComparisonPane::showAlarms);
    pause_ = addButton("pane_pause", {}, tr("Pause or resume this run alone"));
    pause_->setIcon(icon(Symbol::Pause));
    fork_ = addButton("pane_fork", tr("Fork…"),
                      tr("Go on from the step that is shown with other settings, in a pane of its own"));
    more_ = addButton("pane_more", "⋯", tr("Duplicate, change or remove this run"));
    connect(pause_, &QToolButton::clicked, this, [this] { Q_EMIT pauseToggled(pause_->property("pauses").toBool()); });
    connect(fork_, &QToolButton::clicked, this, &ComparisonPane::forkRequested);
    connect(more_, &QToolButton::clicked, this, &ComparisonPane::showMenu);
    auto* texts = new QVBoxLayout;
    texts->setSpacing(0);
    texts->addWidget(title_);
    texts->addWidget(progress_);
    auto* row = new QHBoxLayout(head);
    row->setContentsMargins(10, 4, 6, 4);
    row->setSpacing(4);
    row->addLayout(texts, 1);
    for (QToolButton* button : {alarms_, pause_, fork_, more_}) row->addWidget(button);
    return head;
}

QToolButton* ComparisonPane::addButton(const QString& name, const QString& text, const QString& help) {
    auto* button = new QToolButton;
    button->setObjectName(name);
    button->setText(text);
    button->setToolTip(help);
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::TabFocus);
    return button;
}

void ComparisonPane::showMenu() {
    Q_EMIT activated();
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("Duplicate…"), this, &ComparisonPane::duplicateRequested)->setObjectName("pane_duplicate");
    menu->addAction(tr("Change settings and start over…"), this, &ComparisonPane::editRequested)
        ->setObjectName("pane_edit");
    QAction* remove = menu->addAction(tr("Remove"), this, &ComparisonPane::removeRequested);
    remove->setObjectName("pane_remove");
    remove->setEnabled(removable_);
    menu->popup(more_->mapToGlobal(QPoint(0, more_->height())));
}

void ComparisonPane::setHead(const PaneHead& head) {
    head_ = head;
    drawHead();
}

void ComparisonPane::drawHead() {
    const ChartTheme theme = chartTheme(*this);
    QString text = "<span style='color:" + head_.color.name() + "'>■</span> <b>" + head_.name.toHtmlEscaped() + "</b>";
    if (!head_.origin.isEmpty()) text += " &nbsp; " + faintText(theme, head_.origin.toHtmlEscaped());
    if (!head_.differs.isEmpty()) text += " &nbsp; " + head_.differs.toHtmlEscaped();
    title_->setText(text);
    title_->setToolTip(QStringList{head_.name, head_.differs, head_.origin}.join("\n").trimmed());
}

void ComparisonPane::showProgress(const Snapshot& snapshot) {
    progress_->setText(progressOf(snapshot));
    const bool pauses = snapshot.phase != RunPhase::Paused;
    pause_->setEnabled(!snapshot.ended());
    if (pause_->property("pauses").toBool() == pauses && pause_->property("pauses").isValid()) return;
    pause_->setProperty("pauses", pauses);
    pause_->setIcon(icon(pauses ? Symbol::Pause : Symbol::Play));
}

void ComparisonPane::showHealth(std::shared_ptr<const HealthState> health, bool live) {
    health_ = std::move(health);
    takesCures_ = live;
    QStringList sentences;
    if (health_)
        for (const Alarm& alarm : health_->alarms)
            if (alarm.holds()) sentences << QString::fromStdString(alarm.sentence + ' ' + alarm.advice);
    alarms_->setVisible(!sentences.isEmpty());
    alarms_->setText(tr("⚠ %1").arg(sentences.size()));
    alarms_->setToolTip(tr("<p>Alarms that hold; click for cures.</p><p>%1</p>")
                            .arg(sentences.join("\n").toHtmlEscaped().replace("\n", "</p><p>")));
    if (panel_) panel_->showHealth(health_, live);
}

void ComparisonPane::showAlarms() {
    Q_EMIT activated();
    auto* window = new QDialog(this);
    window->setObjectName("pane_alarms_window");
    window->setAttribute(Qt::WA_DeleteOnClose);
    window->setWindowTitle(tr("Health of “%1”").arg(head_.name));
    window->resize(460, 420);
    panel_ = new HealthPanel;
    panel_->setGoesBack(false);
    panel_->showHealth(health_, takesCures_);
    connect(panel_, &HealthPanel::cureRequested, this, &ComparisonPane::cureRequested);
    connect(panel_, &HealthPanel::samplesRequested, view_, &EmbeddingView::setSelection);
    auto* column = new QVBoxLayout(window);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(panel_);
    window->show();
}

void ComparisonPane::showWaiting(const QString& sentence) {
    progress_->setText(sentence);
    pause_->setEnabled(false);
}

QString ComparisonPane::progressText() const {
    return progress_->text();
}

void ComparisonPane::setCurrent(bool current) {
    if (current == current_) return;
    current_ = current;
    update();
}

void ComparisonPane::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setPen(palette().color(current_ ? QPalette::Highlight : QPalette::Mid));
    painter.drawRect(rect().adjusted(0, 0, -1, -1));
}

void ComparisonPane::setDistancesShown(bool shown) {
    distances_->setVisible(shown);
}

bool ComparisonPane::eventFilter(QObject* watched, QEvent* event) {
    if (watched == view_ && event->type() == QEvent::MouseButtonPress) Q_EMIT activated();
    return QFrame::eventFilter(watched, event);
}

void ComparisonPane::changeEvent(QEvent* event) {
    if (title_ && event->type() == QEvent::PaletteChange) drawHead();
    QFrame::changeEvent(event);
}

}  // namespace embedscope
