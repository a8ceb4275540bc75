#include "ui/help_pages.h"

#include "engine/experiment.h"
#include "engine/measures.h"

#include <QAction>
#include <QCoreApplication>
#include <QKeySequence>
#include <QLocale>
#include <QStringList>

#include <algorithm>

namespace embedscope {
namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("help", text);
}

QString escaped(const std::string& text) {
    return QString::fromStdString(text).toHtmlEscaped();
}

struct Term {
    const char* name;
    const char* meaning;
};

QString termsHtml(std::initializer_list<Term> terms) {
    QString html;
    for (const Term& term : terms)
        html += "<p><b>" + tr(term.name).toHtmlEscaped() + "</b><br>" + tr(term.meaning) + "</p>";
    return html;
}

QString tableRow(const QString& left, const QString& right) {
    return "<tr><td style='padding:3px 24px 3px 0'><b>" + left + "</b></td><td style='padding:3px 0'>" + right +
           "</td></tr>";
}

QString numberText(double value) {
    return QLocale(QLocale::English).toString(value, 'g', 6);
}

QString parameterHtml(const Parameter& parameter) {
    QString range;
    if (parameter.options.empty()) {
        range = tr("%1 to %2, usually %3")
                    .arg(numberText(parameter.minimum), numberText(parameter.maximum), numberText(parameter.standard));
        if (!parameter.unit.empty()) range += " " + escaped(parameter.unit);
    } else {
        QStringList names;
        for (const std::string& option : parameter.options) names << escaped(option);
        range = names.join(", ");
    }
    if (parameter.changesLive) range += tr("; may be changed while it trains");
    return "<li><b>" + escaped(parameter.label) + "</b> (" + range + "): " + escaped(parameter.help) + "</li>";
}

QString entryHtml(const CatalogEntry& entry) {
    QString html = "<p><b>" + escaped(entry.label) + "</b><br>" + escaped(entry.help) + "</p>";
    if (!entry.formula.empty()) html += "<p style='margin-left:16px'><code>" + escaped(entry.formula) + "</code></p>";
    if (!entry.parameters.empty()) {
        html += "<ul>";
        for (const Parameter& parameter : entry.parameters) html += parameterHtml(parameter);
        html += "</ul>";
    }
    if (!entry.source.empty()) html += "<p><i>" + escaped(entry.source) + "</i></p>";
    return html;
}

/// What the table beside the curves shows, by its groups.
QString measuresHtml() {
    QString html, group;
    for (const MeasureEntry& entry : measureCatalog()) {
        if (const QString next = escaped(entry.group); next != group) html += "<h3>" + (group = next) + "</h3>";
        html += "<p><b>" + escaped(entry.label) + "</b><br>" + escaped(entry.help) + "<br><code>" +
                escaped(entry.formula) + "</code>";
        if (!entry.source.empty()) html += "<br><i>" + escaped(entry.source) + "</i>";
        html += "</p>";
    }
    return html;
}

QStringList groupsOf(const Catalog& catalog) {
    QStringList groups;
    for (const CatalogEntry& entry : catalog)
        if (const QString group = escaped(entry.group); !groups.contains(group)) groups << group;
    return groups;
}

}  // namespace

