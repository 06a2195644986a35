#!/usr/bin/env python3
"""Makes the embedded digits of package data from scikit-learn's copy.

Reads digits.csv.gz of an installed scikit-learn (Debian: python3-sklearn),
1,797 lines of 64 pixels from 0 to 16 and a label, and writes two idx files, in
the same order, into data/embedded. Equal input gives equal bytes.

    python3 tools/digits.py
"""
import gzip
import importlib.util
import pathlib
import struct
import zlib

spec = importlib.util.find_spec("sklearn")
source = pathlib.Path(spec.origin).parent / "datasets" / "data" / "digits.csv.gz"
target = pathlib.Path(__file__).resolve().parent.parent / "data" / "embedded"

rows = [[int(v) for v in line.split(",")] for line in gzip.open(source, "rt").read().split()]
assert len(rows) == 1797 and all(len(r) == 65 for r in rows)
assert all(0 <= v <= 16 for r in rows for v in r[:64]) and {r[64] for r in rows} == set(range(10))


def write(name, shape, values):
    body = bytes([0, 0, 8, len(shape)]) + struct.pack(">%dI" % len(shape), *shape) + bytes(values)
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15, 9)
    data = deflate.compress(body) + deflate.flush()
    head = b"\x1f\x8b\x08\0\0\0\0\0\x02\xff"  # gzip without name and time
    data = head + data + struct.pack("<II", zlib.crc32(body), len(body))
    assert gzip.decompress(data) == body
    (target / name).write_bytes(data)
    print(name, len(data), "bytes")


write("digits-images-idx3-ubyte.gz", [1797, 8, 8], [v for r in rows for v in r[:64]])
write("digits-labels-idx1-ubyte.gz", [1797], [r[64] for r in rows])
