#pragma once

class QString;
class QToolButton;
class QWidget;

namespace embedscope {

/// A small "?" that explains what stands beside it, on hover and on click.
QToolButton* makeHelpButton(const QString& name, const QString& help, QWidget* parent);

}  // namespace embedscope
