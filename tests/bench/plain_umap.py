#!/usr/bin/env python3
"""What UMAP is compared with: umap-learn beside `embedscope project --method umap`, in one run on the same rows.

    embedscope_bench umap --images /usr/share/datasets/fashion-mnist --rows 10000 --dimension 64 --out rows.npy
    plain_umap.py rows.npy --embedscope build/release/embedscope --rounds 3

umap-learn has its defaults and as many threads as ours, and is warmed up first, as numba compiles at the first call. The
same code measures both maps: trustworthiness at k = 12 of 3,000 points. Needs python3-umap-learn. Prints lines of JSON.
"""
import argparse
import json
import os
import subprocess
import tempfile
import time

import numpy


def trustworthiness(rows, places, k=12, asked=3000):
    """Venna, Kaski 2001, of some points against all."""
    count = len(rows)
    points = numpy.arange(count)[:: max(1, count // asked)][:asked]
    lost = 0
    for first in range(0, len(points), 100):
        block = points[first:first + 100]
        line = numpy.arange(len(block))
        truth = squared_distances(rows, block)
        drawn = squared_distances(places, block)
        truth[line, block] = drawn[line, block] = numpy.inf
        ranks = numpy.empty(truth.shape, numpy.int32)
        numpy.put_along_axis(ranks, truth.argsort(axis=1), numpy.arange(1, count + 1, dtype=numpy.int32)[None], axis=1)
        nearest = drawn.argpartition(k, axis=1)[:, :k]
        lost += numpy.maximum(numpy.take_along_axis(ranks, nearest, axis=1) - k, 0).sum()
    return 1 - 2 * lost / (len(points) * k * (2 * count - 3 * k - 1))


def squared_distances(rows, block):
    rows = rows.astype(numpy.float64)
    squares = (rows ** 2).sum(axis=1)
    return squares[block][:, None] + squares[None] - 2 * rows[block] @ rows.T


def show(name, rows, places, seconds, threads):
    print(json.dumps({"bench": "plain_umap", "name": name, "points": len(rows), "threads": threads,
                      "seconds": round(seconds, 2), "trustworthiness": round(trustworthiness(rows, places), 4)}),
          flush=True)


def plain(rows, threads):
    import umap
    began = time.perf_counter()
    places = umap.UMAP(n_jobs=threads).fit_transform(rows)
    return places, time.perf_counter() - began


def ours(program, file, threads):
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "layout.npy")
        told = subprocess.run([program, "project", file, "--method", "umap", "--threads", str(threads), "--out", out,
                               "--json"], check=True, capture_output=True, text=True).stdout
        line = json.loads(told.strip().splitlines()[-1])
        return numpy.load(out), line["seconds_neighbors"] + line["seconds_optimization"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", help=".npy of rows")
    parser.add_argument("--embedscope", help="the program; without it umap-learn alone")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=1)
    options = parser.parse_args()
    rows = numpy.load(options.file)
    os.environ["NUMBA_NUM_THREADS"] = str(options.threads)
    plain(rows[:1500], options.threads)
    for _ in range(options.rounds):
        show("umap-learn", rows, *plain(rows, options.threads), options.threads)
        if options.embedscope:
            show("embedscope", rows, *ours(options.embedscope, options.file, options.threads), options.threads)


if __name__ == "__main__":
    main()
