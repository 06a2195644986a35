#!/usr/bin/env python3
"""Writes the oracle of normalisation and pooling: what PyTorch computes, values and gradients, in float64.

Wants PyTorch 1.13 or later. Run from the root of the repository:

    python3 tools/oracle/networks.py

It writes tensor/nnop/testdata/networks.json.gz and nn/testdata/batchnorm.json. A normalisation's "name" tells
which factors follow x: "g" for gamma, "b" for beta; "floats" is eps.
"""
import json

import numpy as np
import torch
import torch.nn.functional as F

from cases import differentiable, normal, positive, rng, write

EPS = 1e-3


def norm(op, f, x, factor, factors="gb", **attrs):
    """f takes x, gamma, beta."""
    def g(x, *rest):
        rest = list(rest)
        gamma = rest.pop(0) if "g" in factors else None
        beta = rest.pop(0) if "b" in factors else None
        return f(x, gamma, beta)
    if np.prod(x) < 40:  # small groups: the gradient is a small difference of large numbers
        attrs["rtol"] = [1e-9, 1e-3]
    differentiable(op, g, normal(*x), *[normal(*factor) for _ in factors], name=factors, floats=[EPS], **attrs)


def batch(x, g, b):
    y = F.batch_norm(x, None, None, g, b, True, eps=EPS)
    axes = [i for i in range(x.dim()) if i != 1]
    return y, x.mean(axes), x.var(axes, unbiased=False)


for x in [(4, 3), (2, 3, 5), (3, 2, 4, 3), (2, 3, 2, 3, 2), (2, 2, 11, 11), (3, 17, 2), (40, 2)]:
    norm("batch_norm", batch, x, x[1:2])
for fs in ("g", "b", ""):
    norm("batch_norm", batch, (3, 4, 2), (4,), fs)
for x in [(4, 3), (2, 3, 5)]:
    for fs in ("gb", "g", "b", ""):
        m, v = torch.tensor(normal(x[1])), torch.tensor(positive(x[1]))
        def infer(x, *rest):
            rest = list(rest)
            gamma = rest.pop(0) if "g" in fs else None
            beta = rest.pop(0) if "b" in fs else None
            return F.batch_norm(x, m, v, gamma, beta, False, eps=EPS)
        differentiable("batch_norm_infer", infer, normal(*x), *[normal(x[1]) for _ in fs], name=fs, floats=[EPS],
                       args=[m.tolist(), v.tolist()])
for x, row in [((4, 3), (3,)), ((2, 3, 5), (5,)), ((2, 3, 5), (3, 5)), ((70, 7), (7,)), ((2, 33), (33,)), ((1, 1, 5), (1, 1, 5))]:
    for fs in ("gb", "g", "b"):
        norm("layer_norm", lambda x, g, b: F.layer_norm(x, row, g, b, eps=EPS), x, row, fs)
norm("layer_norm", lambda x, g, b: F.layer_norm(x, x.shape[-1:], eps=EPS), (3, 2, 6), (6,), "")


def group(x, groups, g, b):
    if g is None and b is not None:  # which PyTorch cannot differentiate
        return F.group_norm(x, groups, eps=EPS) + b.reshape([-1] + [1] * (x.dim() - 2))
    return F.group_norm(x, groups, g, b, eps=EPS)


for x, groups in [((3, 4), 2), ((2, 6, 5), 3), ((2, 4, 3, 3), 2), ((2, 4, 11, 10), 2), ((2, 4, 11, 10), 1), ((2, 3, 2, 2, 2), 3)]:
    for fs in ("gb", "g", "b", "") if np.prod(x) < 100 else ("gb",):
        norm("group_norm", lambda x, g, b: group(x, groups, g, b), x, x[1:2], fs, groups=groups)
for x in [(2, 3, 5), (2, 2, 11, 11)]:
    for fs in ("gb", ""):
        norm("instance_norm", lambda x, g, b: F.instance_norm(x, None, None, g, b, eps=EPS), x, x[1:2], fs)


def rms(k):
    def f(x, g, b):
        y = x / (x.square().mean(list(range(-k, 0)), keepdim=True) + EPS).sqrt()
        return y if g is None else y * g
    return f


for x, row in [((4, 3), (3,)), ((2, 3, 5), (3, 5)), ((3, 40), (40,))]:
    norm("rms_norm", rms(len(row)), x, row, "g")
norm("rms_norm", rms(1), (3, 2, 6), (6,), "")


