#include "ui/image_cache_dialog.h"

#include "ui/paths.h"
#include "ui/preferences.h"

#include <QDialogButtonBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>
#include <exception>
#include <utility>

namespace embedscope {
namespace {

constexpr const char* kLimitKey = "image_cache_gib";
constexpr double kGib = 1 << 30;

QLabel* wrapped(const QString& text) {
    auto* label = new QLabel(text);
    label->setWordWrap(true);
    return label;
}

}  // namespace

ImageCache savedImageCache() {
    ImageCache cache = userImageCache();
    const double gib = preference(kLimitKey, static_cast<double>(cache.mostBytes) / kGib).toDouble();
    cache.mostBytes = static_cast<std::uint64_t>(std::max(0.0, gib) * kGib);
    return cache;
}

ImageCacheDialog::ImageCacheDialog(QWidget* parent)
    : QDialog(parent),
      content_(new QLabel(tr("Looking …"))),
      limit_(new QDoubleSpinBox),
      task_([this](const Found& found) { tell(found); }) {
    setObjectName("image_cache_dialog");
    setWindowTitle(tr("Image cache"));
    const ImageCache cache = savedImageCache();
    content_->setObjectName("cache_content");
    content_->setWordWrap(true);
    limit_->setObjectName("cache_limit");
    limit_->setRange(0, 10'000);
    limit_->setDecimals(1);
    limit_->setSuffix(tr(" GiB"));
    limit_->setSpecialValueText(tr("keep nothing"));
    limit_->setValue(static_cast<double>(cache.mostBytes) / kGib);
    limit_->setKeyboardTracking(false);
    connect(limit_, &QDoubleSpinBox::valueChanged, this, [](double gib) { setPreference(kLimitKey, gib); });

    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    clear_ = buttons->addButton(tr("Clear cache"), QDialogButtonBox::ActionRole);
    clear_->setObjectName("cache_clear");
    clear_->setEnabled(false);
    connect(clear_, &QPushButton::clicked, this, [this] { look([](const ImageCache& now) { clear(now); }); });
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);

    auto* folder =
        wrapped(cache.folder.empty() ? tr("none: neither XDG_CACHE_HOME nor HOME is set") : textOf(cache.folder));
    folder->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto* form = new QFormLayout;
    form->addRow(tr("Folder"), folder);
    form->addRow(tr("Holds now"), content_);
    form->addRow(tr("At most"), limit_);
    auto* layout = new QVBoxLayout(this);
    layout->setSpacing(12);
    layout->addWidget(
        wrapped(tr("The images of every folder that you open are kept as the encoder sees them, so that a known folder "
                   "opens at once. What was used longest ago makes way first. Clearing deletes no picture of yours: "
                   "folders are only read anew.")));
    layout->addLayout(form);
    layout->addStretch(1);
    layout->addWidget(buttons);
    resize(560, 260);
    look([](const ImageCache&) {});
}

void ImageCacheDialog::look(std::function<void(const ImageCache&)> change) {
    clear_->setEnabled(false);
    task_.start([change = std::move(change), cache = savedImageCache()] {
        Found found;
        try {
            change(cache);
            found.content = contentOf(cache);
        } catch (const std::exception& failure) {
            found.failure = failure.what();
        }
        return found;
    });
}

void ImageCacheDialog::tell(const Found& found) {
    const QLocale locale;
    const auto files = static_cast<qulonglong>(found.content.files);
    const QString content = (files == 1 ? tr("%1 folder, %2") : tr("%1 folders, %2"))
                                .arg(locale.toString(files))
                                .arg(locale.formattedDataSize(static_cast<qint64>(found.content.bytes)));
    content_->setText(!found.failure.empty()     ? QString::fromStdString(found.failure)
                      : found.content.files == 0 ? tr("nothing")
                                                 : content);
    clear_->setEnabled(found.content.files > 0 || !found.failure.empty());
}

}  // namespace embedscope
