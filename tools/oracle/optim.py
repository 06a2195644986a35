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
from torch.optim import SGD, Adadelta, Adagrad, Adam, Adamax, AdamW, RAdam, RMSprop, lr_scheduler

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

for wd in (0, 0.05):
    tag = " wd" if wd else ""
    train("amsgrad" + tag, lambda ws: Adam(ws, lr=0.05, amsgrad=True, eps=1e-12, weight_decay=wd))
    train("adamw amsgrad" + tag, lambda ws: AdamW(ws, lr=0.05, amsgrad=True, eps=1e-3, weight_decay=wd))
    train("adamax" + tag, lambda ws: Adamax(ws, lr=0.02, weight_decay=wd))
    train("radam" + tag, lambda ws: RAdam(ws, lr=0.02, weight_decay=wd))


class Paper:
    """An optimizer written down from its paper: f(state, t, w, g) changes w in place."""

    def __init__(self, ws, f):
        self.ws, self.f, self.states, self.t = ws, f, [{} for _ in ws], 0

    def zero_grad(self):
        for w in self.ws:
            w.grad = None

    @torch.no_grad()
    def step(self):
        self.t += 1
        for s, w in zip(self.states, self.ws):
            self.f(s, self.t, w, w.grad.clone())


def zeros(s, w, *names):
    for n in names:
        s.setdefault(n, torch.zeros_like(w))


def yogi(wd):  # Zaheer et al., 2018, algorithm 2, with the corrections of Adam as the book has them
    def f(s, t, w, g):
        zeros(s, w, "m", "v")
        g = g + wd * w
        s["m"] = 0.9 * s["m"] + 0.1 * g
        s["v"] = s["v"] + 0.001 * torch.sign(g * g - s["v"]) * g * g
        w -= 0.01 * (s["m"] / (1 - 0.9**t)) / ((s["v"] / (1 - 0.999**t)).sqrt() + 1e-3)
    return f


def nadam(wd):  # Dozat, 2016; PyTorch 1.13 multiplies by mu once too often
    def f(s, t, w, g):
        zeros(s, w, "m", "v")
        mu, after = (0.9 * (1 - 0.5 * 0.96 ** (0.004 * k)) for k in (t, t + 1))
        s["p"] = s.get("p", 1) * mu
        g = g + wd * w
        s["m"] = 0.9 * s["m"] + 0.1 * g
        s["v"] = 0.999 * s["v"] + 0.001 * g * g
        root = (s["v"] / (1 - 0.999**t)).sqrt() + 1e-3
        w -= 0.02 * (after / (1 - s["p"] * after) * s["m"] + (1 - mu) / (1 - s["p"]) * g) / root
    return f


def lamb(wd):  # You et al., 2020, algorithm 2
    def f(s, t, w, g):
        zeros(s, w, "m", "v")
        s["m"] = 0.9 * s["m"] + 0.1 * g
        s["v"] = 0.999 * s["v"] + 0.001 * g * g
        d = s["m"] / (1 - 0.9**t) / ((s["v"] / (1 - 0.999**t)).sqrt() + 1e-6) + wd * w
        a, b = w.norm(), d.norm()
        w -= 0.02 * (a / b if a > 0 and b > 0 else 1) * d
    return f


def lars(wd):  # You et al., 2017, algorithm 1; vectors by plain momentum
    def f(s, t, w, g):
        zeros(s, w, "v")
        rate = 0.2
        if w.dim() > 1:
            rate = rate * 0.1 * w.norm() / (g.norm() + wd * w.norm())
        s["v"] = 0.9 * s["v"] + rate * (g + wd * w)
        w -= s["v"]
    return f


def lion(wd):  # Chen et al., 2023, program 1
    def f(s, t, w, g):
        zeros(s, w, "m")
        u = torch.sign(0.9 * s["m"] + 0.1 * g)
        w -= 0.01 * (u + wd * w)
        s["m"] = 0.99 * s["m"] + 0.01 * g
    return f


def ftrl(wd):  # McMahan et al., 2013, algorithm 1
    def f(s, t, w, g):
        zeros(s, w, "z", "n")
        sigma = ((s["n"] + g * g).sqrt() - s["n"].sqrt()) / 0.1
        s["z"] = s["z"] + g - sigma * w
        s["n"] = s["n"] + g * g
        z = s["z"]
        w.copy_(torch.where(z.abs() <= 0.02, torch.zeros_like(z), -(z - torch.sign(z) * 0.02) / ((1 + s["n"].sqrt()) / 0.1 + wd)))
    return f


for wd in (0, 0.05):
    for name, rule in (("yogi", yogi), ("nadam", nadam), ("lamb", lamb), ("lars", lars), ("lion", lion), ("ftrl", ftrl)):
        train(name + (" wd" if wd else ""), lambda ws: Paper(ws, rule(wd)))


def rates(make, n=60, lr=0.5):
    opt = SGD([torch.zeros(1, requires_grad=True)], lr=lr)
    s = make(opt)
    out = []
    for k in range(n):
        out.append(opt.param_groups[0]["lr"])
        opt.step()
        s.step()
    return out


def plateau(values, **options):
    opt = SGD([torch.zeros(1, requires_grad=True)], lr=0.5)
    s = lr_scheduler.ReduceLROnPlateau(opt, **options)
    out = []
    for v in values:
        s.step(v)
        out.append(opt.param_groups[0]["lr"])
    return out


falling = [1 / (1 + min(k, 12)) + 0.001 * (k % 3) for k in range(60)]
schedules = {
    "step": rates(lambda o: lr_scheduler.StepLR(o, 7, 0.6)),
    "multistep": rates(lambda o: lr_scheduler.MultiStepLR(o, [5, 20, 21], 0.3)),
    "exponential": rates(lambda o: lr_scheduler.ExponentialLR(o, 0.93)),
    "linear": rates(lambda o: lr_scheduler.LinearLR(o, 0.2, 1.0, 25)),
    "poly": rates(lambda o: lr_scheduler.PolynomialLR(o, 30, 2.0)),
    "cosine": rates(lambda o: lr_scheduler.CosineAnnealingLR(o, 59, 0.01)),
    "restarts": rates(lambda o: lr_scheduler.CosineAnnealingWarmRestarts(o, 6, 2, 0.02)),
    "onecycle": rates(lambda o: lr_scheduler.OneCycleLR(o, max_lr=0.4, total_steps=61, cycle_momentum=False)),
    "sequential": rates(lambda o: lr_scheduler.SequentialLR(o, [lr_scheduler.LinearLR(o, 0.1, 1.0, 10), lr_scheduler.ExponentialLR(o, 0.9)], [10])),
    "plateau": plateau(falling, factor=0.5, patience=3, cooldown=2, min_lr=0.01),
    "plateau rising": plateau([-v for v in falling], mode="max", patience=5),
}

os.makedirs("optim/testdata", exist_ok=True)
with open("optim/testdata/optimizers.json", "w") as f:
    json.dump({"start": [pack(w) for w in start], "batches": [{"x": pack(x), "y": y.tolist()} for x, y in batches],
               "after": after, "norms": norms, "schedules": schedules, "falling": falling}, f, separators=(",", ":"))
    f.write("\n")
