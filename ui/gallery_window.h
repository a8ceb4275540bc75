#pragma once

#include <QDialog>
#include <QPointer>

namespace embedscope {

class EmbeddingView;
class GalleryPanel;

/// The pictures of what is selected in one of several views, in a window beside them.
class GalleryWindow : public QDialog {
    Q_OBJECT
public:
    explicit GalleryWindow(QWidget* parent);
    /// Whose selection is shown; null: none.
    void follow(EmbeddingView* view);
    GalleryPanel* panel() const { return panel_; }

private:
    void showSelection();
    GalleryPanel* panel_ = nullptr;
    QPointer<EmbeddingView> view_;
};

}  // namespace embedscope
