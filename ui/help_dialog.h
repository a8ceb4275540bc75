#pragma once

class QWidget;

namespace embedscope {

enum class HelpPage { Seeing, Losses, Keys, About };

/// Opens the program's help, which stays open beside the window.
void showHelp(HelpPage page, QWidget* parent);

}  // namespace embedscope
