#pragma once

#include <QObject>

#include <array>
#include <vector>

namespace embedscope {

class EmbeddingView;

/// What views side by side can have in common.
enum class Link { Camera, Selection, Hover, Colour, Axes };
inline constexpr std::size_t kLinks = 5;

/// Passes on what the user does in one view to all others, as far as the links are not cut. Camera, selection and hover
/// are passed on here; colour and axes are only known here and served by the page.
class ViewLinks : public QObject {
    Q_OBJECT
public:
    explicit ViewLinks(QObject* parent = nullptr);

    /// The views may die before the links.
    void setViews(const std::vector<EmbeddingView*>& views);
    bool isLinked(Link link) const { return linked_[static_cast<std::size_t>(link)]; }
    void setLinked(Link link, bool linked);

Q_SIGNALS:
    void linkChanged(Link link, bool linked);

private:
    void connectView(EmbeddingView& view);
    void passCamera(const EmbeddingView& source);
    void passTurn(const EmbeddingView& source);
    void passSide(const EmbeddingView& source);
    void passFit(const EmbeddingView& source);
    void passSelection(const EmbeddingView& source);
    void passHidden(const EmbeddingView& source);
    void passClick(const EmbeddingView& source, int sample);
    void passHover(const EmbeddingView& source, int sample);
    template <typename Pass>
    void forOthers(const EmbeddingView& source, Pass pass);

    std::vector<EmbeddingView*> views_;
    std::array<bool, kLinks> linked_{true, true, true, true, true};
    bool passing_ = false;
};

}  // namespace embedscope
