#include "app/view_command.h"

namespace embedscope {

void addViewOptions(CLI::App& command, ViewSource& source) {
    command
        .add_option("what", source.embeddings,
                    "Embeddings as .npy or .tsv, a folder of epochs/epoch_<k>/embeddings.npy, or that of a run")
        ->required()
        ->check(CLI::ExistingPath)
        ->type_name("PATH");
    command
        .add_option("--labels", source.labels,
                    "A table with a column label and perhaps path, or a .npy of whole numbers; by default what lies "
                    "beside the embeddings")
        ->check(CLI::ExistingFile)
        ->type_name("FILE");
    command.add_option("--images", source.images, "The folder that the paths of the table are relative to")
        ->check(CLI::ExistingDirectory)
        ->type_name("FOLDER");
}

}  // namespace embedscope
