#!/usr/bin/env python3
"""Writes optim/testdata/optimizers.json: a small network after steps of PyTorch's optimizers, in float64.

Wants PyTorch 1.13 or later. Run from the root of the repository:

    python3 tools/oracle/optim.py
"""
import json
import os

import torch
import torch.nn.functional as F
from torch.nn.utils import clip_grad_norm_, clip_grad_value_
from torch.optim import SGD, Adadelta, Adagrad, AdamW, RMSprop

torch.manual_seed(20261127)


def draw(*shape):
    return torch.randn(*shape, dtype=torch.float32).double()


def pack(t):
    t = t.detach()
    return {"shape": list(t.shape), "data": [float("%.10g" % v) for v in t.reshape(-1).tolist()]}


batches = [(draw(6, 3), torch.randint(0, 3, (6,))) for _ in range(50)]
start = [draw(4, 3), draw(4), draw(3, 4), draw(3)]
after, norms = {}, []


def train(name, make, clip=lambda ws: None):
    ws = [w.clone().requires_grad_() for w in start]
    opt = make(ws)
    after[name] = {}
    for k, (x, y) in enumerate(batches):
        h = F.linear(x, ws[0], ws[1]).tanh()
        opt.zero_grad()
        F.cross_entropy(F.linear(h, ws[2], ws[3]), y).backward()
        clip(ws)
        opt.step()
        if k + 1 in (1, 50):
            after[name][str(k + 1)] = [pack(w) for w in ws]


train("nesterov", lambda ws: SGD(ws, lr=0.1, momentum=0.9, nesterov=True, weight_decay=0.05))
train("adamw", lambda ws: AdamW(ws, lr=0.02))
train("adamw all", lambda ws: AdamW(ws, lr=0.02, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.2))
train("rmsprop", lambda ws: RMSprop(ws, lr=0.01, alpha=0.9, weight_decay=0.05))
train("rmsprop momentum", lambda ws: RMSprop(ws, lr=0.005, alpha=0.9, momentum=0.8, eps=1e-4))
train("rmsprop centered", lambda ws: RMSprop(ws, lr=0.005, alpha=0.9, centered=True, eps=1e-2))
train("rmsprop centered momentum", lambda ws: RMSprop(ws, lr=0.005, alpha=0.95, centered=True, momentum=0.5, eps=1e-2))
train("adagrad", lambda ws: Adagrad(ws, lr=0.1, weight_decay=0.05, eps=1e-7))
train("adadelta", lambda ws: Adadelta(ws, lr=1.0, rho=0.9, eps=1e-5, weight_decay=0.01))
train("adadelta lr", lambda ws: Adadelta(ws, lr=0.5, rho=0.95, eps=1e-4))
train("clip norm", lambda ws: SGD(ws, lr=0.3, momentum=0.5, weight_decay=0.1), lambda ws: norms.append(float(clip_grad_norm_(ws, 0.3))))
train("clip value", lambda ws: SGD(ws, lr=0.3, weight_decay=0.1), lambda ws: clip_grad_value_(ws, 0.05))

os.makedirs("optim/testdata", exist_ok=True)
with open("optim/testdata/optimizers.json", "w") as f:
    json.dump({"start": [pack(w) for w in start], "batches": [{"x": pack(x), "y": y.tolist()} for x, y in batches],
               "after": after, "norms": norms}, f, separators=(",", ":"))
    f.write("\n")
