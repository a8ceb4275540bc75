#pragma once

#include "engine/catalog.h"

#include <QWidget>

#include <functional>
#include <map>
#include <vector>

namespace embedscope {

/// A field for one parameter of a table row: a spin box, or a list where the row names options.
QWidget* makeParameterField(const Parameter& parameter, double value, QWidget* parent,
                            std::function<void(double)> changed);

/// Labelled fields for all parameters of a row.
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
    ParameterValues values_;
    QWidget* rows_ = nullptr;
};

}  // namespace embedscope
