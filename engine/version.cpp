#include "engine/experiment.h"

namespace embedscope {

std::string_view programVersion() {
    return "0.1.0";
}

}  // namespace embedscope
