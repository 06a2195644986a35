#!/usr/bin/env python3
"""Writes the oracle of the file formats: files as NumPy, the safetensors package and MXNet
write them, with the values that are in them, to format/*/testdata/oracle.json.gz.

    python3 tools/oracle/files.py           NumPy 2 and safetensors 0.8: npy, safetensors, csv
    python3 tools/oracle/files.py mxnet     MXNet 1.9 with NumPy 1.23: mxparams
    python3 tools/oracle/files.py FILE...   lists .npy, .npz and .safetensors files as those libraries read them

A case holds the file's bytes ("file", base64) and its arrays: name, dtype (of the
tensor that reads it), shape and values in row-major order as words. "refused" says
that no tensor can hold it, "same" that a writer must give just these bytes.
"""
import base64
import gzip
import io
import json
import pathlib
import struct
import sys

import numpy as np

root = pathlib.Path(__file__).resolve().parent.parent.parent
cases = []


def words(a):
    a = np.asarray(a)
    if a.dtype.kind == "c":
        return " ".join(f"{v.real!r} {v.imag!r}" for v in a.astype(np.complex128).ravel().tolist())
    if a.dtype.kind == "f":
        return " ".join(repr(v) for v in a.astype(np.float64).ravel().tolist())
    return " ".join(str(int(v)) for v in a.ravel().tolist())


def array(a, name="", dtype=None):
    wide = {"uint16": "int32", "int16": "int32", "uint32": "int64"}
    return dict(name=name, dtype=dtype or wide.get(a.dtype.name, a.dtype.name), shape=list(a.shape), data=words(a))


def emit(name, file, arrays=(), **more):
    cases.append(dict(name=name, file=base64.b64encode(file).decode(), arrays=list(arrays), **more))


def write(room):
    target = root / "format" / room / "testdata"
    target.mkdir(parents=True, exist_ok=True)
    text = json.dumps(cases, indent=0).encode()
    (target / "oracle.json.gz").write_bytes(gzip.compress(text, 9, mtime=0))
    print(room, len(cases), "cases")
    cases.clear()


def sample(dtype, shape):
    dtype = np.dtype(dtype)
    n = int(np.prod(shape))
    special = {
        "f": [0.0, -0.0, 1.5, -2.25, np.inf, -np.inf, np.nan, 65504, 6e-8, 0.1],
        "c": [0, 1 + 2j, -1.5 - 0.5j, complex(np.inf, -0.0), complex(np.nan, 3), 1e-3j],
        "i": [0, 1, -1, np.iinfo(dtype).max if dtype.kind == "i" else 0, np.iinfo(dtype).min if dtype.kind == "i" else 0, 7],
        "u": [0, 1, 2, np.iinfo(dtype).max if dtype.kind == "u" else 0, 200],
        "b": [True, False, False, True, True],
    }[dtype.kind]
    return np.array([special[i % len(special)] for i in range(n)]).astype(dtype).reshape(shape)


