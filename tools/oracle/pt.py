#!/usr/bin/env python3
"""Writes the oracle of format/pt: files as torch.save writes them (PyTorch 1.13), with the tensors that are in them, to
format/pt/testdata/oracle.json.gz. The form is that of files.py.

    python3 tools/oracle/pt.py
    python3 tools/oracle/pt.py FILE    lists the tensors of a .pt file as torch.load reads it
"""
import base64
import gzip
import io
import json
import pathlib
import sys
import zipfile
from collections import OrderedDict

import torch

root = pathlib.Path(__file__).resolve().parent.parent.parent
cases = []


def words(a):
    a = a.detach().resolve_conj().cpu()
    if a.dtype.is_complex:
        return " ".join(f"{v.real!r} {v.imag!r}" for v in a.to(torch.complex128).flatten().tolist())
    if a.dtype.is_floating_point:
        return " ".join(repr(v) for v in a.double().flatten().tolist())
    return " ".join(str(int(v)) for v in a.flatten().tolist())


def flat(v, name=""):
    if isinstance(v, torch.Tensor):
        dtype = str(v.dtype).split(".")[1]
        return [dict(name=name, dtype={"int16": "int32"}.get(dtype, dtype), shape=list(v.shape), data=words(v))]
    items = v.items() if isinstance(v, dict) else enumerate(v) if isinstance(v, (list, tuple)) else []
    return [a for k, x in items for a in flat(x, f"{name}.{k}" if name else str(k))]


def save(v, **kw):
    f = io.BytesIO()
    torch.save(v, f, **kw)
    return f.getvalue()


def emit(name, v, refused=False, file=None, **kw):
    cases.append(dict(name=name, file=base64.b64encode(file or save(v, **kw)).decode(), arrays=[] if refused else flat(v), refused=refused))


torch.manual_seed(0)
dtypes = [torch.bool, torch.uint8, torch.int8, torch.int16, torch.float16, torch.bfloat16, torch.int32, torch.float32, torch.int64, torch.float64,
          torch.complex64, torch.complex128]
emit("every dtype", {str(d): torch.tensor([[0, 1.5, -2], [100, 0.1, 3]]).abs().to(d) for d in dtypes})
emit("shapes", {str(s): torch.randn(s) for s in [(), (0,), (3,), (2, 0, 3), (1, 1), (2, 3, 4), (2,) * 8]})
w = torch.arange(60.).reshape(3, 4, 5)
emit("views", dict(w=w, t=w.permute(2, 0, 1), part=w[1:, ::2, 3], row=w[1], e=w[:1, :, :1].expand(2, 4, 6), none=w[:, 1:1], last=w[2, 3, 4:]))
emit("one tensor", torch.randn(2, 2))
emit("nested", {"model": OrderedDict(a=torch.ones(2), b=[torch.zeros(1), (torch.ones(1, dtype=torch.int64),)]), "epoch": 3, "name": "x", 7: torch.ones(1)})
emit("parameter", [torch.nn.Parameter(torch.randn(2, 3)), torch.nn.Parameter(torch.ones(2), requires_grad=False)])
net = torch.nn.Sequential(OrderedDict(conv=torch.nn.Conv2d(2, 3, 3), bn=torch.nn.BatchNorm2d(3), fc=torch.nn.Linear(3, 2)))
emit("state dict", net.state_dict())
opt = torch.optim.Adam(net.parameters())
net.fc(net.bn(net.conv(torch.randn(2, 2, 4, 4))).mean((2, 3))).sum().backward()
opt.step()
emit("optimizer", opt.state_dict())
emit("protocol 4", {"a": torch.randn(3), "b": [1, 2.5, "ü", b"x"], "s": {1, 2}}, pickle_protocol=4)
emit("values", dict(none=None, t=True, f=False, i=-5, big=1 << 40, small=-(1 << 40), x=-2.5, s="ü", b=b"\x00\xff", l=[1, [2]], tu=(1, "a"),
                    d={"k": {3: 4}}, size=torch.Size([2, 3]), dtype=torch.float16, dev=torch.device("cpu"), gpu=torch.device("cuda:1"), set={5}))
emit("a module", net, refused=True)
emit("quantized", torch.quantize_per_tensor(torch.ones(2), 0.1, 0, torch.qint8), refused=True)
emit("sparse", torch.eye(3).to_sparse(), refused=True)
emit("before 1.6", {"a": torch.ones(2)}, refused=True, _use_new_zipfile_serialization=False)
emit("an int that fits none", {"a": 1 << 70}, refused=True)


class Bad:
    def __reduce__(self):
        return print, ("code was run",)


emit("code", {"a": torch.ones(2), "b": Bad()}, refused=True)
f = io.BytesIO()
torch.jit.save(torch.jit.script(torch.nn.Linear(2, 2)), f)
emit("TorchScript", None, refused=True, file=f.getvalue())

# What PyTorch 2 writes and 1.13 cannot: the byte order, and untyped storages for dtypes without a storage of their own.
def entry(name, v, extra, edit=lambda b: b):
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(save(v))) as src, zipfile.ZipFile(out, "w") as dst:
        for i in src.infolist():
            b = src.read(i)
            dst.writestr(zipfile.ZipInfo(i.filename), edit(b) if "/data/" in i.filename else b)
        for k, b in extra.items():
            dst.writestr(zipfile.ZipInfo("archive/" + k), b)
    emit(name, v, file=out.getvalue())


entry("little-endian", torch.tensor([1, 2, 300]), {"byteorder": b"little"})
entry("big-endian", torch.tensor([1.5, -2, 300]), {"byteorder": b"big"}, lambda b: b"".join(b[i:i + 4][::-1] for i in range(0, len(b), 4)))

if sys.argv[1:]:
    for a in flat(torch.load(sys.argv[1])):
        print(json.dumps(a))
else:
    target = root / "format/pt/testdata"
    target.mkdir(parents=True, exist_ok=True)
    (target / "oracle.json.gz").write_bytes(gzip.compress(json.dumps(cases, indent=0).encode(), 9, mtime=0))
    net = torch.nn.Sequential(torch.nn.Linear(2, 1))  # of the example
    net.load_state_dict({"0.weight": torch.tensor([[1., 2.]]), "0.bias": torch.tensor([0.5])})
    torch.save({"model": net.state_dict(), "epoch": 3}, target / "checkpoint.pt")
    print(len(cases), "cases")