def pool(op, f, x, k, s, pad=0, ceil=False, exclude=False, positive_only=False):
    """f takes x, window, stride, padding; "args" are those, ceil mode, and whether averages leave the padding out."""
    x = positive(*x) if positive_only else normal(*x)
    differentiable(op, lambda x: f(x, k, s, pad), x, args=[k, s, pad, ceil, exclude])


def pools(dims, shapes):
    most = {1: F.max_pool1d, 2: F.max_pool2d, 3: F.max_pool3d}[dims]
    mean = {1: F.avg_pool1d, 2: F.avg_pool2d, 3: F.avg_pool3d}[dims]
    for x, k, s, pad in shapes:
        for ceil in (False, True):
            pool("max_pool%dd" % dims, lambda x, k, s, p: most(x, k, s, p, ceil_mode=ceil), x, k, s, pad, ceil)
            for exclude in (False, True):
                pool("avg_pool%dd" % dims, lambda x, k, s, p: mean(x, k, s, p, ceil, not exclude), x, k, s, pad, ceil, exclude)


pools(1, [((2, 3, 11), 3, 2, 1), ((1, 2, 40), 2, 2, 0), ((2, 1, 7), 4, 3, 2)])
pools(2, [((1, 2, 6, 7), [2, 2], [2, 2], [0, 0]), ((2, 1, 8, 9), [3, 3], [2, 2], [1, 1]), ((1, 1, 6, 21), [3, 3], [1, 1], [1, 1]),
          ((1, 2, 7, 8), [4, 3], [3, 2], [2, 0]), ((1, 1, 5, 40), [2, 3], [1, 2], [1, 1])])
pools(3, [((1, 2, 4, 5, 6), [2, 2, 2], [2, 2, 2], [0, 0, 0]), ((1, 1, 4, 6, 5), [3, 2, 3], [2, 1, 2], [1, 0, 1])])
for x, k, s in [((1, 2, 6, 7), [2, 2], [2, 2]), ((1, 1, 5, 6), [3, 2], [1, 2])]:
    for ceil in (False, True):
        for p in (1.0, 2.0, 3.0):
            pool("lp_pool2d", lambda x, k, s, _: F.lp_pool2d(x, p, k, s, ceil), x, k, s, p, ceil, positive_only=True)
for x, out in [((2, 3, 7, 5), [1, 1]), ((1, 2, 8, 9), [3, 4]), ((1, 2, 6, 8), [3, 2]), ((1, 1, 3, 4), [5, 4])]:
    differentiable("adaptive_avg_pool2d", lambda x: F.adaptive_avg_pool2d(x, out), normal(*x), ints=out)
    differentiable("adaptive_max_pool2d", lambda x: F.adaptive_max_pool2d(x, out), normal(*x), ints=out)

write("tensor/nnop/testdata/networks.json.gz")


def pack(t):
    t = t.detach()
    return {"shape": list(t.shape), "data": [float("%.12g" % v) for v in t.reshape(-1).tolist()]}


# Three steps of training a BatchNorm, and what it then does with the next batch. PyTorch's momentum is ours from 1,
# and its running variance is unbiased, ours biased, which the last lines undo.
layer = torch.nn.BatchNorm2d(3, eps=1e-5, momentum=0.2).double()
variance = torch.ones(3, dtype=torch.float64)
with torch.no_grad():
    layer.weight.copy_(torch.tensor(normal(3)))
    layer.bias.copy_(torch.tensor(normal(3)))
steps = []
for _ in range(3):
    x = torch.tensor(normal(2, 3, 3, 4), requires_grad=True)
    r = torch.tensor(np.round(rng.randn(2, 3, 3, 4), 3))
    layer.zero_grad()
    y = layer(x)
    (y * r).sum().backward()
    variance = 0.8 * variance + 0.2 * x.detach().var((0, 2, 3), unbiased=False)
    steps.append(dict(x=pack(x), r=pack(r), y=pack(y), dx=pack(x.grad), dgamma=pack(layer.weight.grad), dbeta=pack(layer.bias.grad),
                      mean=pack(layer.running_mean), variance=pack(variance)))
layer.running_var.copy_(variance)
layer.eval()
with open("nn/testdata/batchnorm.json", "w") as f:
    json.dump(dict(gamma=pack(layer.weight), beta=pack(layer.bias), steps=steps, predicted=pack(layer(x))), f, separators=(",", ":"))
    f.write("\n")
