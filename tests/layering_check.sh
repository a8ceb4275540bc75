#!/usr/bin/env bash
# layering_check.sh SOURCE_DIR: the include table of DESIGN.md and the few words that no file may hold. Prints each break
# as file:line and exits 1 if there is one.
set -uo pipefail
cd "$1" || exit 1
broken=0

# forbid WHY PATTERN FILE...: no line of these files may match.
forbid() {
    local why="$1" pattern="$2" found
    shift 2
    [ $# -gt 0 ] || return 0
    found="$(grep -nHE "$pattern" "$@")" || return 0
    echo "$why:"
    echo "$found"
    broken=1
}

include() { echo "^[[:space:]]*#[[:space:]]*include[[:space:]]*[<\"]($1)"; }

sources() { find "$@" \( -name '*.h' -o -name '*.cpp' \) | sort; }

qt='Q[A-Z]|Qt'
torch='torch/|ATen/|c10/'
opencv='opencv2/'
json='nlohmann/'
hnswlib='hnswlib/'
rooms="$(sed -n 's/^foreach(room IN ITEMS \(.*\))$/\1/p' engine/CMakeLists.txt)"
[ -n "$rooms" ] || { echo "engine/CMakeLists.txt does not list its rooms any more."; exit 1; }

mapfile -t seam < <(find engine -maxdepth 1 \( -name '*.h' -o -name '*.cpp' \) | sort)
mapfile -t engine < <(sources engine)
mapfile -t ui < <(sources ui)
mapfile -t app < <(sources app)
if [ ${#seam[@]} -lt 10 ] || [ ${#ui[@]} -lt 10 ] || [ ${#app[@]} -lt 4 ]; then
    echo "engine/, ui/ or app/ holds too few files: the folders moved."
    exit 1
fi

forbid "engine/ includes no Qt" "$(include "$qt")" "${engine[@]}"
forbid "engine/*.h speak std only, and include no room" "$(include "$torch|$opencv|$json|Eigen/|engine/[a-z_]+/")" \
    "${seam[@]}"
forbid "ui/ knows the engine through engine/*.h, and nothing above it" \
    "$(include "$torch|$opencv|$json|Eigen/|engine/[a-z_]+/|app/")" "${ui[@]}"
forbid "app/ knows the engine through engine/*.h" "$(include "$torch|$opencv|$json|Eigen/|engine/[a-z_]+/")" "${app[@]}"
forbid "Includes are spelled from the root" '^[[:space:]]*#[[:space:]]*include[[:space:]]*"([^/"]*|\.\./.*)\.h"' \
    "${engine[@]}" "${ui[@]}" "${app[@]}"

# hnswlib defines functions that are not inline: two files that include it do not link.
mapfile -t elsewhere < <(printf '%s\n' "${engine[@]}" "${ui[@]}" "${app[@]}" | grep -v '^engine/neighbors/neighbor_index.cpp$')
forbid "Only engine/neighbors/neighbor_index.cpp includes hnswlib" "$(include "$hnswlib")" "${elsewhere[@]}"

# Each room: its own library, and rooms above it in the list only.
above=""
for room in $rooms; do
    [ -d "engine/$room" ] || continue
    mapfile -t files < <(sources "engine/$room")
    lower="$(for other in $rooms; do case " $above $room " in *" $other "*) ;; *) echo "$other" ;; esac; done)"
    [ -z "$lower" ] || forbid "engine/$room/ includes a room that stands below it" \
        "$(include "engine/($(echo "$lower" | paste -sd'|'))/")" "${files[@]}"
    case "$room" in
        images) strange="$torch" ;;
        encoders | losses | miners | training | evaluation | exports) strange="$opencv" ;;
        *) strange="$torch|$opencv" ;;
    esac
    forbid "engine/$room/ includes the library of another room" "$(include "$strange")" "${files[@]}"
    above="$above $room"
done

forbid "Never in this program (DESIGN.md, the seam, 7)" \
    'sleep_for|sleep_until|processEvents|BlockingQueuedConnection|(\.|->|::)terminate\(|[tT]hread[A-Za-z_]*(\.|->)detach\(' \
    "${engine[@]}" "${ui[@]}" "${app[@]}"
forbid "No generator is seeded for everybody" 'torch::manual_seed|std::srand|[^a-z_]srand\(' "${engine[@]}" "${app[@]}"

for header in "${engine[@]}" "${ui[@]}" "${app[@]}"; do
    case "$header" in *.h) [ "$(head -n 1 "$header")" = "#pragma once" ] || { echo "$header has no #pragma once"; broken=1; } ;; esac
done

exit $broken
