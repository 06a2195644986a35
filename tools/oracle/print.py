#!/usr/bin/env python3
"""Writes internal/numfmt/testdata/numpy.json.gz: arrays and how NumPy prints them.

Wants NumPy 1.2x. Run from the root of the repository:

    python3 tools/oracle/print.py

Each case holds dtype, shape, the elements (floats as hexadecimal digits of
their bits, complex numbers as two floats), the print options that differ from
the default, str(a), and repr(a) after the rule of the book's framework: the
dtype of a float32 array is cut off, that of an int64, float64 or complex128
array added. One more file holds a digest of the str of every float16.
"""
import gzip
import hashlib
import json
import os

import numpy as np

rng = np.random.RandomState(20210617)
cases = []


def framework_repr(a):
    s = repr(a)
    if "dtype=" in s:
        return s[:s.rindex(",")] + ")" if a.dtype == np.float32 else s
    if a.dtype != np.bool_ and a.dtype != np.float32:
        s = s[:-1] + ", dtype=%s)" % a.dtype
    return s


def add(a, **options):
    a = np.asarray(a)
    size = a.dtype.itemsize // (2 if a.dtype.kind == "c" else 1)
    if a.dtype.kind in "fc":
        data = ["%0*x" % (2 * size, v) for v in np.ravel(a).view("u%d" % size).tolist()]
    else:
        data = [str(int(v)) for v in np.ravel(a)]
    for period in (1, 97) if a.dtype.kind != "c" else ():  # elements that repeat are kept once
        if len(data) > period and data == (data[:period] * len(data))[:len(data)]:
            data = data[:period]
            break
    case = dict(dtype=str(a.dtype), shape=list(a.shape), data=" ".join(data))
    if options:
        case["options"] = options
    with np.printoptions(**options):
        case.update(str=str(a), repr=framework_repr(a))
    cases.append(case)


def small():
    return tuple(int(v) for v in rng.randint(1, 7, rng.randint(0, 4)))


def some_options():
    """A random choice of print options."""
    choices = dict(precision=[0, 1, 2, 3, 4, 6, 10, 17], threshold=[5, 20, 100, 100000], edgeitems=[1, 2, 4, 7],
                   linewidth=[1, 10, 30, 60, 120, 200], suppress=[True], sign=["+", " "],
                   floatmode=["fixed", "unique", "maxprec_equal"], nanstr=["NA", "not a number"], infstr=["oo", "infinity"])
    out = {}
    for key in sorted(choices):
        if rng.randint(3) == 0:
            v = choices[key][rng.randint(len(choices[key]))]
            out[key] = v
    return out


def shapes():
    k = rng.randint(0, 12)
    if k == 0:
        return ()
    if k < 4:
        return (int(rng.randint(1, 40)),)
    if k < 8:
        return tuple(int(v) for v in rng.randint(1, 13, 2))
    if k < 10:
        return tuple(int(v) for v in rng.randint(1, 6, 3))
    return tuple(int(v) for v in rng.randint(1, 4, 4))


def floats(shape):
    """One of the kinds of numbers that arrays hold."""
    kind = rng.randint(0, 14)
    x = rng.randn(*shape) if shape else np.array(rng.randn())
    if kind == 0:
        return np.round(x * 10)
    if kind == 1:
        return np.round(x, 1)
    if kind == 2:
        return x * 10.0 ** rng.randint(-12, 12)
    if kind == 3:
        return np.exp(4 * x)
    if kind == 4:
        return x * 10.0 ** rng.randint(-300, 300)
    if kind == 5:
        return np.where(rng.rand(*shape) < 0.2, np.nan, x)
    if kind == 6:
        return np.where(rng.rand(*shape) < 0.3, np.inf * np.sign(x), np.round(x, 2))
    if kind == 7:
        return np.where(rng.rand(*shape) < 0.5, np.nan, np.inf * np.sign(x))
    if kind == 8:
        return np.where(rng.rand(*shape) < 0.5, -0.0, 0.0)
    if kind == 9:
        return np.abs(x) * 1e4
    if kind == 10:
        return np.where(rng.rand(*shape) < 0.3, 0.0, 1 / (1 + np.exp(-x)))
    if kind == 11:  # digits at and around the eighth place
        return np.round(x, 8) + rng.choice([0, 5e-9, 4.9e-9, -5e-9, 1e-9], shape or None)
    if kind == 12:
        return np.float64(2.0) ** np.round(x * 40)
    return x


