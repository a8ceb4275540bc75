#!/usr/bin/env bash
# Installs what the tests need, builds everything with warnings as errors, and runs all tests.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."

bash app/install_packages.sh build run test
cmake --preset release -DEMBEDSCOPE_WERROR=ON -DEMBEDSCOPE_TESTS=ON
cmake --build --preset release --parallel "$(nproc)"
ctest --preset release
