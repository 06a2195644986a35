#!/usr/bin/env python3
"""Writes the oracle of the functional derivatives: what torch.autograd.functional computes, in float64.

Wants PyTorch 1.13 or later. Run from the root of the repository:

    python3 tools/oracle/functional.py

It writes tensor/autograd/testdata/functional.json.gz: for each function its operands ("in"), their directions ("vs"), the
weights of the result ("v"), and the result, VJP, JVP, Jacobian and, for functions of one operand and one
result, Hessian and its product with vs[0].
"""
import gzip
import json

import numpy as np
import torch
import torch.autograd.functional as A

rng = np.random.RandomState(303)


def t(*shape):
    return torch.tensor(np.round(rng.rand(*shape) + 0.3, 3))


FUNCTIONS = [
    ("exp", lambda x: x.exp(), [(3,)]),
    ("exp", lambda x: x.exp(), [()]),
    ("poly", lambda x, y: x.pow(3) * y + x / y, [(2, 3), (3,)]),
    ("matmul", lambda x, y: x.matmul(y).tanh(), [(2, 3), (3, 2)]),
    ("unused", lambda x, y: x.sin().sum(0), [(2, 2), (3,)]),
    ("constant", lambda x: torch.ones(2, dtype=torch.float64) * 3, [(3,)]),
    ("softmax", lambda x: (x.exp() / x.exp().sum(1, keepdim=True)).log(), [(2, 3)]),
    ("quartic", lambda x: (x.square() * x.flip(0).square()).sum(), [(4,)]),
    ("logdet", lambda x: (x[0, 0] * x[1, 1] - x[0, 1] * x[1, 0]).log(), [(2, 2)]),
    ("linear", lambda x: (3 * x).sum(), [(2, 2)]),
    ("product", lambda x: x.prod(), [(3,)]),
]


def words(a):
    return [float("%.15g" % v) for v in np.ravel(a.detach().numpy())]


def pack(a):
    return dict(shape=list(a.shape), data=words(a))


def main():
    cases = []
    for name, f, shapes in FUNCTIONS:
        if name == "logdet":
            xs = [torch.tensor([[2.0, 0.3], [0.4, 1.5]], dtype=torch.float64)]
        else:
            xs = [t(*s) for s in shapes]
        vs = [torch.tensor(np.round(rng.randn(*s), 3)) for s in shapes]
        y = f(*xs)
        v = torch.tensor(np.round(rng.randn(*y.shape), 3))
        one = len(xs) == 1
        c = dict(name=name, y=pack(y), v=pack(v))
        c["in"], c["vs"] = [pack(x) for x in xs], [pack(w) for w in vs]
        c["vjp"] = [pack(g) for g in A.vjp(f, tuple(xs), v)[1]]
        if name == "constant":
            c["jvp"] = pack(torch.zeros_like(y))
        else:
            c["jvp"] = pack(A.jvp(f, tuple(xs), tuple(vs))[1])
        c["jacobian"] = [pack(j) for j in A.jacobian(f, tuple(xs))]
        if one and y.dim() == 0 and xs[0].numel() > 0:
            c["hessian"] = pack(A.hessian(f, xs[0]))
            c["hvp"] = pack(A.hvp(f, xs[0], vs[0])[1])
        cases.append(c)
    with gzip.GzipFile("tensor/autograd/testdata/functional.json.gz", "wb", mtime=0) as out:
        out.write(json.dumps(cases).encode())
    print(len(cases), "cases")


if __name__ == "__main__":
    main()