with np.errstate(all="ignore"):
    for i in range(420):
        a = np.asarray(floats(shapes()))
        add(a.astype(np.float32 if i % 3 else np.float64))
    for dtype in (np.int32, np.int64, np.uint8):
        for i in range(30):
            top = 250 if dtype == np.uint8 else 10 ** rng.randint(1, 9)
            low = 0 if dtype == np.uint8 or i % 2 else -top
            add(np.asarray(rng.randint(low, top, shapes())).astype(dtype))
    for i in range(20):
        add(np.asarray(rng.randint(0, 2, shapes())).astype(bool))
    # what is left out of a long array
    for shape in [(1000,), (1001,), (1200,), (40, 30), (7, 200), (6, 200), (5, 5, 50), (12, 12, 12),
                  (3, 7, 8, 9), (1, 2000), (2000, 1), (300, 2, 2)]:
        add(np.resize(rng.randn(97).astype(np.float32), shape))
        add(np.resize(rng.randint(-1000, 1000, 97), shape))
        if rng.randint(2):
            add(np.resize(rng.randint(0, 9, 97).astype(np.uint8), shape))
    add(np.zeros((10, 28, 28), np.float32))
    add(np.ones((2000,), bool))
    # extremes
    for dtype in (np.float32, np.float64):
        f = np.finfo(dtype)
        add(np.array([f.max, -f.max, f.tiny, f.smallest_subnormal], dtype))
        add(np.array([f.eps, 1, 1 + f.eps, 1 - f.epsneg], dtype))
        add(np.array([f.smallest_subnormal, 0], dtype))
        for v in (1e-4, 9.999e-5, 99999999.0, 1e8, 1e16, 9.9e15, 1e-5, 0.1, 28, -0.0, np.nan, np.inf, -np.inf,
                  123456789.0, 0.30000000000000004, 1e22, 1e23, 1e100, 1e-100, 16777216, 5e-324, 2.5):
            add(np.array(v, dtype))
            add(np.array([v], dtype))
            add(np.array([v, 1], dtype))
        add(np.array([1, 1000], dtype))
        add(np.array([1, 1000.5], dtype))
        add(np.array([0.1, 100], dtype))
        add(np.array([0.1, 100.00001], dtype))
        add(np.array([1e100, 1, np.nan], dtype))
        add(np.array([-1e5, 1, -np.inf, np.nan], dtype))
        add(np.array([0.000000005, 0.5], dtype))
        add(np.array([0.123456785, 0.123456775, 0.5 + 2.0 ** -9], dtype))
        add(np.arange(30, dtype=dtype).reshape(5, 6))
        for n in range(8, 24):
            add(np.arange(n, dtype=dtype) * 1.25)
            add(np.full((2, n), -7.5, dtype))
    add(np.array([np.iinfo(np.int64).min, np.iinfo(np.int64).max]))
    add(np.array([np.iinfo(np.int32).min, np.iinfo(np.int32).max], np.int32))
    for n in range(14, 40):  # the dtype comes to its own line or not
        add(np.arange(n, dtype=np.int32))
        add(np.full(n, 7, np.uint8))
    for dtype in (np.float32, np.float64, np.int32, np.int64, np.uint8, bool, np.float16, np.int8, np.complex64,
                  np.complex128):
        for shape in [(0,), (2, 0), (0, 3, 4), (1, 0, 1)]:
            add(np.zeros(shape, dtype))
        for shape in [(), (1,), (1, 1), (1, 1, 1), (2, 1, 2, 1, 2)]:
            add(np.ones(shape, dtype))
    # float16, int8 and complex numbers
    for i in range(60):
        add(np.asarray(floats(small())).astype(np.float16))
    for i in range(20):
        add(np.asarray(rng.randint(-128, 128, small())).astype(np.int8))

    def complex_array(i):
        shape = small()
        re, im = np.asarray(floats(shape)), np.asarray(floats(shape))
        z = np.empty(shape, np.complex128)
        z.real, z.imag = re, im
        return z.astype(np.complex64 if i % 2 else np.complex128)

    for i in range(80):
        add(complex_array(i))
    special = [0.0, -0.0, 1, -2.5, np.nan, np.inf, -np.inf, 1e-5, 1e16]
    for dtype in (np.complex64, np.complex128):
        for re in special:
            for im in special:
                z = np.empty((), dtype)
                z.real, z.imag = re, im
                add(z)
    f = np.finfo(np.float16)
    add(np.array([f.max, -f.max, f.tiny, f.smallest_subnormal], np.float16))
    add(np.array([1, 1000], np.float16))
    add(np.array([0.064, 64], np.float16))
    # print options
    for i in range(400):
        o = some_options()
        k = rng.randint(0, 10)
        if k < 3:
            a = np.asarray(floats(small())).astype(np.float32)
        elif k < 5:
            a = np.asarray(floats(small()))
        elif k < 6:
            a = np.asarray(floats(small())).astype(np.float16)
        elif k < 8:
            a = complex_array(i)
        elif k < 9:
            a = np.asarray(rng.randint(-10 ** rng.randint(1, 9), 10 ** rng.randint(1, 9), small()))
        else:
            a = np.asarray(rng.randint(0, 2, small())).astype(bool)
        add(a, **o)
    for shape in [(200,), (12, 13), (4, 5, 6), (1, 50), (50, 1)]:
        for o in (dict(threshold=10), dict(threshold=0, edgeitems=1), dict(threshold=149, edgeitems=6),
                  dict(threshold=10, precision=2, linewidth=40)):
            add(np.resize(rng.randn(97).astype(np.float32), shape), **o)

halves = np.arange(65536, dtype=np.uint32).astype(np.uint16).view(np.float16)
digest = hashlib.sha256("\n".join(str(h) for h in halves).encode()).hexdigest()
with open(os.path.join(os.path.dirname(__file__), "../../internal/numfmt/testdata/float16.sha256"), "w") as f:
    f.write(digest + "\n")

path = os.path.join(os.path.dirname(__file__), "../../internal/numfmt/testdata/numpy.json.gz")
os.makedirs(os.path.dirname(path), exist_ok=True)
lines = "[\n" + ",\n".join(json.dumps(c) for c in cases) + "\n]\n"
with open(path, "wb") as f:
    f.write(gzip.compress(lines.encode(), 9, mtime=0))
print(len(cases), "cases,", os.path.getsize(path), "bytes")
