#!/usr/bin/env bash
# format_check.sh SOURCE_DIR CLANG_FORMAT: names every file that clang-format would change. Versions differ in details,
# so only the one that the files were formatted with judges; for others the test is skipped (77).
set -uo pipefail
cd "$1" || exit 1
"$2" --version | grep -q 'version 14\.' || { echo "Skipped: this is not clang-format 14."; exit 77; }
find engine ui app tests \( -name '*.h' -o -name '*.cpp' \) -print0 | xargs -0 "$2" --dry-run --Werror