def npy():
    def save(a, version=None):
        f = io.BytesIO()
        np.lib.format.write_array(f, a, version=version)
        return f.getvalue()

    ours = "b1 u1 i1 f2 i4 f4 i8 f8 c8 c16".split()
    shapes = [(), (0,), (7,), (2, 3), (3, 0, 2), (2, 1, 4), (1, 1), (123456, 0), (2,) * 9]
    for d in ours:
        for s in shapes if d in ("f4", "b1", "c16") else [(), (5,), (2, 3)]:
            a = sample(d, s)
            emit(f"{d} {s}", save(a), [array(a)], same=True)
        a = sample(d, (3, 4))
        emit(f"{d} Fortran", save(np.asfortranarray(a)), [array(a)], same="fortran")
        a = sample(d, (2, 3, 4))
        emit(f"{d} Fortran of three axes", save(a.T), [array(a.T)], same="fortran")
        emit(f"{d} big-endian", save(sample(d, (2, 3)).astype(">" + d)), [array(sample(d, (2, 3)))])
        emit(f"{d} big-endian Fortran", save(np.asfortranarray(sample(d, (2, 3)).astype(">" + d))), [array(sample(d, (2, 3)))])
        emit(f"{d} strided", save(sample(d, (4, 6))[::2, ::-3]), [array(sample(d, (4, 6))[::2, ::-3])], same=True)
        for v in (2, 0), (3, 0):
            emit(f"{d} version {v}", save(sample(d, (5,)), v), [array(sample(d, (5,)))])
    emit("empty, transposed", save(sample("f4", (0, 3)).T), [array(sample("f4", (3, 0)))], same="fortran")
    emit("one axis of two, transposed", save(sample("f4", (5, 1)).T), [array(sample("f4", (1, 5)))], same="fortran")
    for d in "<u2 >u2 <i2 >i2 <u4 >u4".split():
        emit(d, save(sample(d, (2, 3))), [array(sample(d, (2, 3)))])
    f = io.BytesIO()
    np.lib.format.write_array(f, np.array([{"a": 1}], dtype=object), allow_pickle=True)
    emit("objects", f.getvalue(), refused=True)
    for a in [np.zeros(2, [("x", "<f4"), ("y", "<i4")]), np.array(["a", "bc"]), np.array([b"a"]), np.zeros(1, "M8[s]"),
              np.zeros(2, "u8"), np.zeros(2, np.longdouble), np.zeros(2, "V2"), np.zeros(2, [("ü", "<f4")])]:
        emit(f"{a.dtype}", save(a), refused=True)
    arrays = {"w": sample("f4", (2, 3)), "b": sample("f2", (4,)), "Größe/ü": sample("i8", ()), "m": np.asfortranarray(sample("b1", (2, 2))),
              "e": sample("c8", (0, 3)), "a.npy": sample("u1", (3,)), "z": np.zeros((40, 50), np.float32)}
    for fn in np.savez, np.savez_compressed:
        f = io.BytesIO()
        fn(f, **arrays)
        emit(fn.__name__, f.getvalue(), [array(a, k) for k, a in arrays.items()], archive=True)
    f = io.BytesIO()
    np.savez(f, sample("f8", (2,)), sample("i4", (2, 2)))
    emit("savez without names", f.getvalue(), [array(sample("f8", (2,)), "arr_0"), array(sample("i4", (2, 2)), "arr_1")], archive=True)
    f = io.BytesIO()
    np.savez(f)
    emit("empty archive", f.getvalue(), archive=True)
    write("npy")


def tensors():
    import ctypes
    import safetensors

    def save(arrays, meta=None):
        keep, specs = [], {}
        for name, (dtype, shape, data) in arrays.items():
            b = ctypes.create_string_buffer(data, max(1, len(data)))
            keep.append(b)
            specs[name] = safetensors.TensorSpec(dtype=dtype, shape=shape, data_ptr=ctypes.addressof(b), data_len=len(data))
        return bytes(safetensors.serialize(specs, meta))

    def of(a):
        return a.dtype.name, list(a.shape), a.tobytes()

    every = [sample(d, s) for d in "b1 u1 i1 u2 i2 f2 u4 i4 f4 i8 f8 c8".split() for s in [(), (3,), (2, 0), (2, 2)]]
    named = {f"{a.dtype.name} {a.shape}": a for a in every}
    half = sample("f4", (6,)).view(np.uint32) >> 16  # cut to bfloat16
    file = {k: of(a) for k, a in named.items()}
    file["bfloat16"] = ("bfloat16", [2, 3], half.astype(np.uint16).tobytes())
    arrays = [array(a, k) for k, a in named.items()]
    arrays.append(array((half << 16).view(np.float32).reshape(2, 3), "bfloat16", "bfloat16"))
    emit("every dtype", save(file, {"made by": "safetensors \"ü\" <&>\n"}), arrays, same=True, meta={"made by": "safetensors \"ü\" <&>\n"})
    emit("names", save({k: of(sample("f4", (1,))) for k in ["b", "a", "a.b", "Z", "ü", "", "\"\\/\t\x01", "<a>&", "日本"]}),
         [array(sample("f4", (1,)), k) for k in ["b", "a", "a.b", "Z", "ü", "", "\"\\/\t\x01", "<a>&", "日本"]], same=True)
    emit("nothing", save({}), same=True)
    for d, n in ("uint64", 8), ("float8_e4m3fn", 1), ("float8_e5m2", 1), ("float8_e8m0fnu", 1), ("float8_e4m3fnuz", 1), ("float8_e5m2fnuz", 1):
        emit(d, save({"a": (d, [3], bytes(3 * n))}), refused=True)
    write("safetensors")


