#include "engine/losses/loss_table.h"

#include "engine/choice_table.h"

namespace embedscope {

const std::vector<LossRow>& lossTable() {
    static const std::vector<LossRow> kTable = {tripletMargin(),
                                                tripletSquared(),
                                                marginLoss(),
                                                angular(),
                                                centroidTriplet(),
                                                contrastiveSquared(),
                                                contrastiveHadsell(),
                                                contrastiveLinear(),
                                                signalNoiseContrastive(),
                                                intraPairVariance(),
                                                ntXent(),
                                                decoupledContrastive(),
                                                supCon(),
                                                supConKhosla(),
                                                multiSimilarity(),
                                                circle(),
                                                tupletMargin(),
                                                lifted(),
                                                generalizedLifted(),
                                                nPairs(),
                                                fastAp(),
                                                proxyNca(),
                                                proxyAnchor(),
                                                softTriple(),
                                                normalizedSoftmax(),
                                                arcFace(),
                                                cosFace()};
    return kTable;
}

const Catalog& lossCatalog() {
    static const Catalog kCatalog = catalogOf(lossTable());
    return kCatalog;
}

Parameter marginParameter(double standard, double maximum, const std::string& help) {
    return liveParameter("margin", "Margin", 0.01, maximum, 0.05, standard, help);
}

Parameter liveParameter(std::string id, std::string label, double minimum, double maximum, double step, double standard,
                        std::string help) {
    Parameter parameter =
        numberParameter(std::move(id), std::move(label), "", {minimum, maximum, step, standard}, std::move(help));
    parameter.changesLive = true;
    return parameter;
}

Parameter averageParameter(bool activeTerms) {
    Parameter parameter = liveParameter(
        "average", "Average over", 0, 1, 1, activeTerms ? 0 : 1,
        "The mean over active terms keeps its size to the end, so points keep moving; the mean over all terms fades as "
        "fewer terms are active, and the picture settles.");
    parameter.options = {"terms above zero", "all chosen terms"};
    return parameter;
}

std::unique_ptr<Loss> makeLoss(const std::vector<LossRow>& table, const Choice& choice, const LossSetting& setting) {
    const LossRow& row = rowOf(table, choice, "loss");
    return row.make({row.entry, completed(row.entry, choice.parameters), setting});
}

std::unique_ptr<Loss> makeLoss(const Choice& choice, const LossSetting& setting) {
    return makeLoss(lossTable(), choice, setting);
}

}  // namespace embedscope
