#!/usr/bin/env python3
"""Draws the lines of JSON that `embedscope_bench load --growth` printed: plot_growth.py LINES.jsonl PICTURE.svg

Needs python3-matplotlib; nothing of the product does.
"""
import json
import sys

import matplotlib

matplotlib.use("svg")
from matplotlib import pyplot  # noqa: E402  (the backend is chosen first)


def main():
    with open(sys.argv[1], encoding="utf-8") as lines:
        rows = [row for row in map(json.loads, lines) if row.get("case") == "growth"]
    images = [row["images"] for row in rows]
    figure, (time, memory) = pyplot.subplots(1, 2, figsize=(11, 4))
    for key, label in (("seconds_first", "first opening"), ("seconds_from_cache", "from the cache")):
        time.plot(images, [row[key] for row in rows], "o-", label=label)
    time.plot(images, [1 / row["steps_per_second"] for row in rows], "o-", label="one training step")
    time.set_ylabel("seconds")
    for key, label in (("megabytes", "the pixels themselves"), ("peak_megabytes_first", "first opening, most"),
                       ("peak_megabytes_from_cache", "from the cache, most"),
                       ("peak_megabytes_training", "training, most")):
        memory.plot(images, [row[key] for row in rows], "o-", label=label)
    memory.axhline(4096, color="grey", linestyle=":", label="4 GiB")
    memory.set_ylabel("MiB resident")
    for axes in (time, memory):
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.set_xlabel("images of %d×%d" % (rows[0]["side"], rows[0]["side"]))
        axes.grid(alpha=0.3)
        axes.legend()
    figure.tight_layout()
    figure.savefig(sys.argv[2])


if __name__ == "__main__":
    main()
