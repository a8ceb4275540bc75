#include "engine/projections/pca.h"

#include "tests/support/random_points.h"
#include "tests/support/reference.h"

#include <Eigen/QR>

#include <QTest>

using namespace embedscope;

namespace {

using Rows = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using FloatRows = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

Rows matrixOf(const nlohmann::json& json) {
    Rows rows(json.size(), json[0].size());
    for (Eigen::Index i = 0; i < rows.rows(); ++i)
        for (Eigen::Index k = 0; k < rows.cols(); ++k) rows(i, k) = json[i][k];
    return rows;
}

template <typename Matrix>
RowsView<typename Matrix::Scalar> view(const Matrix& rows) {
    return {rows.data(), rows.rows(), rows.cols()};
}

/// Columns with falling spread, mixed by a random rotation and moved off the origin.
FloatRows mixedRows(Eigen::Index count, Eigen::Index dimension, std::uint64_t seed) {
    RandomPoints random(seed);
    Eigen::MatrixXd plain(count, dimension), mixer(dimension, dimension);
    for (double& value : plain.reshaped()) value = random.normal();
    for (double& value : mixer.reshaped()) value = random.normal();
    for (Eigen::Index k = 0; k < dimension; ++k) plain.col(k) *= 3 * std::pow(0.8, double(k)) + 0.1;
    const Eigen::MatrixXd rotation = Eigen::HouseholderQR<Eigen::MatrixXd>(mixer).householderQ();
    return (plain * rotation).array().cast<float>() + 5;
}

#ifdef NDEBUG
constexpr Eigen::Index kMany = 10'000;
#else
constexpr Eigen::Index kMany = 1'000;  // speed says nothing here, and sanitizers make it a minute
#endif

/// Largest difference of two columns that are equal up to a sign.
double signlessDifference(const Eigen::VectorXd& a, const Eigen::VectorXd& b) {
    return std::min((a - b).cwiseAbs().maxCoeff(), (a + b).cwiseAbs().maxCoeff());
}

}  // namespace

class PcaTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void MatchesItsReference() {
        int compared = 0;
        const nlohmann::json cases = referenceFile("projections.json")["cases"];
        for (const auto& item : cases) {
            if (!item["id"].get<std::string>().starts_with("pca/")) continue;
            const auto& expected = item["expected"];
            const std::string source = item["inputs"].value("embeddings_of", item["id"].get<std::string>());
            const auto found = std::ranges::find_if(cases, [&](const auto& other) { return other["id"] == source; });
            const Rows rows = matrixOf((*found)["inputs"]["embeddings"]);
            const int components = item["params"]["n_components"];
            const PcaBasis basis = *exactPca(view(rows), components);
            for (Eigen::Index k = 0; k < rows.cols(); ++k)
                QVERIFY(std::abs(basis.mean[k] - expected["mean"][k].get<double>()) < 1e-8);
            const Eigen::MatrixXd axes = matrixOf(expected["components"]).transpose();
            const Eigen::MatrixXd points = matrixOf(expected["projected"]);
            const Eigen::MatrixXd projected = (rows.rowwise() - basis.mean) * basis.axes;
            for (int k = 0; k < components; ++k) {
                QVERIFY(std::abs(basis.variances[k] - expected["explained_variance"][k].get<double>()) < 1e-8);
                const double share = expected["explained_variance_ratio"][k];
                QVERIFY(std::abs(basis.variances[k] / basis.totalVariance - share) < 1e-8);
                QVERIFY(signlessDifference(basis.axes.col(k), axes.col(k)) < 1e-8);
                QVERIFY(signlessDifference(projected.col(k), points.col(k)) < 1e-8);
            }
            ++compared;
        }
        QVERIFY(compared >= 2);
    }

    void IterationFindsTheExactAxes() {
        const FloatRows rows = mixedRows(1300, 160, 4);
        const PcaBasis exact = *exactPca(view(rows), 2);
        const PcaBasis iterated = *iteratedPca(view(rows), 2, Eigen::MatrixXd());
        for (int k = 0; k < 2; ++k) QVERIFY(signlessDifference(exact.axes.col(k), iterated.axes.col(k)) < 1e-4);
        QVERIFY((exact.variances - iterated.variances).cwiseAbs().maxCoeff() < 1e-6 * exact.variances[0]);
        QVERIFY(std::abs(exact.totalVariance - iterated.totalVariance) < 1e-9 * exact.totalVariance);
        QVERIFY((exact.mean - iterated.mean).cwiseAbs().maxCoeff() < 1e-12);
    }

    void WarmStartFindsTheExactAxesOfTheNextFrame() {
        FloatRows rows = mixedRows(900, 140, 5);
        const PcaBasis before = *iteratedPca(view(rows), 2, Eigen::MatrixXd());
        const FloatRows drift = mixedRows(900, 140, 6);
        rows += 0.2F * drift;
        const PcaBasis exact = *exactPca(view(rows), 2);
        const PcaBasis after = *iteratedPca(view(rows), 2, before.axes);
        for (int k = 0; k < 2; ++k) QVERIFY(signlessDifference(exact.axes.col(k), after.axes.col(k)) < 1e-4);
    }

    void DuplicatesConstantsAndOneRowGiveNoNaN() {
        for (const Eigen::Index count : {0, 1, 2, 50}) {
            const FloatRows rows = FloatRows::Constant(count, 140, 0.3F);
            for (const PcaBasis& basis : {*exactPca(view(rows), 2), *iteratedPca(view(rows), 2, Eigen::MatrixXd())}) {
                QVERIFY(basis.axes.allFinite() && basis.mean.allFinite());
                QVERIFY((basis.axes.transpose() * basis.axes - Eigen::Matrix2d::Identity()).norm() < 1e-9);
                QVERIFY(basis.variances.cwiseAbs().maxCoeff() < 1e-12);
            }
        }
    }

    void OneDirectionGivesItAndNoNaN() {
        FloatRows rows = FloatRows::Zero(40, 150);
        for (Eigen::Index i = 0; i < 40; ++i) rows(i, 7) = float(i);
        const PcaBasis basis = *iteratedPca(view(rows), 2, Eigen::MatrixXd());
        QVERIFY(std::abs(basis.axes(7, 0) - 1) < 1e-9);
        QVERIFY(basis.axes.allFinite() && basis.variances[1] < 1e-9);
    }

    void StopEndsIt() {
        std::stop_source stop;
        stop.request_stop();
        const FloatRows rows = mixedRows(100, 10, 1);
        QVERIFY(!exactPca(view(rows), 2, stop.get_token()));
        QVERIFY(!iteratedPca(view(rows), 2, Eigen::MatrixXd(), stop.get_token()));
    }

    void TenThousandBy64IsQuick() {
        const FloatRows rows = mixedRows(kMany, 64, 2);
        QBENCHMARK {
            QVERIFY(exactPca(view(rows), 2).has_value());
        }
    }

    void TenThousandBy512WarmIsQuick() {
        const FloatRows rows = mixedRows(kMany, 512, 2);
        const PcaBasis before = *iteratedPca(view(rows), 2, Eigen::MatrixXd());
        QBENCHMARK {
            QVERIFY(iteratedPca(view(rows), 2, before.axes).has_value());
        }
    }
};

QTEST_APPLESS_MAIN(PcaTest)
#include "pca_test.moc"