QString picturePage() {
    return "<h2>" + tr("What am I seeing?") + "</h2>" +
           termsHtml({
               {"The idea",
                "A small neural network, the encoder, turns every image into a list of numbers: its embedding. "
                "Training moves similar images together and dissimilar ones apart. In labelled data, images of one "
                "class are similar and images of different classes are not."},
               {"The large picture",
                "Each point is one image, its colour its class. An embedding has many numbers, a screen has two "
                "directions: the picture shows the two in which the embeddings differ most (principal components). "
                "The axes name the share of all differences that they show; what is missing may make separate "
                "groups look as if they overlapped. With an embedding of two numbers nothing is missing."},
               {"Discs and rings",
                "Discs are training images. Rings are held out: the encoder never learns from them, so they show "
                "where it puts images it has not seen."},
               {"Ringed diamonds",
                "Some losses own points: a proxy or a weight vector for each class, trained along. They are drawn in "
                "the colour of their class; the menu of the picture (right click) hides them."},
               {"Moving points",
                "A point moves when its embedding is computed anew: with its batch, in small portions in between, "
                "and together with all others at the end of an epoch. The card under the mouse says how old it is. "
                "<i>Freeze map</i> keeps the directions of the picture, so that moments compare exactly."},
               {"Other maps",
                "Above the picture. <i>t-SNE</i> and <i>UMAP</i> keep each point beside its nearest neighbours of the "
                "embedding: islands are real, their sizes and the distances between them are not. They start where "
                "they were and glide after the training. <i>Discriminant</i> shows the directions that part the "
                "classes best, <i>Raw axes</i> the numbers of the embedding as they are. <i>Settle</i> lets a map run "
                "until it stands still, <i>Start over</i> draws it anew. A picture that is asked about, and whatever "
                "else comes later, is placed where most of its nearest neighbours lie; the map itself does not move "
                "for it. Where a normalised embedding has two or three numbers and <i>Raw axes</i> shows them, the "
                "thin circle is where it lies in truth. <code>embedscope train --record</code> keeps a live map as a "
                "film."},
               {"How a map follows a training",
                "A map takes about a fifteenth of one core while the run trains, and all it can get when the run "
                "rests. <i>t-SNE</i> and <i>UMAP</i> draw about ten frames a second for 10,000 points, and look for "
                "the changed neighbours in slices between, each point among some thousand candidates: nineteen of "
                "twenty are the nearest, but the islands follow the training by some ten seconds. Once the run rests, "
                "neighbours are looked for among all points, up to 20,000. No frame moves the points by more than 4 % "
                "of the map's size on average, so that a leap of the embedding is seen as a flow. Where new places "
                "come more seldom than ten times a second, as with <i>PCA</i>, beside that search, or with "
                "<i>t-SNE</i> in space, whose steps take longer, frames in between are interpolated: points go "
                "straight from one known place to the next."},
               {"In space",
                "<i>3-D</i> above the picture draws the map with three axes. Dragging turns it, Ctrl and drag (or the "
                "middle button) move it, and the wheel zooms as in a plane; near points are larger and stronger. "
                "<i>Perspective</i> in the menu <i>View, In space</i> turns that off, so that lengths compare. Lasso, "
                "brush and clicks mean what you see: a near point covers those behind it. While you turn so many "
                "points that the picture would lag, a share of them is drawn; all are there again when the hand rests. "
                "Runs side by side turn together while their cameras are linked, and around one pivot while their axes "
                "are."},
               {"How far to believe it",
                "The status line: <i>trust</i> is low where neighbours on the map are far apart in truth, "
                "<i>continuity</i> where true neighbours were torn apart; 1 is perfect. <i>Show trust</i> pales the "
                "points whose place misleads. Rest the mouse on a point: the lines lead to its true nearest "
                "neighbours."},
               {"Pair distances",
                "Two histograms of the distances between images, taken before any projection: pairs of one class "
                "(similar) and of different classes (dissimilar). Training works if the two move apart. The marked "
                "line is the margin: how far the loss wants dissimilar images to be; drag it to change it while the "
                "run goes on. The dotted line is a threshold with its error rates, FMR and FNMR; drag it, too. The "
                "list at the right shows training and held-out pairs apart, and the distances over time as a strip."},
               {"Curves",
                "The same distances over training steps, each with the band that holds the middle 80 % of pairs; "
                "below them the loss with the share of pairs or triplets still active, and Recall@1 at the end of "
                "every epoch."},
               {"Sample",
                "Click a point: its image, its class and its nearest neighbours with their distances in the full "
                "embedding. Neighbours of another class show what the encoder confuses. Below them stand those that "
                "are nearest on the map: where few are the same, the map misleads. The mean loss of the mined pairs or "
                "triplets that held the image is told once one did, and <i>Path</i> draws its way over the map: from "
                "the ring, where it was in the first recorded frame of this map, along the arrowheads to where it is."},
               {"A wrong label",
                "Select images, or click one, and press Ctrl+R; or click one with the right button, in the picture or "
                "in the gallery. The picture, the gallery and the lists show the new class at once, the training "
                "takes it from its next batch on, and it stands in <i>Marks</i>. Ctrl+Z takes it back, in one order "
                "with what you selected and hid."},
               {"Pinned images",
                "Press P on a point, or <i>Pin</i> beside its image: two to eight pinned images are drawn with their "
                "pictures and joined by lines with the distance of their embeddings, solid within a class, dashed "
                "between classes. <i>Pinned</i>, beside the curves, draws each distance over the training steps."},
               {"Classes",
                "Beside the curves: the mean distance between the images of every two classes, near ones strongly "
                "coloured; on the diagonal the spread of a class. A click on a cell tells its standard error and the "
                "nearest impostor, selects the images of the two classes in the picture, held-out or training ones as "
                "shown, and draws their distances over the steps."},
               {"Pairs",
                "Beside the curves: what the miner chose of late, and the hardest triplets of all tracked training "
                "images, or of those of a class, as rows of pictures with their distances, loss and share of the "
                "gradient. Point at a row or click it: its lines are drawn in the picture. Four buttons say what is "
                "true: really similar, really dissimilar, a wrong label, not to be used. A marked row stays until the "
                "mouse leaves the rows; ≈ and ≠ take their mark back, the others are taken back under <i>Marks</i>."},
               {"Marks by hand",
                "Select points and use the menu <i>Marks</i>, or the menu of the picture: keep a first side, select "
                "the second, and mark both as similar or dissimilar; two selected points need no first side. Marked "
                "pairs enter the very next batch beside the loss of the run, with a weight each, and need no labels: "
                "similar ones are pulled together, dissimilar ones pushed apart. <i>Wrong label</i>, <i>Label as</i> "
                "and <i>Ignore</i> change what training believes of an image. Held-out images only measure: marks of "
                "them train nothing. All marks are listed in <i>Marks</i>, beside the curves, are kept with the run "
                "and go through CSV files."},
               {"The lights in the status line",
                "Five families of alarms: a disc is calm, a triangle tells of something that keeps the run from "
                "learning. Click one: <i>Health</i>, beside the curves, says since when, what was measured and what "
                "to do; one button asks the running training for the cure, going back to an earlier state where that "
                "is needed. Alarms, and marks by hand, are ticks under the slider of the time as well. When a number "
                "is no longer finite the run goes back by itself and waits."},
               {"If all points fall into one place",
                "The embedding has collapsed: every image gets the same numbers. <i>Health</i> says so and offers the "
                "cure that suits the cause: a lower learning rate, semi-hard mining, a target held still."},
           });
}

