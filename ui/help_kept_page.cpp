#include "ui/help_pages.h"

#include <QObject>

namespace embedscope {

QString keptRunsPage() {
    const auto tr = [](const char* text) { return QObject::tr(text); };
    return "<h2>" + tr("Runs that are kept") + "</h2><dl>" +
           tr("<dt><b>Keeping</b></dt><dd>A run is written to the folder of runs while it is trained, unless <i>Keep "
              "this run on disk</i> is off in the settings. Before one that is kept nowhere makes way for another, or "
              "the window closes, you are asked whether to keep it. <i>File › Keep run</i> writes it at any time, as "
              "it was at the last pause or tenth of an epoch, and says at which step. A run that is stopped or closed "
              "goes on from the step where it was.</dd>"
              "<dt><b>Library</b></dt><dd><i>File › Library of runs</i> (Ctrl+L) shows every run of a folder with its "
              "map, settings and Recall@1. Double-click one to look at it; double-click its tags or note to write "
              "them. Sort by a click on a column, filter by any word. <i>Delete</i> moves to the trash.</dd>"
              "<dt><b>Watching</b></dt><dd>A run that is opened from the library, by <i>File › Watch a run…</i> or by "
              "dropping its folder is shown read only, also while another process or machine writes it: points and "
              "curves follow within a second or two. One whose program ended without a word is called "
              "interrupted.</dd>"
              "<dt><b>Comparing</b></dt><dd>Select several runs in the library: <i>Compare results…</i> puts the "
              "settings that differ, the numbers and the curves beside each other; <i>Train side by side</i> trains "
              "their settings anew.</dd>"
              "<dt><b>Resuming</b></dt><dd>goes on from the last checkpoint, in the same folder. Only one process at "
              "a time writes a run; the second one is told which.</dd>"
              "<dt><b>Query by image</b></dt><dd>Drop a picture on the view, or <i>Run › Query by image…</i>: it is "
              "embedded with the weights of the last epoch and shown where it lies, with lines to its nearest "
              "neighbours. It moves with the map until you press Esc or select something else.</dd>"
              "<dt><b>Export</b></dt><dd><i>File › Export run…</i>: embeddings as CSV, NumPy or for the Embedding "
              "Projector, metrics for TensorBoard, the encoder as TorchScript, ONNX or safetensors. A TorchScript file "
              "of your own is written as TorchScript only.</dd>"
              "<dt><b>Embeddings of others</b></dt><dd><i>File › Open embeddings…</i> opens .npy or .tsv. Labels and "
              "paths come from a table beside the file: x.csv beside x.npy, metadata.tsv beside tensors.tsv.</dd>") +
           "</dl>";
}

}  // namespace embedscope
