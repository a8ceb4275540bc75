#include "engine/losses/parameter_loss.h"

#include <limits>
#include <sstream>
#include <stdexcept>

namespace embedscope {

void ParameterLoss::setParameter(std::string_view id, double value) {
    const Parameter& parameter = parameterOf(entry_, id);
    if (!parameter.changesLive)
        throw std::invalid_argument("\"" + parameter.label + "\" of \"" + entry_.label +
                                    "\" cannot be changed while the run goes on; start a new run with it.");
    if (!(value >= parameter.minimum && value <= parameter.maximum)) {
        std::ostringstream sentence;
        sentence << '"' << parameter.label << "\" is " << value << "; choose a value from " << parameter.minimum
                 << " to " << parameter.maximum << '.';
        throw std::invalid_argument(sentence.str());
    }
    values_.insert_or_assign(parameter.id, value);
}

std::string marginLabel(std::string_view name, double margin) {
    std::ostringstream label;
    label << "margin: " << name << " = " << margin;
    return label.str();
}

double shareOf(double part, double whole) {
    return whole == 0 ? std::numeric_limits<double>::quiet_NaN() : part / whole;
}

}  // namespace embedscope
