#pragma once

#include "engine/projection.h"
#include "ui/scatter/brush.h"
#include "ui/scatter/camera_follow.h"
#include "ui/scatter/class_centres.h"
#include "ui/scatter/class_outlines.h"
#include "ui/scatter/density_contours.h"
#include "ui/scatter/difference_arrows.h"
#include "ui/scatter/lasso.h"
#include "ui/scatter/point_colors.h"
#include "ui/scatter/point_grid.h"
#include "ui/scatter/point_pictures.h"
#include "ui/scatter/points.h"
#include "ui/scatter/proxy_marks.h"
#include "ui/scatter/query_mark.h"
#include "ui/scatter/selection_history.h"
#include "ui/scatter/selection_tool.h"
#include "ui/scatter/space_points.h"
#include "ui/scatter/surface.h"
#include "ui/scatter/view_overlay.h"
#include "ui/scatter/watched_overlay.h"

#include <QElapsedTimer>
#include <QImage>
#include <QTimer>
#include <QWidget>

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <vector>

class QLabel;
class QToolButton;

namespace embedscope {

class HoverCard;

/// The embedding space as points: pan by dragging, zoom with the wheel, hover and click. Points glide from layout to
/// layout; the camera follows them until the user moves it. Layouts of three coordinates are shown in space, and
/// dragging turns them.
class EmbeddingView : public QWidget {
    Q_OBJECT
public:
    explicit EmbeddingView(QWidget* parent = nullptr);
    ~EmbeddingView() override;

    /// Forgets the layout, the selection and what was hidden. Null: empty.
    void setDataSet(std::shared_ptr<const DataSet> dataSet);
    std::shared_ptr<const DataSet> dataSet() const { return data_; }
    bool shownLabelsAre(const DataSet& other) const;
    /// The same images with other labels.
    void setLabels(std::shared_ptr<const DataSet> relabelled);
    /// Marks by hand are undone in one order with the selection: a step of theirs is one of the view's, and undoing it
    /// asks by markStepUndone() for the step before.
    void recordMarkStep(std::size_t step);
    /// Where the marks are now, without a way back.
    void setMarkStep(std::size_t step) { picked_.markStep = step; }
    /// Whether the menu of a point offers other classes.
    void setRelabelling(bool offered) { relabelling_ = offered; }
    /// While a lasso is drawn, a layout of the same samples waits until it is done: selected is what was encircled.
    void showLayout(std::shared_ptr<const Layout> layout);
    std::shared_ptr<const Layout> shownLayout() const { return layout_; }
    /// The one that waits, or else the one that is shown.
    std::shared_ptr<const Layout> newestLayout() const { return held_ ? held_ : layout_; }

    /// Points that the loss owns, drawn over the samples; call before showLayout(), with whose points they glide.
    /// @param places [C] in the layout's coordinates. @param labels [C] index into DataSet::classNames.
    void showProxies(std::vector<MapPlace> places, std::vector<std::int32_t> labels);
    const ProxyMarks& proxies() const { return proxies_; }
    void setProxiesVisible(bool visible);

    /// A picture that is no sample, with lines to its neighbours; the view grows to hold it. None: gone.
    void setQuery(std::optional<QueryMark> query);
    const std::optional<QueryMark>& query() const { return query_; }

    void setSelectedSample(int sample);  ///< -1: none.
    int selectedSample() const { return selected_; }
    void setHighlightedNeighbors(std::vector<int> samples);
    /// Ends of the lines from the point under the cursor.
    void setHoveredNeighbors(std::vector<int> samples);
    /// Points turn pale as far as the layout's quality says that their place cannot be believed.
    void setTrustShown(bool shown);
    bool isTrustShown() const { return trustShown_; }

