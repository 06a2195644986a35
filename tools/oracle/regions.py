#!/usr/bin/env python3
"""Writes tensor/nnop/testdata/regions.json.gz: interpolation by PyTorch, regions of interest by torchvision, in float64.

Wants PyTorch 1.13 and torchvision 0.14 or later. Run from the root of the repository:

    python3 tools/oracle/regions.py
"""
import numpy as np
import torch
import torch.nn.functional as F
from torchvision.ops import roi_align, roi_pool

from cases import differentiable, normal, write

# interpolate: "name" is the mode, "keep" aligned corners, "ints" the lengths, "floats" the factor
modes = {1: ("nearest", "nearest-exact", "linear"), 2: ("nearest", "nearest-exact", "bilinear", "bicubic"), 3: ("nearest", "trilinear")}
shapes = {1: [(7, 3), (4, 9), (5, 5), (3, 1)], 2: [((4, 5), (7, 10)), ((6, 5), (3, 2)), ((3, 4), (1, 4))], 3: [((2, 3, 4), (4, 5, 3))]}
factors = [(5, 1.5), (4, 2.0), (7, 0.4), (3, 2.7)]


def interpolate(x, mode, align, lengths=None, factor=None):
    more = dict(align_corners=align) if "nearest" not in mode else {}
    differentiable("interpolate", lambda x: F.interpolate(x, size=lengths, scale_factor=factor, mode=mode, **more), x,
                   name=mode, keep=align, ints=list(F.interpolate(torch.tensor(x), size=lengths, scale_factor=factor, mode=mode, **more).shape[2:]),
                   floats=[factor or 0])


for dims in (1, 2, 3):
    for mode in modes[dims]:
        for align in (False,) if "nearest" in mode else (False, True):
            for a, b in shapes[dims]:
                a, b = (a, b) if dims > 1 else ((a,), (b,))
                interpolate(normal(1, 2, *a), mode, align, lengths=b)
            if dims < 3:
                for n, f in factors:
                    interpolate(normal(1, 1, *((n,) * dims)), mode, align, factor=f)

# roi_align, roi_pool: "ints" the result and the samples, "floats" the scale, "keep" aligned
boxes = np.array([[0, 0.3, 0.2, 3.7, 4.1], [1, 1, 1, 2, 2], [1, -3, 2.5, 9, 20], [0, 30, 30, 40, 40], [1, 2.2, 1.4, 2.3, 1.6], [0, 3, 3, 1, 1]])
for shape, out, scale, samples in (((2, 2, 6, 5), (2, 2), 1.0, 2), ((2, 2, 6, 5), (3, 2), 1.0, 0), ((2, 1, 4, 7), (2, 3), 0.5, 3), ((2, 3, 8, 8), (1, 1), 1.6, 0)):
    for aligned in (False, True):
        differentiable("roi_align", lambda x, b: roi_align(x, b.detach(), out, scale, samples or -1, aligned), normal(*shape), boxes,
                       ints=list(out) + [samples], floats=[scale], keep=aligned)
    differentiable("roi_pool", lambda x, b: roi_pool(x, b.detach(), out, scale), normal(*shape), boxes, ints=list(out), floats=[scale])

write("tensor/nnop/testdata/regions.json.gz")
