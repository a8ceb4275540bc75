#pragma once

class QWidget;

namespace embedscope {

enum class HelpPage {
    Seeing,
    Numbers,
    Comparing,
    Kept,
    Losses,
    Mining,
    Views,
    Encoders,
    Optimisers,
    Schedules,
    Augmentation,
    Keys,
    About
};

/// Opens the program's help at this page, or turns to it; it stays open beside the window.
/// @param parent The window whose actions' keys are listed.
void showHelp(HelpPage page, QWidget* parent);

}  // namespace embedscope