    void setColorBy(ColorBy by);
    ColorBy colorBy() const { return colorBy_; }
    /// [samples of the data set] for ColorBy::Agreement and ColorBy::Hardness; null: not known.
    void setAgreement(std::shared_ptr<const std::vector<float>> agreement,
                      std::shared_ptr<const std::vector<float>> hardness);
    /// [samples of the data set] for ColorBy::Loss; null: not known. @param step Up to which they were looked at.
    void setLosses(std::shared_ptr<const std::vector<float>> losses, std::int64_t step);
    /// For ColorBy::Column; forgotten with the data set.
    void setColumns(std::shared_ptr<const SampleColumns> columns);
    std::shared_ptr<const SampleColumns> columns() const { return colorSources_.columns; }
    void setColorByColumn(std::size_t column);
    std::size_t colorColumn() const { return colorSources_.column; }
    /// Samples with a label given by hand, rising; for ColorBy::Labelled.
    void setRelabelled(std::vector<int> samples);
    /// For ColorBy::Movement; null: not known.
    void setMovedFrom(std::shared_ptr<const Layout> origin);
    const ColorKey& colorKey() const { return colorKey_; }

    void setPictureMode(PictureMode mode);
    const PointPictures& pictures() const { return pictures_; }

    // Points in space; see embedding_view_space.cpp.

    /// The layout has three coordinates a point.
    bool isInSpace() const { return layout_ && embedscope::isInSpace(*layout_); }
    /// Near points look larger; otherwise sizes and lengths compare.
    void setPerspective(bool perspective);
    bool hasPerspective() const { return perspective_; }
    static constexpr SpaceTurn kCorner{-0.5F, 0.35F};  ///< At first: all three axes are seen.
    /// The points glide there.
    void lookFrom(SpaceTurn turn);
    /// How the user left the points turned; kept while they lie in a plane.
    SpaceTurn turn() const { return turn_; }
    /// As if the user had turned them: at once.
    void setTurn(SpaceTurn turn);
    const Orbit& orbit() const { return orbit_; }

    /// Many samples: drawn over the others, which turn pale. In rising order; empty: none.
    void setSelection(std::vector<int> samples);
    const std::vector<int>& selection() const { return picked_.selected; }
    /// Samples that are not drawn and cannot be pointed at, whatever their class; in rising order.
    const std::vector<int>& hiddenSamples() const { return picked_.hidden; }
    void setHiddenSamples(std::vector<int> samples);
    /// What is not selected turns pale; otherwise the selected points are ringed.
    void setRestGreyed(bool greyed);
    bool isRestGreyed() const { return greysRest_; }
    bool canUndoSelection() const { return history_.canUndo(); }
    bool canRedoSelection() const { return history_.canRedo(); }
    /// With Move the last of the others is drawn by Shift and drag.
    void setSelectionTool(SelectionTool tool);
    SelectionTool selectionTool() const { return tool_; }
    const Brush& brush() const { return brush_; }

    /// Drawn over the points and below names and rings, in the order in which they were added.
    void addOverlay(std::shared_ptr<const ViewOverlay> overlay);

    /// Drawn with their pictures, and joined by lines with their distances; at most kMostWatched.
    void setWatchedSamples(std::vector<int> samples);
    const std::vector<int>& watchedSamples() const { return watched_; }

    void setClassVisible(int label, bool visible);
    bool isClassVisible(int label) const { return !hiddenClasses_.contains(label); }
    void setSplitVisible(Split split, bool visible);
    void setClassOutline(ClassOutline outline);
    ClassOutline classOutline() const { return outline_; }
    /// Lines of equal density of the points that are shown, or of the selected ones where the rest is grey.
    void setContoursVisible(bool visible);
    bool areContoursVisible() const { return contoursVisible_; }
    void setClassNamesVisible(bool visible);
    bool areClassNamesVisible() const { return classNames_; }
    /// False since the user moved the camera, until fitAll().
    bool followsPoints() const { return follows_; }

    QString rendererName() const;
    /// The view at another size, drawn on the CPU.
    QImage picture(QSize size) const;
    /// The view as it is seen. @param scale Device pixels for a logical one.
    QImage seenPicture(double scale);
    /// The same as a file; a name that ends in .pdf or .svg makes a vector file of at most 50,000 points.
    /// @throws std::runtime_error with a sentence if that cannot be done.
    void savePicture(const QString& file);

