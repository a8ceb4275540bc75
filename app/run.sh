#!/usr/bin/env bash
# run.sh [FOLDER]: installs what is missing, builds, and opens Embedscope. Without a display it trains on FOLDER (or the
# bundled sample) and leaves pictures.
set -euo pipefail
folder="${1:+$(readlink -f "$1")}"
cd "$(dirname "$(readlink -f "$0")")/.."

bash app/install_packages.sh build run
mkdir -p build
cmake --preset release -DEMBEDSCOPE_TESTS=OFF >build/configure.log 2>&1 || { cat build/configure.log >&2; exit 1; }
cmake --build --preset release --parallel "$(nproc)"

if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
    exec build/release/embedscope ${folder:+"$folder"}
fi

runs="runs/without-display-$(date +%Y%m%d-%H%M%S)"
echo "There is no display (neither DISPLAY nor WAYLAND_DISPLAY is set), so Embedscope trains without a window on" \
    "${folder:-the bundled sample}."
build/release/embedscope train "${folder:---sample}" --epochs 10 --out "$runs" \
    --pictures "$runs/pictures"
echo "The pictures of the live view, one an epoch, are in $PWD/$runs/pictures."