QString metricsPage() {
    return "<h2>" + tr("What the numbers mean") + "</h2>" +
           termsHtml({
               {"Distance",
                "Euclidean, between embeddings. For embeddings on the unit sphere it lies between 0 (the same) and 2 "
                "(opposite); &radic;2 &asymp; 1.41 is at right angles."},
               {"Loss",
                "The mean that the training step makes smaller. It is comparable within one loss and margin only; a "
                "miner that looks for harder pairs makes it larger without anything being worse."},
               {"Active",
                "Share of the chosen pairs or triplets whose loss is not zero. The rest teach nothing any more. Near "
                "0 %: a larger margin or harder mining gives training something to do."},
               {"Recall@1",
                "Share of the held-out images whose nearest other held-out image is of the same class; the image "
                "itself never counts. Measured exactly, before training and after every epoch. Guessing scores about "
                "one over the number of classes."},
               {"AUC",
                "Probability that a similar pair is nearer than a dissimilar one: 0.5 is chance, 1 a clean cut. From "
                "the same pairs as the histograms."},
               {"Gap", "Mean distance of dissimilar pairs less that of similar pairs."},
               {"Separation (σ)",
                "The gap in pooled standard deviations of the two kinds of distances (d'), in the table of a "
                "comparison: other than the gap, it compares embeddings of different scale."},
               {"Images/s", "Training images that pass through the encoder in a second, pauses left out."},
               {"Step, epoch",
                "A step is one batch and one change of the weights; an epoch has as many steps as it takes to see as "
                "many images as the training part holds."},
               {"Measures",
                "The table beside the curves: everything below, on the hold-out, at the end of every epoch; choose a "
                "row to see it as a curve. With more than 5,000 held-out images an epoch end measures 5,000 of them, "
                "always the same; <i>Measure now</i> takes all, and Recall@1 of the curves always does."},
           }) +
           measuresHtml();
}

