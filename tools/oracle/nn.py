#!/usr/bin/env python3
"""Writes nn/testdata/layers.json and optim/testdata/steps.json with PyTorch.

Wants PyTorch 1.13 or later. Run from the root of the repository:

    python3 tools/oracle/nn.py

layers.json: for each layer its input x, parameters, result y, and the gradients
of sum(y * r). steps.json: the parameters of a small network after some steps of
each optimizer. Everything is computed in float64 from float32 numbers.
"""
import json
import os

import torch
import torch.nn.functional as F

torch.manual_seed(20210617)


def draw(*shape):
    return torch.randn(*shape, dtype=torch.float32).double()


def pack(t):
    t = t.detach()
    return {"shape": list(t.shape), "data": [float("%.12g" % v) for v in t.reshape(-1).tolist()]}


cases = {}


def case(name, f, x, *params):
    x.requires_grad_()
    for p in params:
        p.requires_grad_()
    y = f(x, *params)
    r = draw(*y.shape)
    (y * r).sum().backward()
    cases[name] = {
        "x": pack(x), "r": pack(r), "y": pack(y), "dx": pack(x.grad),
        "params": [pack(p) for p in params], "grads": [pack(p.grad) for p in params],
    }


case("dense", lambda x, w, b: F.linear(x.flatten(1), w, b), draw(3, 2, 4), draw(5, 8), draw(5))
case("dense relu", lambda x, w, b: F.linear(x, w, b).relu(), draw(4, 3), draw(6, 3), draw(6))
case("dense axes tanh", lambda x, w: F.linear(x, w).tanh(), draw(2, 3, 4), draw(5, 4))
case("conv pad sigmoid", lambda x, w, b: F.conv2d(x, w, b, padding=2).sigmoid(), draw(2, 1, 6, 7), draw(3, 1, 5, 5), draw(3))
case("conv stride", lambda x, w, b: F.conv2d(x, w, b, stride=2, padding=1), draw(2, 3, 7, 6), draw(4, 3, 3, 3), draw(4))
case("conv sides", lambda x, w: F.conv2d(x, w, padding=(0, 1), stride=(3, 2)), draw(1, 2, 8, 9), draw(2, 2, 3, 5))
case("conv groups", lambda x, w, b: F.conv2d(x, w, b, dilation=2, groups=2), draw(2, 4, 6, 6), draw(6, 2, 2, 2), draw(6))
case("conv 1x1 relu", lambda x, w, b: F.conv2d(x, w, b).relu(), draw(2, 3, 3, 3), draw(2, 3, 1, 1), draw(2))
case("max pool", lambda x: F.max_pool2d(x, 2), draw(2, 2, 5, 6))
case("max pool overlap", lambda x: F.max_pool2d(x, 3, stride=2, padding=1), draw(2, 2, 5, 6))
case("avg pool", lambda x: F.avg_pool2d(x, 2), draw(2, 2, 5, 6))
case("avg pool sides", lambda x: F.avg_pool2d(x, (3, 2), stride=(2, 1), padding=(1, 1)), draw(2, 2, 5, 6))
label = draw(4, 3)
case("l2 loss", lambda x, y: ((x - y) ** 2 / 2).mean(1), draw(4, 3), label)
classes = torch.tensor([2, 0, 4, 1])
case("cross-entropy", lambda x: F.cross_entropy(x, classes, reduction="none"), draw(4, 5) * 4)
words = torch.tensor([[2, 0, 1], [3, 3, 0]])
case("cross-entropy axes", lambda x: F.cross_entropy(x.transpose(1, 2), words, reduction="none").mean(1), draw(2, 3, 4))

steps = {}
batches = [(draw(6, 3), torch.randint(0, 3, (6,))) for _ in range(20)]
start = [draw(4, 3), draw(4), draw(3, 4), draw(3)]


def train(name, make):
    ws = [w.clone().requires_grad_() for w in start]
    opt = make(ws)
    after = {}
    for k, (x, y) in enumerate(batches):
        h = F.linear(x, ws[0], ws[1]).tanh()
        loss = F.cross_entropy(F.linear(h, ws[2], ws[3]), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        if k + 1 in (1, 2, 20):
            after[str(k + 1)] = [pack(w) for w in ws]
    steps[name] = after


class BookAdam:
    """Adam with eps added to the uncorrected root, as the book's framework does:
    w -= lr sqrt(1-b2^t)/(1-b1^t) m / (sqrt(v) + eps)."""

    def __init__(self, ws, lr, b1=0.9, b2=0.999, eps=1e-8, wd=0.0):
        self.ws, self.lr, self.b1, self.b2, self.eps, self.wd, self.t = ws, lr, b1, b2, eps, wd, 0
        self.m = [torch.zeros_like(w) for w in ws]
        self.v = [torch.zeros_like(w) for w in ws]

    def zero_grad(self):
        for w in self.ws:
            w.grad = None

    @torch.no_grad()
    def step(self):
        self.t += 1
        rate = self.lr * (1 - self.b2 ** self.t) ** 0.5 / (1 - self.b1 ** self.t)
        for w, m, v in zip(self.ws, self.m, self.v):
            g = w.grad + self.wd * w
            m.mul_(self.b1).add_(g, alpha=1 - self.b1)
            v.mul_(self.b2).add_(g * g, alpha=1 - self.b2)
            w -= rate * m / (v.sqrt() + self.eps)


train("sgd", lambda ws: torch.optim.SGD(ws, lr=0.3, weight_decay=0.05))
train("momentum", lambda ws: torch.optim.SGD(ws, lr=0.1, momentum=0.9, weight_decay=0.05))
train("adam", lambda ws: BookAdam(ws, 0.05))
train("adam wd", lambda ws: BookAdam(ws, 0.05, 0.8, 0.95, wd=0.1))


def dump(path, value):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as f:
        json.dump(value, f, separators=(",", ":"))
        f.write("\n")


dump("nn/testdata/layers.json", cases)
dump("optim/testdata/steps.json", {
    "start": [pack(w) for w in start],
    "batches": [{"x": pack(x), "y": y.tolist()} for x, y in batches],
    "after": steps,
})
