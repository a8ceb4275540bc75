#pragma once

#include "engine/losses/loss.h"

#include <functional>
#include <vector>

namespace embedscope {

/// What a loss is made from: its row, a value for each of the row's parameters, and the setting.
struct LossOrder {
    const CatalogEntry& entry;
    const ParameterValues& values;
    const LossSetting& setting;
};

/// A row of the table of losses: what forms show of it, and how it is made.
struct LossRow {
    CatalogEntry entry;
    std::function<std::unique_ptr<Loss>(const LossOrder&)> make;
};

/// For LossRow::make.
template <typename Each>
std::unique_ptr<Loss> makeOf(const LossOrder& order) {
    return std::make_unique<Each>(order);
}

/// One function a loss, in the file of that loss; `lossTable` lists them.
LossRow contrastiveSquared();
LossRow contrastiveHadsell();
LossRow contrastiveLinear();
LossRow signalNoiseContrastive();
LossRow tripletSquared();
LossRow tripletMargin();
LossRow marginLoss();
LossRow angular();
LossRow centroidTriplet();
LossRow intraPairVariance();
LossRow ntXent();
LossRow decoupledContrastive();
LossRow supCon();
LossRow supConKhosla();
LossRow multiSimilarity();
LossRow circle();
LossRow tupletMargin();
LossRow lifted();
LossRow generalizedLifted();
LossRow nPairs();
LossRow fastAp();
LossRow proxyNca();
LossRow proxyAnchor();
LossRow softTriple();
LossRow normalizedSoftmax();
LossRow arcFace();
LossRow cosFace();

const std::vector<LossRow>& lossTable();

/// Takes the losses of another table too, e.g. those that need two views of each image.
std::unique_ptr<Loss> makeLoss(const std::vector<LossRow>& table, const Choice& choice, const LossSetting& setting);

/// The margin every hinge loss has, changeable while it runs.
Parameter marginParameter(double standard, double maximum, const std::string& help);

/// A number that may change while the run goes on.
Parameter liveParameter(std::string id, std::string label, double minimum, double maximum, double step, double standard,
                        std::string help);

/// Of which terms the mean is taken.
Parameter averageParameter(bool activeTerms);

}  // namespace embedscope
