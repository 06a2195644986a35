"""What the scripts of the operator oracle share: cases, their files, numbers to compute with.

A case holds the name of the operation, its operands ("in"), its attributes
("axes", "keep", "floats", "ranges", "ints", "name" ...), the result ("out") or several ("outs"), and, where the
operation has gradients, a weight for each element of the (first) result ("dy") and the
gradients of sum(dy * out) for the operands ("grads"). "only" is ["float64"] or ["float32"] if the case is not run in
both floats; "rtol" is a tolerance of its own, relative, for float64 and float32; "each" holds every number to its
own size, not to that of the largest.
"""
import gzip
import json
import os

import numpy as np

try:
    import torch
except ImportError:  # scripts that need only NumPy
    torch = None

rng = np.random.RandomState(2106)
cases = []


def words(a):
    a = np.asarray(a)
    if a.dtype.kind == "c":
        return " ".join("%.14g %.14g" % (v.real, v.imag) for v in np.ravel(a))
    if a.dtype.kind == "f":
        return " ".join("%.14g" % v for v in np.ravel(a))
    return " ".join(str(int(v)) for v in np.ravel(a))


def pack(a):
    a = np.asarray(a)
    return dict(shape=list(a.shape), dtype=str(a.dtype), data=words(a))


def emit(op, ins, out, dy=None, grads=None, **attrs):
    c = dict(op=op)
    c["in"] = [pack(x) for x in ins]
    c.update(attrs)
    if isinstance(out, (tuple, list)):
        c["outs"] = [pack(y) for y in out]
    else:
        c["out"] = pack(out)
    if dy is not None:
        c["dy"] = words(dy)
        c["grads"] = [None if g is None else words(g) for g in grads]
    cases.append(c)


def differentiable(op, f, *ins, **attrs):
    """Emits a case whose gradients PyTorch computes; f takes torch tensors. Of several results the first is
    differentiated."""
    xs = [torch.tensor(np.asarray(x)) for x in ins]
    for x in xs:
        x.requires_grad_(x.dtype == torch.float64)
    ys = f(*xs)
    y = ys[0] if isinstance(ys, (tuple, list)) else ys
    dy = np.round(rng.randn(*y.shape), 3)
    leaves = [x for x in xs if x.requires_grad]
    got = list(torch.autograd.grad(y, leaves, torch.tensor(np.asarray(dy)), allow_unused=True))
    grads = []
    for x in xs:
        g = got.pop(0) if x.requires_grad else None
        if g is None and x.requires_grad:
            g = torch.zeros_like(x)
        grads.append(None if g is None else g.numpy())
    out = [v.detach().numpy() for v in ys] if isinstance(ys, (tuple, list)) else y.detach().numpy()
    emit(op, ins, out, dy, grads, **attrs)


def plain(op, f, *ins, **attrs):
    """Emits a case without gradients; f takes arrays."""
    emit(op, ins, f(*ins), **attrs)


def view(op, f, x, **attrs):
    """Emits a case that only selects and moves elements; f takes an array."""
    where = f(np.arange(x.size).reshape(x.shape))
    dy = np.round(rng.randn(*where.shape), 3)
    g = np.zeros(x.size)
    np.add.at(g, np.ravel(where), np.ravel(dy))
    emit(op, [x], f(x), dy, [g], **attrs)


def normal(*shape):
    """Numbers with three digits, none of them twice, none near zero."""
    n = int(np.prod(shape))
    x = (rng.permutation(n) + 1.0) * 5 / (n + 1) + np.round(rng.rand(n), 3) / (n + 1)
    return np.round(x * rng.choice([-1, 1], n), 4).reshape(shape)


def positive(*shape):
    return np.abs(normal(*shape))


def integers(low, high, *shape):
    return rng.randint(low, high, shape).astype(np.int64)


def write(path):
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..", path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    text = "[\n" + ",\n".join(json.dumps(c) for c in cases) + "\n]\n"
    with open(path, "wb") as f:
        f.write(gzip.compress(text.encode(), 9, mtime=0))
    print(len(cases), "cases,", os.path.getsize(path), "bytes")
    cases.clear()
