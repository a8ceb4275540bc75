#include "engine/images/image_file.h"

#include "engine/images/image_header.h"
#include "tests/images/picture_files.h"

#include <opencv2/imgproc.hpp>

#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <sys/resource.h>

using namespace embedscope;
namespace fs = std::filesystem;

namespace {

std::string number(std::uint32_t value) {
    return {char(value >> 24), char(value >> 16 & 255), char(value >> 8 & 255), char(value & 255)};
}

ImageHeader headerOfText(const std::string& bytes) {
    return headerOf({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
}

/// The JPEG with an EXIF block that holds nothing but the orientation.
std::string withOrientation(std::string jpeg, char orientation) {
    const std::string tiff = std::string("MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0", 19) + orientation +
                             std::string("\0\0\0\0\0\0", 6);
    const std::string body = std::string("Exif\0\0", 6) + tiff;
    const auto length = std::uint16_t(body.size() + 2);
    return jpeg.insert(2, std::string("\xff\xe1") + char(length >> 8) + char(length & 255) + body);
}

}  // namespace

class ImageFileTest : public QObject {
    Q_OBJECT

    QTemporaryDir temporary_;
    fs::path folder_;

    std::string reasonOf(const std::string& bytes, const std::string& name = "x.png") const try {
        writeBytes(folder_ / name, bytes);
        decodeImage(folder_ / name, 0);
        return {};
    } catch (const std::runtime_error& reason) {
        return reason.what();
    }

private Q_SLOTS:
    void TooManyOpenFilesSayNothingOfTheImage() {
        writePicture(folder_ / "fine.png");
        rlimit before{};
        QCOMPARE(getrlimit(RLIMIT_NOFILE, &before), 0);
        const rlimit none{0, before.rlim_max};
        QCOMPARE(setrlimit(RLIMIT_NOFILE, &none), 0);
        bool passing = false;
        try {
            decodeImage(folder_ / "fine.png", 0);
        } catch (const PassingFailure&) {
            passing = true;
        }
        QCOMPARE(setrlimit(RLIMIT_NOFILE, &before), 0);
        QVERIFY(passing);
        try {
            decodeImage(folder_ / "missing.png", 0);
            QFAIL("it is not there");
        } catch (const PassingFailure&) {
            QFAIL("that lasts");
        } catch (const std::runtime_error&) {
        }
    }

    void initTestCase() { folder_ = temporary_.path().toStdString(); }

    void HeadersTellTheSize_data() {
        QTest::addColumn<QString>("extension");
        QTest::addColumn<QString>("format");
        for (const auto& [extension, format] :
             std::initializer_list<std::pair<const char*, const char*>>{{".png", "PNG"},
                                                                        {".jpg", "JPEG"},
                                                                        {".bmp", "BMP"},
                                                                        {".webp", "WebP"},
                                                                        {".tiff", "TIFF"},
                                                                        {".ppm", "PNM"},
                                                                        {".pgm", "PNM"},
                                                                        {".pam", "PAM"},
                                                                        {".jp2", "JPEG 2000"},
                                                                        {".ras", "Sun raster"},
                                                                        {".hdr", "Radiance"}})
            QTest::newRow(extension) << extension << format;
    }
    void HeadersTellTheSize() {
        QFETCH(QString, extension);
        QFETCH(QString, format);
        cv::Mat image(37, 51, extension == ".pgm" ? CV_8UC1 : CV_8UC3, cv::Scalar(9, 90, 200));
        if (extension == ".hdr") image.convertTo(image, CV_32F, 1.0 / 255);
        const std::string bytes = encoded(image, extension.toStdString());
        const ImageHeader header = headerOfText(bytes);
        QCOMPARE(std::string(header.format), format.toStdString());
        QCOMPARE(header.width, std::uint64_t(51));
        QCOMPARE(header.height, std::uint64_t(37));
        const std::string name = "a" + extension.toStdString();
        writeBytes(folder_ / name, bytes);
        QVERIFY(hasImageExtension(folder_ / name));
        QCOMPARE(decodeImage(folder_ / name, 0).ownSide, 37);
    }

    void CutHeadersDoNotReadBeyondTheEnd() {
        for (const char* extension : {".png", ".jpg", ".bmp", ".webp", ".tiff", ".ppm", ".pam", ".jp2", ".ras"}) {
            const std::string whole = encoded(cv::Mat(64, 64, CV_8UC3, cv::Scalar(1, 2, 3)), extension);
            for (std::size_t length = 0; length < std::min<std::size_t>(whole.size(), 400); ++length)
                headerOfText(whole.substr(0, length));  // for the address sanitizer
        }
    }

    void HugeClaimsAreRefusedBeforeDecoding() {
        const std::string why = "it claims 100000x100000 pixels, more than the 100 million that are allowed";
        const std::string png = "\x89PNG\r\n\x1a\n" + number(13) + "IHDR" + number(100000) + number(100000) +
                                std::string("\x08\x02\0\0\0", 5) + number(0) + std::string(64, '\0');
        QCOMPARE(reasonOf(png), why);
        QCOMPARE(reasonOf("P6\n# a remark\n100000 100000\n255\nxyz", "x.ppm"), why);
        std::string bmp = encoded(cv::Mat(4, 4, CV_8UC3, cv::Scalar(0)), ".bmp");
        const std::string little("\xa0\x86\x01\x00", 4);  // 100,000
        QCOMPARE(reasonOf(bmp.replace(18, 4, little).replace(22, 4, little), "x.bmp"), why);
        const std::string tiff = std::string("II*\0\x08\0\0\0\x02\0\0\x01\x04\0\x01\0\0\0", 18) + little +
                                 std::string("\x01\x01\x04\0\x01\0\0\0", 8) + little + std::string(4, '\0');
        QCOMPARE(reasonOf(tiff, "x.tif"), why);
    }

    /// What a file says in passing of its size, and what a decoder would believe.
    void DecoysDoNotHideTheSize() {
        const std::string frame("\xff\xc0\0\x0b\x08", 5), large("\xea\x60\xea\x60", 4), small("\0\x08\0\x08", 4);
        std::string jpeg = std::string("\xff\xd8\xff\x01", 4) + frame + large;
        jpeg.resize(4 + 0xffc0, '\0');  // where it would go on if the second marker had a length
        const ImageHeader header = headerOfText(jpeg + frame + small + std::string(16, '\0'));
        QCOMPARE(header.width, std::uint64_t(60'000));

        const std::string tiff = std::string("II*\0\x08\0\0\0\x02\0\0\x01\x10\0\x01\0\0\0", 18) +
                                 std::string("\x40\0\0\0\x01\x01\x04\0\x01\0\0\0\x40\0\0\0\0\0\0\0", 20);
        QCOMPARE(headerOfText(tiff).width, std::uint64_t(0));  // of 64 bits: the number lies at 0x40

        const cv::Mat image(37, 51, CV_8UC3, cv::Scalar(1, 2, 3));
        std::string jp2 = encoded(image, ".jp2");
        jp2.replace(jp2.find("ihdr") + 4, 8, number(8) + number(8));
        QCOMPARE(headerOfText(jp2).width, std::uint64_t(51));
        QCOMPARE(headerOfText(jp2).height, std::uint64_t(37));

        QCOMPARE(headerOfText("P7\n# WIDTH 8\n# HEIGHT 8\nWIDTH 100000\nHEIGHT 9\n").width, std::uint64_t(100'000));
        QCOMPARE(headerOfText("#?RADIANCE\n# +X 8 -Y 8\nFORMAT=32-bit_rle_rgbe\n\n-Y 9 +X 100000\n").width,
                 std::uint64_t(100'000));
    }

    void HeadersThatHideTheirSizeAreRefused() {
        const std::string why =
            "its header does not say how large it is: it is damaged or of a kind that cannot be read";
        QCOMPARE(reasonOf("P6 #" + std::string(5000, 'x') + "\n20000 20000 255\n", "x.ppm"), why);
        const std::string exr = "\x76\x2f\x31\x01" + std::string("\2\0\0\0", 4);
        QCOMPARE(reasonOf(exr + std::string(64, ' '), "x.exr"), why);
        const std::string window = std::string("dataWindow\0box2i\0\x10\0\0\0", 21) + std::string(8, '\0') +
                                   std::string("\xff\xff\0\0\xff\xff\0\0", 8);
        QCOMPARE(headerOfText(exr + window).width, std::uint64_t(65536));
        QVERIFY(reasonOf(exr + window, "x.exr").starts_with("it claims 65536x65536"));
    }

    void StrayBytesBeforeTheFrameOfAJpegHideNothing() {
        std::string bytes = encoded(cv::Mat(16, 24, CV_8UC3, cv::Scalar(1, 2, 3)), ".jpg");
        bytes.insert(20, "stray");  // after the JFIF segment
        QCOMPARE(headerOfText(bytes).width, std::uint64_t(24));
        QCOMPARE(headerOfText(bytes).height, std::uint64_t(16));
    }

    void DamagedFilesAreRefused() {
        const std::string png = encoded(cv::Mat(64, 64, CV_8UC3, cv::Scalar(1, 2, 3)), ".png");
        QCOMPARE(reasonOf(png.substr(0, 30)),
                 std::string("it looks like PNG, but it is damaged or of a kind that cannot be read"));
        QCOMPARE(
            reasonOf("GIF89a"),
            std::string("its header does not say how large it is: it is damaged or of a kind that cannot be read"));
        QCOMPARE(reasonOf(""), std::string("it is empty"));
        fs::create_directories(folder_ / "folder.png");
        QVERIFY_THROWS_EXCEPTION(std::runtime_error, decodeImage(folder_ / "folder.png", 0));
    }

    void FilesAbove256MiBAreRefusedUnread() {
        writeBytes(folder_ / "large.png", "x");
        fs::resize_file(folder_ / "large.png", (256ULL << 20) + 1);  // a hole: takes no space
        try {
            decodeImage(folder_ / "large.png", 0);
            QFAIL("it was read");
        } catch (const std::runtime_error& reason) {
            QCOMPARE(std::string(reason.what()), std::string("it is larger than 256 MiB"));
        }
    }

    /// What the decoder's own scaling costs in quality: about a grey level on average, beside decoding in full.
    void ScaledDecodingGivesThePictureOfTheFullOne() {
        cv::Mat photo(768, 1024, CV_8UC3), grain(768, 1024, CV_8UC3);
        cv::Mat coarse(24, 32, CV_8UC3);
        cv::RNG random(3);
        random.fill(coarse, cv::RNG::UNIFORM, 0, 256);
        cv::resize(coarse, photo, photo.size(), 0, 0, cv::INTER_CUBIC);
        random.fill(grain, cv::RNG::UNIFORM, 0, 60);
        cv::addWeighted(photo, 0.8, grain, 1, 0, photo);
        for (int i = 0; i < 40; ++i)  // edges, which ring where scaling is poor
            cv::line(photo, {random.uniform(0, 1024), random.uniform(0, 768)},
                     {random.uniform(0, 1024), random.uniform(0, 768)}, cv::Scalar(0, 0, 0), 3);
        const fs::path file = folder_ / "scaled.jpg";
        writeBytes(file, encoded(photo, ".jpg"));
        for (const int side : {48, 64, 96, 160, 192}) {  // from an eighth to a half; two just fit
            const ImageShape shape{side, side, 3};
            std::vector<std::uint8_t> scaled(shape.bytes()), full(shape.bytes());
            const DecodedImage reduced = decodeImage(file, side);
            QVERIFY(reduced.pixels.rows < 768 && reduced.pixels.rows >= side);
            QCOMPARE(reduced.ownSide, 768);
            writeShaped(reduced.pixels, shape, scaled.data());
            writeShaped(decodeImage(file, 0).pixels, shape, full.data());
            double sum = 0;
            for (std::size_t i = 0; i < full.size(); ++i) sum += std::abs(int(full[i]) - int(scaled[i]));
            const double mean = sum / static_cast<double>(full.size());
            QVERIFY2(mean < 1.5, qPrintable(QString("side %1: %2 grey levels apart").arg(side).arg(mean)));
        }
    }

    void OrientationIsHonoured() {
        cv::Mat image(32, 64, CV_8UC3, cv::Scalar(0, 0, 0));
        image(cv::Rect(0, 0, 32, 32)).setTo(cv::Scalar(255, 255, 255));                   // the left half is white
        writeBytes(folder_ / "upright.jpg", withOrientation(encoded(image, ".jpg"), 6));  // turn right to see it
        const cv::Mat turned = decodeImage(folder_ / "upright.jpg", 0).pixels;
        QCOMPARE(turned.size(), cv::Size(32, 64));
        QVERIFY(turned.at<cv::Vec3b>(8, 16)[0] > 200);
        QVERIFY(turned.at<cv::Vec3b>(56, 16)[0] < 50);
    }

    void LargeJpegsAreDecodedSmaller() {
        writePicture(folder_ / "photo.jpg", {1600, 1200});
        const DecodedImage small = decodeImage(folder_ / "photo.jpg", 64);
        QCOMPARE(small.ownSide, 1200);
        QCOMPARE(small.pixels.size(), cv::Size(200, 150));
        QCOMPARE(decodeImage(folder_ / "photo.jpg", 0).pixels.size(), cv::Size(1600, 1200));
    }

    void TransparencyAndSixteenBitsBecomeEightBitColour() {
        writeBytes(folder_ / "alpha.png", encoded(cv::Mat(8, 8, CV_8UC4, cv::Scalar(10, 20, 30, 255)), ".png"));
        QCOMPARE(decodeImage(folder_ / "alpha.png", 0).pixels.type(), CV_8UC3);
        writeBytes(folder_ / "deep.png", encoded(cv::Mat(8, 8, CV_16UC1, cv::Scalar(0x8000)), ".png"));
        const cv::Mat deep = decodeImage(folder_ / "deep.png", 0).pixels;
        QCOMPARE(deep.type(), CV_8UC1);
        QCOMPARE(int(deep.at<std::uint8_t>(0, 0)), 128);
    }

    void RibbonsDoNotBlowUp() {
        writeBytes(folder_ / "ribbon.png", encoded(cv::Mat(1, 50'000, CV_8UC1, cv::Scalar(200)), ".png"));
        const ImageShape shape{512, 512, 1};
        std::vector<std::uint8_t> pixels(shape.bytes());
        writeShaped(decodeImage(folder_ / "ribbon.png", 0).pixels, shape, pixels.data());
        QCOMPARE(int(pixels.back()), 200);
        QCOMPARE(pictureOf(decodeImage(folder_ / "ribbon.png", 0).pixels, 64).shape.height, 1);
    }

    void WrittenPngReadsBack() {
        Image image{{2, 3, 3}, {}};
        for (int i = 0; i < 18; ++i) image.pixels.push_back(std::uint8_t(i * 10));
        writePng(folder_ / "out.png", image);
        const Image back = pictureOf(decodeImage(folder_ / "out.png", 0).pixels, 64);
        QVERIFY(back.shape == image.shape);
        QCOMPARE(back.pixels, image.pixels);
        QVERIFY_THROWS_EXCEPTION(std::runtime_error, writePng(folder_ / "none/out.png", image));
        QVERIFY_THROWS_EXCEPTION(std::runtime_error, writePng(folder_ / "empty.png", Image{}));
    }
};

QTEST_GUILESS_MAIN(ImageFileTest)
#include "image_file_test.moc"
