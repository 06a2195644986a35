#!/usr/bin/env python3
"""Writes nn/testdata/losses.json: losses and their gradients by PyTorch in float64; forms that only Gluon has are written down as formulas.

Wants PyTorch 1.13 or later. Run from the root of the repository:

    python3 tools/oracle/losses.py
"""
import json
import math

import torch
import torch.nn.functional as F

torch.manual_seed(20261127)
out = {}


def pack(t):
    t = t.detach()
    data = [int(v) for v in t.reshape(-1)] if not t.is_floating_point() else [float("%.12g" % v) for v in t.reshape(-1).tolist()]
    return {"shape": list(t.shape), "data": data, "int": not t.is_floating_point()}


def draw(*shape, scale=2.0):
    return (scale * torch.randn(*shape)).float().double()


def case(name, f, *ins):
    """f of the inputs; those of floats are differentiated against the cotangent 1, 2, 3, ..."""
    xs = [x.clone().requires_grad_() if x.is_floating_point() else x for x in ins]
    y = f(*xs)
    w = torch.arange(1, y.numel() + 1, dtype=torch.float64).reshape(y.shape)
    grads = torch.autograd.grad((y * w).sum(), [x for x in xs if x.requires_grad], allow_unused=True)
    grads = iter(grads)
    gs = [next(grads) if x.requires_grad else None for x in xs]
    gs = [None if g is None or g.isnan().any() else g for g in gs]  # full Stirling: 0 log 0
    out[name] = {"in": [pack(x) for x in ins], "y": pack(y), "grads": [None if g is None else pack(g) for g in gs]}


def per(e):  # one value an example, as Gluon
    return e.reshape(e.shape[0], -1).mean(1)


p, l = draw(4, 3), draw(4, 3)
case("l1", lambda p, l: per(F.l1_loss(p, l, reduction="none")), p, l)
case("l2", lambda p, l: per(F.mse_loss(p, l, reduction="none")) / 2, p, l)
case("mse mean", lambda p, l: F.mse_loss(p, l), p, l)
case("mse sum", lambda p, l: F.mse_loss(p, l, reduction="sum"), p, l)
case("huber", lambda p, l: per(F.huber_loss(p, l, reduction="none", delta=0.7)), p, l)
case("huber mean", lambda p, l: F.huber_loss(p, l, delta=1.5), p, l)
case("smooth l1", lambda p, l: per(F.smooth_l1_loss(p, l, reduction="none", beta=0.7)), p, l)
count = torch.tensor([[0, 1, 3], [2, 0, 7], [1, 1, 0], [5, 2, 4]]).double()
case("poisson", lambda p, l: per(F.poisson_nll_loss(p, l, reduction="none")), p, count)
case("poisson full mean", lambda p, l: F.poisson_nll_loss(p, l, full=True), p, count)
case("poisson rates", lambda p, l: F.poisson_nll_loss(p, l, log_input=False, reduction="sum"), p.abs() + 0.1, count)
case("gaussian", lambda p, l, v: per(F.gaussian_nll_loss(p, l, v, reduction="none")), p, l, draw(4, 3).abs() + 0.1)
case("gaussian full mean", lambda p, l, v: F.gaussian_nll_loss(p, l, v, full=True), p, l, draw(4, 3).abs() + 0.1)

x, y = draw(5, 4), torch.tensor([2, 0, 3, 3, 1])
w = torch.tensor([0.5, 1.0, 2.0, 3.0]).double()
soft = F.softmax(draw(5, 4), 1)
case("ce", lambda x: F.cross_entropy(x, y, reduction="none"), x)
case("ce mean", lambda x: F.cross_entropy(x, y), x)
case("ce weights mean", lambda x: F.cross_entropy(x, y, weight=w), x)
case("ce weights sum", lambda x: F.cross_entropy(x, y, weight=w, reduction="sum"), x)
case("ce ignore mean", lambda x: F.cross_entropy(x, y, ignore_index=3), x)
case("ce ignore weights", lambda x: F.cross_entropy(x, y, ignore_index=3, weight=w), x)
case("ce smooth", lambda x: F.cross_entropy(x, y, label_smoothing=0.1, reduction="none"), x)
case("ce smooth all", lambda x: F.cross_entropy(x, y, label_smoothing=0.1, weight=w, ignore_index=3), x)
case("ce probabilities", lambda x, s: F.cross_entropy(x, s, reduction="none"), x, soft)
case("ce probabilities smooth", lambda x, s: F.cross_entropy(x, s, label_smoothing=0.2, weight=w), x, soft)
x3, y3 = draw(3, 4, 5), torch.tensor([[0, 1, 2, 3, 0], [1, 1, 1, 1, 1], [3, 2, 1, 0, 3]])
case("ce axis", lambda x: per(F.cross_entropy(x, y3, reduction="none")), x3)
case("ce axis mean", lambda x: F.cross_entropy(x, y3, weight=w, label_smoothing=0.05), x3)
case("ce large", lambda x: F.cross_entropy(x, y, reduction="none"), 1e4 * x)
case("nll", lambda x: F.nll_loss(x, y, reduction="none"), F.log_softmax(x, 1))
case("nll weights mean", lambda x: F.nll_loss(x, y, weight=w), F.log_softmax(x, 1))
sw = torch.tensor([1.0, 0.0, 2.0, 0.5, 3.0]).double()
case("ce sample weights", lambda x: F.cross_entropy(x, y, reduction="none") * sw, x)
mask = torch.tensor([[1, 1, 0, 0, 0], [1, 1, 1, 1, 1], [0, 0, 0, 0, 0]]).double()
case("ce masked 9.7", lambda x: (F.cross_entropy(x, y3, reduction="none") * mask).mean(1), x3)
case("ce mask", lambda x: (F.cross_entropy(x, y3, reduction="none") * mask).sum(1) / mask.sum(1).clamp(min=1), x3)
case("ce mask mean", lambda x: (F.cross_entropy(x, y3, reduction="none") * mask).sum() / mask.sum(), x3)