QString comparisonPage() {
    return "<h2>" + tr("Runs side by side") + "</h2>" +
           termsHtml({
               {"How to begin",
                "<i>Compare…</i> (Ctrl+D) in the tool bar duplicates what you have set up or are training and asks "
                "what is to differ. The first page offers ready-made comparisons; <i>Compare values of a setting…</i> "
                "in the menu <i>Compare</i> makes a run for each value and seed. Up to six runs fit side by side."},
               {"Twins",
                "Runs with the same encoder, images, batch settings and seed start from the same first weights and see "
                "the same batches with the same random changes: what you see differ comes from what you changed. Where "
                "that does not hold, a sentence with ⚠ above the table says what differs therefore."},
               {"Lock step",
                "All runs take one step before any takes the next, so that all pictures are equally old. Off, each "
                "goes as fast as it can. No number depends on it."},
               {"Linked",
                "<b>Camera</b>: zoom and place. <b>Selection</b>: a lasso (Shift and drag) or a click selects in all "
                "pictures. <b>Hover</b>: the image under the mouse wears a double ring in the others. <b>Colour</b>: "
                "the list of classes hides in all pictures. <b>Axes</b>: pictures are turned and mirrored onto the "
                "first one, by the images that both show, and share one scale; distances share their axes too, and a "
                "spike that would flatten the others is cut. A second click on a button cuts the link."},
               {"Arrows",
                "From where an image lies in one picture to where it lies in the other: of the selected images, or of "
                "some of all. Long arrows across classes show what the two runs judge differently."},
               {"Time",
                "The slider shows all panes as they were at an earlier step, epoch or second; training goes on. A "
                "click into a curve does the same. <i>Live</i> goes back to now. At most 200 frames a run are kept, "
                "closer together where the run is short."},
               {"Fork",
                "Goes on from an earlier state of a run with another loss, margin or mining, in a pane of its own. "
                "States are kept ten times an epoch, fewer the longer a run lasts, and at the last pause; the newest "
                "one before what is shown is taken."},
               {"Table and verdict",
                "The settings that differ, then the numbers; the best of a column is bold. A click on a head sorts. "
                "Losses of different formulas do not compare, so none is marked. With two or more seeds for each "
                "setting the verdict is a paired test (Student's t): a small p means that the lead is not chance."},
               {"Files",
                "<i>Save comparison…</i> writes names and settings as a file that opens again here and runs without a "
                "window (embedscope compare). <i>Export report…</i> writes one HTML page with pictures, table and "
                "settings, <i>Export table…</i> a CSV file."},
           });
}

QString catalogPage(const QString& title, const QString& introduction, const Catalog& catalog) {
    QString html = "<h2>" + title.toHtmlEscaped() + "</h2><p>" + introduction.toHtmlEscaped() + "</p>";
    const QStringList groups = groupsOf(catalog);
    for (const QString& group : groups) {
        if (groups.size() > 1) html += "<h3>" + group + "</h3>";
        for (const CatalogEntry& entry : catalog)
            if (escaped(entry.group) == group) html += entryHtml(entry);
    }
    return html;
}