def csv():
    def read(name, text, dtype="float64", options={}, **kw):
        kw.setdefault("delimiter", ",")
        a = np.genfromtxt(io.StringIO(text), dtype=dtype, ndmin=2, encoding="utf-8", **kw)
        emit(name, text.encode(), [array(a)], **options)

    read("plain", "1,2,3\n4,5,6\n")
    read("floats", "1.5,-2e-3,1e400\ninf,-inf,nan\n0.1,.5,5.\n+1,-0,1E5\n")
    read("float32", "0.1,16777217\n1e-45,3.4028235e38\n", "float32")
    read("float16 through float32", "0.1,65504\n", "float16")
    read("missing", "1,,3\n,5,\n")
    read("named missing", "1,NA,3\nn/a,5,6\n", options=dict(missing=["NA", "n/a"]), missing_values=["NA", "n/a"])
    read("header and comment", "x,y\n# all\n1,2 # one\n\n3,4\n", options=dict(header=1, comment="#"), skip_header=1)
    read("columns", "1,2,3\n4,5,6\n", options=dict(columns=[2, 0]), usecols=(2, 0))
    read("blanks", "  1   2\t3\n4 5 6  \n", options=dict(delimiter=" "), delimiter=None)
    read("tabs", "1\t2\n\t3\n", options=dict(delimiter="\t"), delimiter="\t")
    read("semicolons and blanks", "1 ; 2\n 3;4 \n", options=dict(delimiter=";"), delimiter=";", autostrip=True)
    read("integers", "1,-2\n2147483647,4\n", "int32")
    read("one column", "1\n2\n3\n")
    read("crlf", "1,2\r\n3,4\r\n")
    read("no end", "1,2\n3,4")
    write("csv")


def mxnet():
    np.bool = bool  # MXNet 1.9 wants the old name
    import os
    import tempfile
    import mxnet as mx

    def saved(save, what):
        with tempfile.TemporaryDirectory() as d:
            path = os.path.join(d, "x")
            save(path, what)
            return pathlib.Path(path).read_bytes()

    def loaded(data):
        with tempfile.TemporaryDirectory() as d:
            path = os.path.join(d, "x")
            pathlib.Path(path).write_bytes(data)
            return mx.nd.load(path)

    kinds = "float32 float64 float16 uint8 int32 int8 int64".split()
    named = {f"arg:{d}": mx.nd.array(sample(d, (2, 3)), dtype=d) for d in kinds}
    named["aux:mean"] = mx.nd.array([1, 2, 3])
    emit("every dtype", saved(mx.nd.save, named), [array(a.asnumpy(), k) for k, a in named.items()])
    emit("no names", saved(mx.nd.save, [mx.nd.ones((2, 1)), mx.nd.zeros((3,))]), [array(np.ones((2, 1), "f4")), array(np.zeros(3, "f4"))])
    half = mx.nd.array([1, -2, 0.5]).astype(np.dtype([("bfloat16", np.uint16)]))
    emit("bfloat16", saved(mx.nd.save, {"h": half}), [array(np.array([1, -2, 0.5]), "h", "bfloat16")])
    for stype in "row_sparse", "csr":
        emit(stype, saved(mx.nd.save, {"s": mx.nd.array([[0, 1], [0, 0]]).tostype(stype)}), refused=True)

    def old(magic, shape, a, name):
        b = struct.pack("<QQQ", 0x112, 0, 1)
        b += struct.pack("<II%dq" % len(shape), magic, len(shape), *shape) if magic else struct.pack("<I%dI" % len(shape), len(shape), *shape)
        b += struct.pack("<iii", 1, 0, 0) + a.tobytes()
        return b + struct.pack("<QQ", 1, len(name)) + name.encode()

    for what, magic in ("version 1", 0xf993fac8), ("without a version", 0):
        data = old(magic, (2, 3), sample("f4", (2, 3)), "w")  # MXNet reads these and writes them no more
        emit(what, data, [array(loaded(data)["w"].asnumpy(), "w")])
    net = mx.gluon.nn.Sequential()
    net.add(mx.gluon.nn.Dense(2, in_units=3), mx.gluon.nn.BatchNorm(in_channels=2))
    net.initialize()
    emit("save_parameters", saved(lambda p, n: n.save_parameters(p), net),
         [array(p.data().asnumpy(), k) for k, p in net._collect_params_with_prefix().items()])
    mx.npx.set_np()
    named = {"scalar": mx.np.array(3.5), "empty": mx.np.zeros((0, 2)), "bool": mx.np.array([True, False], dtype="bool"), "i": mx.np.arange(3, dtype="int64")}
    emit("NumPy's shapes", saved(mx.npx.save, named), [array(a.asnumpy(), k) for k, a in named.items()])
    write("mxparams")


def show(path):
    if path.endswith(".safetensors"):
        import safetensors
        for name, a in safetensors.deserialize(pathlib.Path(path).read_bytes()):
            print(json.dumps([name, a["dtype"], a["shape"], len(a["data"])], ensure_ascii=False))
        return
    got = np.load(path)
    for name, a in got.items() if path.endswith(".npz") else [("", got)]:
        print(json.dumps([name, a.dtype.str, list(a.shape), words(a)], ensure_ascii=False))


if sys.argv[1:] == ["mxnet"]:
    mxnet()
elif sys.argv[1:]:
    for p in sys.argv[1:]:
        show(p)
else:
    npy()
    tensors()
    csv()
