#pragma once

#include "engine/catalog.h"

#include <QWidget>

#include <functional>
#include <map>
#include <string>
#include <vector>

class QFormLayout;

namespace embedscope {

/// A field for one parameter of a table row: a spin box, or a list where the row names options.
QWidget* makeParameterField(const Parameter& parameter, double value, QWidget* parent,
                            std::function<void(double)> changed);

/// Labelled fields for all parameters of a row that have an effect beside the others.
class ParameterFields : public QWidget {
    Q_OBJECT
public:
    explicit ParameterFields(QWidget* parent = nullptr);

    /// Rebuilds the fields. Values the row does not know are ignored.
    void show(const std::vector<Parameter>& parameters, const ParameterValues& values);
    const ParameterValues& values() const { return values_; }

Q_SIGNALS:
    void changed(const std::string& id, double value);

private:
    void hideUnread(QFormLayout* form);

    ParameterValues values_;
    std::vector<std::string> ids_;  ///< Of the rows, in their order.
    QWidget* rows_ = nullptr;
};

}  // namespace embedscope