QString shortcutsPage(const QList<QAction*>& actions) {
    QString keys;
    for (const QAction* action : actions) {
        if (action->text().isEmpty() || action->shortcuts().isEmpty()) continue;
        QStringList names;
        for (const QKeySequence& key : action->shortcuts())
            names << key.toString(QKeySequence::NativeText).toHtmlEscaped();
        // Beside its key a remark need not end with it.
        QString help = action->toolTip().toHtmlEscaped();
        for (const QString& name : names)
            if (const QString end = " (" + name + ')'; help.endsWith(end)) help.chop(end.size());
        keys += tableRow(names.join(tr(" or ")), help);
    }
    return "<h2>" + tr("Keys and mouse") + "</h2><table>" + keys + "</table><h3>" + tr("In the picture") +
           "</h3><table>" + tableRow(tr("Drag, arrow keys"), tr("move the picture")) +
           tableRow(tr("Drag in 3-D, Ctrl and arrow keys"),
                    tr("turn the points; Ctrl and drag, or the middle button, move the picture")) +
           tableRow(tr("Wheel, + and -"), tr("zoom, the wheel at the cursor")) +
           tableRow(tr("Double click beside the points"), tr("show all points and follow them again")) +
           tableRow(tr("Point at"), tr("thumbnail, class and file of the image")) +
           tableRow(tr("Click"), tr("select the image and show its nearest neighbours")) +
           tableRow(tr("Shift and drag"), tr("add what a lasso encloses to the selection; the rest turns pale")) +
           tableRow(tr("Shift, Ctrl and drag"), tr("take what a lasso encloses out of the selection")) +
           tableRow(tr("P"), tr("pin the image under the mouse, or the selected one, and watch its distances")) +
           tableRow(tr("Lasso, rectangle, brush above the picture"),
                    tr("dragging selects anew; with Shift it adds, with Ctrl it takes away")) +
           tableRow(tr("Shift and wheel with the brush"), tr("a larger or smaller brush")) +
           tableRow(tr("Ctrl or Shift and click"), tr("put one point in the selection or take it out")) +
           tableRow(tr("Right button on a point or on a picture of the gallery"), tr("relabel it, pin it, and more")) +
           tableRow(tr("Esc"), tr("select nothing and put the tool away")) +
           tableRow(tr("Colour and Show above the picture"),
                    tr("what the colours say; points, or the pictures themselves")) +
           tableRow(tr("[ and ], Home, End"), tr("step through the recorded frames; the first one, the newest one")) +
           tableRow(tr("Trails below the picture"), tr("the ways of the selected points over the map so far")) +
           tableRow(tr("Tick in the legend"), tr("show or hide a class; a double click shows it alone")) + "</table>";
}

QString aboutPage() {
    return "<h2>Embedscope " + QString::fromUtf8(programVersion().data(), static_cast<int>(programVersion().size())) +
           "</h2><p>" +
           tr("Trains an image encoder with contrastive learning and shows its embedding space while it forms.") +
           "</p><p>" +
           tr("Free software under the GNU General Public License, version 3 or later. It comes without any "
              "warranty.") +
           "</p><h3>" + tr("Built with") + "</h3><table>" + tableRow("Qt " QT_VERSION_STR, "LGPL 3") +
           tableRow("LibTorch (PyTorch)", "BSD 3-Clause") + tableRow("OpenCV", "Apache 2.0") +
           tableRow("QCustomPlot", "GPL 3") + tableRow("Eigen", "MPL 2.0") + tableRow("hnswlib", "Apache 2.0") +
           tableRow("nlohmann-json, CLI11", "MIT, BSD 3-Clause") + tableRow("zlib", "zlib") + "</table><h3>" +
           tr("Sample data") + "</h3><p>" +
           tr("A part of Fashion-MNIST, © Zalando SE, under the MIT License: H. Xiao, K. Rasul, R. Vollgraf, "
              "arXiv 1708.07747.") +
           "</p>";
}

}  // namespace embedscope
