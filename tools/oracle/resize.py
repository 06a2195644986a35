#!/usr/bin/env python3
"""Bilinear resizing as PyTorch does it, the oracle of internal/resample and data.Digits.

    python3 tools/oracle/resize.py    # needs torch and scikit-learn (Debian: python3-torch, python3-sklearn)
"""
import json
import pathlib

import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits

root = pathlib.Path(__file__).resolve().parent.parent.parent


def resize(x, oh, ow):
    return F.interpolate(x[None, None], size=(oh, ow), mode="bilinear", align_corners=False)[0, 0]


def numbers(x):
    return [float("%.9g" % v) for v in x.flatten().tolist()]


torch.manual_seed(0)
cases = []
for h, w, oh, ow in [(8, 8, 28, 28), (28, 28, 64, 64), (28, 28, 12, 12), (5, 7, 3, 11), (1, 1, 2, 3), (4, 3, 4, 3), (2, 9, 1, 1)]:
    x = torch.rand(h, w)
    cases.append({"in": [h, w], "out": [oh, ow], "x": numbers(x), "y": numbers(resize(x, oh, ow))})
(root / "internal/resample/testdata").mkdir(parents=True, exist_ok=True)
(root / "internal/resample/testdata/bilinear.json").write_text(json.dumps(cases) + "\n")

digits = load_digits()
rows = []
for i in [0, 1436, 1437, 1796]:
    x = torch.tensor(digits.images[i], dtype=torch.float32) / 16
    rows.append({"row": i, "label": int(digits.target[i]), "image": numbers(resize(x, 28, 28))})
sums = [float(F.interpolate(torch.tensor(digits.images[a:b], dtype=torch.float64)[:, None] / 16, size=(28, 28),
                            mode="bilinear", align_corners=False).sum()) for a, b in [(0, 1437), (1437, 1797)]]
(root / "data/testdata").mkdir(parents=True, exist_ok=True)
(root / "data/testdata/digits.json").write_text(json.dumps({"torch": torch.__version__, "rows": rows, "sums": sums}) + "\n")
