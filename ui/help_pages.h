#pragma once

#include "engine/catalog.h"

#include <QList>
#include <QString>

class QAction;

namespace embedscope {

/// The pages of the help, as rich text. What they say of losses, miners and encoders comes from the tables, what they
/// say of keys from the actions themselves, so that neither can go stale.
QString picturePage();
QString metricsPage();
QString comparisonPage();
QString keptRunsPage();
QString catalogPage(const QString& title, const QString& introduction, const Catalog& catalog);
/// @param actions Those without a text or a shortcut are left out.
QString shortcutsPage(const QList<QAction*>& actions);
QString aboutPage();

}  // namespace embedscope