    const DrawnPoints& points() const { return points_; }
    const PointDepths& depths() const { return depths_; }
    /// In the order in which they are drawn.
    SeenPoints seen();
    /// As they are drawn now: while a hand turns so many that a frame would take too long, only a share of them.
    SeenPoints drawn();
    ScatterFrame frame() const;
    /// Where a sample is drawn now, in this widget's coordinates; none if it is not shown.
    std::optional<QPointF> screenPositionOf(int sample) const;
    const Camera& camera() const { return camera_; }

    // For views side by side; see embedding_view_links.cpp.

    /// What the camera fits and follows in place of the own points, so that several views keep one scale; none: these.
    void setSharedExtent(const std::optional<QRectF>& extent);
    QRectF ownExtent() const { return extent_; }
    /// What points in space are turned around, in place of their own middle, so that several views turn alike; none:
    /// that.
    void setSharedSpace(const std::optional<SpaceExtent>& extent);
    /// Of the points themselves, in space.
    SpaceExtent ownSpace() const { return ownSpace_; }
    /// What fitAll() arrives at.
    Camera fittedCamera() const;
    /// As if the user had moved it; the viewport stays the view's own.
    void setCamera(const Camera& camera);
    /// A sample that is pointed at elsewhere; -1: none.
    void setRingedSample(int sample);
    int ringedSample() const { return ringed_; }
    /// Arrows to the samples from where `origin` has them: of the selected ones, or of some. Null: no arrows.
    void setArrowsFrom(std::shared_ptr<const Layout> origin);
    /// As they are drawn now, in this widget's coordinates.
    std::vector<SampleArrow> arrows() const;

    /// The points and the camera are where they were going.
    void arriveAtOnce();
    /// True while frames are drawn without anybody asking: points or camera are on their way.
    bool isMoving() const { return frames_.isActive(); }

public Q_SLOTS:
    void fitAll();
    void selectVisible();
    void selectNothing();
    void invertSelection();
    void undoSelection();
    void redoSelection();
    /// Hides everything else, or the selection itself.
    void isolateSelection();
    void hideSelection();
    void showHidden();
    void fitSelection();
    /// Draws anew with the next frame: an overlay has changed.
    void refresh();

Q_SIGNALS:
    void sampleHovered(int sample);  ///< -1: none.
    void sampleClicked(int sample);  ///< -1: beside all points.
    void selectionChanged();
    void pinRequested(int sample);  ///< Or no longer, if it is pinned.
    void cameraMoved();             ///< By the user.
    void turned();                  ///< By the user, in space.
    void lookedFrom();              ///< By the user, who chose a side.
    void cameraFitted();            ///< By the user, who had moved it before.
    void hiddenChanged();
    void relabelRequested(const std::vector<int>& samples, int label);
    void markStepUndone(std::size_t step);  ///< Or done again: the marks are to be as at this step.
    void labelsChanged();
    void dataSetChanged();
    void colorByChanged(ColorBy by);
    void columnsChanged();
    void selectionToolChanged(SelectionTool tool);
    void rendererChanged(const QString& name);
    void spaceChanged();  ///< The layout lies in space now, or in a plane again; or the perspective is another.

protected:
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    void makeSurface(bool openGl);
    SurfaceSource surfaceSource();
    void startGlide();
    void startFrames();
    void advance();
    void arrive();
    void moveCamera(const Camera& camera);
    void setFollows(bool follows);
    void applyVisibility();
    void measureExtent();
    void measureSpace();
    void beginAt(DrawnPoints& points, PointDepths& depths, float glide) const;
    void turnBy(QPointF way);
    bool turnByKey(int key);
    void glideOrbit();
    void thinToPace();
    void drawAll();
    void leaveSpace();
    MapPlace placeNow(std::size_t row, float glide) const;
    void paintQuery(QPainter& painter) const;
    void paintShapes(QPainter& painter);
    void recolor();
    std::vector<std::uint8_t> stylesOfSamples() const;
    void beginSelecting(QMouseEvent* event);
    bool isDrawing() const { return lasso_.isActive() || brush_.isActive(); }
    void endDrawing();
    void dropDrawing();
    void endSelecting(Qt::KeyboardModifiers modifiers);
    void toggleSelected(int sample);
    void setPicked(PickedSamples picked);
    void applyPicked(PickedSamples picked);
    void describeSelection();
    QCursor idleCursor() const;
    void hover(QPoint cursor);
    bool hoverProxy(QPoint cursor);
    void setHovered(std::optional<std::size_t> row, QPoint cursor);
    std::optional<std::size_t> rowAt(QPointF cursor);
    std::optional<std::size_t> rowOf(int sample) const;
    void paintLines(QPainter& painter, QPointF centre, const std::vector<int>& ends, const QColor& line) const;
    void paintGround(QPainter& painter) const;
    void paintOverlay(QPainter& painter);
    void paintLinks(QPainter& painter) const;
    void paintWatchedSamples(QPainter& painter) const;
    int meantSample() const;
    void paintSelected(QPainter& painter) const;
    void writePdf(const QString& file);
    void writeSvg(const QString& file);
    void paintVectors(QPainter& painter);
    void refuseTooManyVectors() const;

