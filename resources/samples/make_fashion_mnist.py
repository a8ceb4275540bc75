#!/usr/bin/env python3
"""Writes the bundled sample: the first images of every class of Fashion-MNIST's training part, as PNG files.

    python3 make_fashion_mnist.py /usr/share/datasets/fashion-mnist fashion-mnist
"""
import gzip
import pathlib
import struct
import sys
import zlib

IMAGES_PER_CLASS = 250
CLASSES = ["t-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"]


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def grey_png(pixels: bytes, width: int, height: int) -> bytes:
    """The smaller of two encodings: rows as they are, or each row's difference from the one above."""
    plain = b"".join(b"\0" + pixels[y * width:(y + 1) * width] for y in range(height))
    above = bytes(width) + pixels
    up = b"".join(
        b"\2" + bytes((pixels[y * width + x] - above[y * width + x]) % 256 for x in range(width))
        for y in range(height))
    packed = min(zlib.compress(plain, 9), zlib.compress(up, 9), key=len)
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def main(source: pathlib.Path, target: pathlib.Path) -> None:
    images = gzip.decompress((source / "train-images-idx3-ubyte.gz").read_bytes())
    labels = gzip.decompress((source / "train-labels-idx1-ubyte.gz").read_bytes())[8:]
    _, _, height, width = struct.unpack(">IIII", images[:16])
    taken = [0] * len(CLASSES)
    for index, label in enumerate(labels):
        if taken[label] == IMAGES_PER_CLASS:
            continue
        taken[label] += 1
        start = 16 + index * width * height
        folder = target / CLASSES[label]
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{index:05d}.png").write_bytes(grey_png(images[start:start + width * height], width, height))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
