#pragma once

#include "engine/run.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace embedscope {

/// Embeddings that somebody else computed.
struct ViewSource {
    /// .npy of [rows, dimension], .tsv of numbers without a header, or a folder of epochs/epoch_<k>/embeddings.npy.
    std::filesystem::path embeddings;
    /// Labels, one a row: .npy of whole numbers, or a table (.csv, .tsv, .txt) with a column "label" and perhaps
    /// "path", or with a single column. Empty: what lies beside the embeddings, see labelsBeside().
    std::filesystem::path labels;
    std::filesystem::path images;  ///< The folder that the paths are relative to; empty: points have no pictures.
};

/// Whether the window opens this file, or folder that is no run, as embeddings.
bool areEmbeddings(const std::filesystem::path& place);

/// What usually holds the names of the rows: "x.csv" beside "x.npy", "metadata.tsv" beside "tensors.tsv", and for an
/// epoch of a run folder its samples.csv; for another folder of epochs labels.npy, labels.csv or metadata.tsv in it.
/// Empty: nothing is there.
std::filesystem::path labelsBeside(const std::filesystem::path& embeddings);

struct ViewedEmbeddings {
    std::shared_ptr<const DataSet> data;  ///< A sample a row, without hold-out.
    std::shared_ptr<BankFrame> bank;      ///< Exact, of step 0; its run is set when it is shown.
    std::shared_ptr<const DistanceStatistics> distances;
    std::string remark;  ///< What is missing, or empty.
    /// Of a folder of epochs, those before the newest that are shown on the way to it.
    struct Epoch {
        std::int64_t number = 0;
        std::filesystem::path file;
    };
    std::vector<Epoch> before;
};

/// Reads everything. Blocks; a stop leaves pictures out. The files may come from anywhere.
/// @throws std::runtime_error with one sentence that names the file, the row and the cure.
ViewedEmbeddings openEmbeddings(const ViewSource& source, const std::stop_token& stop = {});

/// Publishes them as a finished run, after the epochs before them if there are some, so that everything that shows runs
/// shows it.
std::unique_ptr<Run> showEmbeddings(RunStart start, ViewedEmbeddings viewed);

}  // namespace embedscope