    std::shared_ptr<const DataSet> data_;
    std::shared_ptr<const Layout> layout_, held_;  ///< What is shown, and what waits for the end of a lasso.
    DrawnPoints points_;
    PointDepths depths_;         ///< In space, and while the points glide back into the plane.
    std::uint64_t content_ = 0;  ///< Grows whenever points_ or depths_ change.
    SpacePoints space_;
    std::size_t drawsEvery_ = 1, drewEvery_ = 1;  ///< While a hand turns it: one of so many points; at the last paint.
    QTimer rest_;                                 ///< Since then, until all are drawn.
    Orbit orbit_, orbitBefore_;                   ///< At both ends of the glide.
    SpaceTurn turn_ = kCorner;                    ///< As the user left them.
    bool perspective_ = true;
    QRectF extent_;
    std::optional<QRectF> sharedExtent_;
    SpaceExtent ownSpace_;
    std::optional<SpaceExtent> sharedSpace_;
    int ringed_ = -1;
    std::shared_ptr<const Layout> arrowsFrom_;
    std::vector<std::int32_t> arrowRowOfSample_;  ///< As rowOfSample_, of arrowsFrom_.
    ProxyMarks proxies_;
    bool proxiesVisible_ = true;
    std::optional<QueryMark> query_;
    std::vector<ClassCentre> centres_;
    bool classNames_ = true;
    ClassOutline outline_ = ClassOutline::None;
    bool contoursVisible_ = false;
    std::vector<OutlinedClass> outlines_;
    DensityContours contours_;
    bool shapesStale_ = true;  ///< outlines_ and contours_, on what is seen.
    PointGrid grid_;
    bool gridStale_ = false;                 ///< Built when the cursor first asks, on what is seen then.
    std::vector<std::int32_t> rowOfSample_;  ///< [samples of the data set] -1: not in the layout.
    std::set<int> hiddenClasses_;
    std::set<Split> hiddenSplits_;
    int selected_ = -1;
    std::vector<int> neighbors_;
    std::vector<int> watched_;
    std::vector<QImage> watchedPictures_;  ///< As many.
    PickedSamples picked_;
    SelectionHistory history_;
    bool greysRest_ = true, relabelling_ = false;
    SelectionTool tool_ = SelectionTool::Move, shape_ = SelectionTool::Lasso;  ///< The shape Shift-drag draws.
    Lasso lasso_;
    Brush brush_;
    std::vector<std::shared_ptr<const ViewOverlay>> overlays_;
    std::vector<int> hoveredNeighbors_;
    bool trustShown_ = false;
    ColorBy colorBy_ = ColorBy::Class;
    ColorSources colorSources_;
    ColorKey colorKey_;
    PointPictures pictures_;
    std::optional<std::size_t> hovered_;

    Camera camera_;
    CameraFollow follow_;
    bool follows_ = true;
    QElapsedTimer glideClock_, frameClock_, userClock_;  ///< Since the layout, the frame, the last move of the user.
    QTimer frames_;

    std::unique_ptr<ScatterSurface> surface_;
    HoverCard* card_ = nullptr;
    QLabel* selectionNote_ = nullptr;
    QToolButton* followButton_ = nullptr;
    QPoint pressed_, last_;
    bool dragging_ = false;
};

}  // namespace embedscope
