// The rows' standard values: SimCLR's are those of its published code (google-research/simclr: strength 0.5 without
// blur on CIFAR-10, strength 1 with blur on ImageNet).

#include "engine/images/augmentation_table.h"

#include <initializer_list>
#include <utility>

namespace embedscope {
namespace {

constexpr auto kSimClr =
    "Chen et al., A Simple Framework for Contrastive Learning of Visual Representations, ICML 2020";

struct Range {
    double minimum, maximum, step, standard;
    const char* unit = "";
};

Parameter parameter(std::string id, std::string label, const Range& range, std::string help) {
    Parameter made;
    made.id = std::move(id);
    made.label = std::move(label);
    made.unit = range.unit;
    made.help = std::move(help);
    made.minimum = range.minimum;
    made.maximum = range.maximum;
    made.step = range.step;
    made.standard = range.standard;
    made.changesLive = true;
    return made;
}

Parameter share(std::string id, std::string label, double standard, std::string help) {
    return parameter(std::move(id), std::move(label), {0, 1, 0.1, standard}, std::move(help));
}

/// Where a view looks.
void addPlace(std::vector<Parameter>& all, const PlaceSettings& place) {
    all.push_back(parameter("crop_area", "Smallest crop", {0.02, 1, 0.05, place.smallestArea},
                            "Cuts out a random part of at least this share of the area and enlarges it. Small: parts "
                            "of one thing move together, detail counts; 1: no crop."));
    all.push_back(parameter("crop_ratio", "Narrowest crop", {0.25, 1, 0.05, place.narrowest},
                            "0.75 stretches crops by up to 4:3 either way, so that proportions count less; 1 keeps "
                            "them. Without effect when the crop is off."));
    all.push_back(share("flip", "Mirrored", place.flip,
                        "Share of views that are mirrored left to right. Mirror images move together; 0 for digits "
                        "and letters."));
    all.push_back(parameter("shift", "Shift", {0, 0.5, 0.025, place.shift},
                            "Moves the image by up to this share of its side, black comes in from outside. Where a "
                            "thing stands in the image counts less."));
}

/// What it does to the values.
void addColour(std::vector<Parameter>& all, const ColourSettings& colour) {
    all.push_back(share("jitter", "Colour jitter", colour.jitter,
                        "Share of views whose colours change, by the four strengths that follow, in random order."));
    all.push_back(share("brightness", "Brightness", colour.brightness,
                        "0.4: from 0.6 to 1.4 times as bright. Light and dark images of a thing move together."));
    all.push_back(share("contrast", "Contrast", colour.contrast,
                        "0.4: from 0.6 to 1.4 times the contrast. Foggy and crisp images move together."));
    all.push_back(share("saturation", "Saturation", colour.saturation,
                        "0.4: colours 0.6 to 1.4 times as strong. Without effect on grey images."));
    all.push_back(parameter("hue", "Hue", {0, 0.5, 0.05, colour.hue},
                            "Turns colours by up to this part of the colour circle: points no longer gather by "
                            "colour alone. Without effect on grey images."));
    all.push_back(share("grey", "Grey", colour.grey,
                        "Share of views without colour: shape has to count. Without effect on grey images."));
    all.push_back(share("solarise", "Solarised", colour.solarise,
                        "Share of views whose bright pixels are inverted: outlines count more than brightness."));
    all.push_back(parameter("solarise_threshold", "Inverted from", {0, 255, 8, colour.solariseThreshold},
                            "The brightness from which solarised views are inverted, 0 to 255; 0 makes negatives."));
}

void addBlur(std::vector<Parameter>& all, const BlurSettings& blur) {
    all.push_back(share("blur", "Blurred", blur.blur,
                        "Share of views that are blurred: fine texture counts less, shape more. The blur reaches a "
                        "twentieth of the height to either side, at least a pixel."));
    all.push_back(parameter("blur_sigma_min", "Weakest blur", {0.05, 10, 0.1, blur.smallestSigma, "px"},
                            "The smallest sigma of the blur."));
    all.push_back(parameter("blur_sigma_max", "Strongest blur", {0.05, 10, 0.1, blur.largestSigma, "px"},
                            "The largest sigma of the blur: how soft a view may become."));
}

CatalogEntry row(std::string id, std::string label, std::string help, const ViewSettings& standard) {
    CatalogEntry entry;
    entry.id = std::move(id);
    entry.label = std::move(label);
    entry.help = std::move(help);
    addPlace(entry.parameters, standard.place);
    addColour(entry.parameters, standard.colour);
    addBlur(entry.parameters, standard.blur);
    return entry;
}

CatalogEntry none() {
    CatalogEntry entry;
    entry.id = "none";
    entry.label = "None";
    entry.help = "The encoder sees every image as it is.";
    return entry;
}

CatalogEntry supervised() {
    CatalogEntry entry = row(
        "supervised", "Shift and flip",
        "Small moves and mirror images. Held-out images land nearer to their class, as single "
        "images are no longer learnt by heart.",
        {.place = {.shift = 4.0 / 32, .smallestArea = 1, .narrowest = 0.75, .flip = 0.5}, .colour = {}, .blur = {}});
    entry.source = "He et al., Deep Residual Learning for Image Recognition, CVPR 2016, section 4.2";
    return entry;
}

ViewSettings simClr(double strength, double blur) {
    return {.place = {.shift = 0, .smallestArea = 0.08, .narrowest = 0.75, .flip = 0.5},
            .colour = {.jitter = 0.8,
                       .brightness = 0.8 * strength,
                       .contrast = 0.8 * strength,
                       .saturation = 0.8 * strength,
                       .hue = 0.2 * strength,
                       .grey = 0.2},
            .blur = {.blur = blur}};
}

CatalogEntry simClrCifar() {
    CatalogEntry entry = row("simclr_cifar", "SimCLR, small images",
                             "Crops, mirror images and changed colours, the standard for self-supervised learning on "
                             "images of about 32 pixels. Points gather by what is left after all that: shape and kind.",
                             simClr(0.5, 0));
    entry.source = kSimClr;
    return entry;
}

CatalogEntry simClrImageNet() {
    CatalogEntry entry = row("simclr_imagenet", "SimCLR, photographs",
                             "Twice the colour changes, and half of the views blurred, the standard for photographs of "
                             "96 pixels and more.",
                             simClr(1, 0.5));
    entry.source = kSimClr;
    return entry;
}

}  // namespace

const Catalog& augmentationCatalog() {
    static const Catalog kCatalog = {none(), supervised(), simClrCifar(), simClrImageNet()};
    return kCatalog;
}

ViewSettings viewSettings(const ParameterValues& values) {
    const auto at = [&](const char* id) { return values.find(std::string_view(id))->second; };
    return {.place = {.shift = at("shift"),
                      .smallestArea = at("crop_area"),
                      .narrowest = at("crop_ratio"),
                      .flip = at("flip")},
            .colour = {.jitter = at("jitter"),
                       .brightness = at("brightness"),
                       .contrast = at("contrast"),
                       .saturation = at("saturation"),
                       .hue = at("hue"),
                       .grey = at("grey"),
                       .solarise = at("solarise"),
                       .solariseThreshold = at("solarise_threshold")},
            .blur = {.blur = at("blur"), .smallestSigma = at("blur_sigma_min"), .largestSigma = at("blur_sigma_max")}};
}

}  // namespace embedscope