z = torch.tensor([[0, 1, 1], [1, 0, 0], [0.3, 0.9, 0], [1, 1, 0]]).double()
case("bce", lambda p, z: per(F.binary_cross_entropy_with_logits(p, z, reduction="none")), p, z)
case("bce pos", lambda p, z: F.binary_cross_entropy_with_logits(p, z, pos_weight=torch.tensor([1.0, 2.0, 0.5]).double()), p, z)
case("bce large", lambda p, z: per(F.binary_cross_entropy_with_logits(p, z, reduction="none")), 1e4 * p, z)
case("bce probabilities", lambda p, z: F.binary_cross_entropy(p, z, reduction="sum"), torch.sigmoid(p), z)
q = torch.sigmoid(p)


def focal(p, z, alpha=0.25, gamma=2):
    ce = F.binary_cross_entropy_with_logits(p, z, reduction="none")
    q = torch.sigmoid(p)
    right = q * z + (1 - q) * (1 - z)
    return (alpha * z + (1 - alpha) * (1 - z)) * (1 - right) ** gamma * ce


hard = torch.tensor([[0, 1, 1], [1, 0, 0], [0, 1, 0], [1, 1, 0]]).double()
case("focal", lambda p: per(focal(p, hard)), p)
case("kl", lambda x, s: per(F.kl_div(x, s, reduction="none")), F.log_softmax(x, 1), soft)
case("kl batchmean", lambda x, s: F.kl_div(x, s, reduction="batchmean"), F.log_softmax(x, 1), soft)
case("kl logits", lambda x, s: per(F.kl_div(F.log_softmax(x, 1), s, reduction="none")), x, soft)

sign = torch.tensor([[1, -1, 1], [-1, -1, 1], [1, 1, 1], [-1, 1, -1]]).double()
case("hinge", lambda p: per((1 - p * sign).clamp(min=0)), p)
case("squared hinge", lambda p: per((0.5 - p * sign).clamp(min=0) ** 2), p)
case("logistic", lambda p: per(F.soft_margin_loss(p, sign, reduction="none")), p)
a, b, c = draw(5, 4), draw(5, 4), draw(5, 4)
case("triplet", lambda a, b, c: (((a - b) ** 2).sum(1) - ((a - c) ** 2).sum(1) + 1).clamp(min=0), a, b, c)
case("triplet margin", lambda a, b, c: F.triplet_margin_loss(a, b, c, margin=0.5, reduction="none"), a, b, c)
s1 = torch.tensor([1, -1, -1, 1, -1]).double()
case("cosine", lambda a, b: F.cosine_embedding_loss(a, b, s1, margin=0.1, reduction="none"), a, b)
case("ranking", lambda a, b: F.margin_ranking_loss(a, b, s1, margin=0.3, reduction="none"), a[:, 0], b[:, 0])
case("bpr", lambda a, b: -F.logsigmoid(a - b), a[:, 0], b[:, 0])

t = draw(3, 7, 5)  # n, steps, classes
labels = torch.tensor([[1, 2, 2], [3, 0, 0], [4, 1, 0]])
case("ctc", lambda t: F.ctc_loss(F.log_softmax(t, 2).transpose(0, 1), labels, (7, 4, 6), (3, 1, 2), blank=0, reduction="none"), t)
case("ctc mean", lambda t: F.ctc_loss(F.log_softmax(t, 2).transpose(0, 1), labels, (7, 4, 6), (3, 1, 2), blank=0), t)
last = torch.tensor([[1, 2, 2], [3, 0, 0], [0, 1, 0]])
case("ctc last", lambda t: F.ctc_loss(F.log_softmax(t, 2).transpose(0, 1), last, (7, 7, 7), (3, 1, 2), blank=4, reduction="none"), t)

json.dump(out, open("nn/testdata/losses.json", "w"), separators=(",", ":"))
