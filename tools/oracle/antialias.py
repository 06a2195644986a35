#!/usr/bin/env python3
"""Writes the oracle of vision.ResizeSmooth, what PyTorch (1.13) makes with antialias=True, to vision/testdata/antialias.json.

    python3 tools/oracle/antialias.py
"""
import json
import pathlib

import torch

torch.manual_seed(0)
cases = []
for h, w, c, oh, ow in [(7, 5, 1, 3, 2), (13, 9, 3, 4, 9), (4, 6, 2, 9, 3), (5, 5, 1, 5, 5), (31, 17, 1, 2, 1), (6, 4, 3, 11, 7)]:
    x = torch.rand(h, w, c)
    y = torch.nn.functional.interpolate(x.permute(2, 0, 1)[None].double(), (oh, ow), mode="bilinear", antialias=True)[0].permute(1, 2, 0)
    cases.append({"x": x.flatten().tolist(), "shape": [h, w, c], "y": [round(v, 7) for v in y.flatten().tolist()], "size": [oh, ow]})
target = pathlib.Path(__file__).resolve().parent.parent.parent / "vision/testdata"
target.mkdir(parents=True, exist_ok=True)
(target / "antialias.json").write_text(json.dumps(cases, separators=(",", ":")) + "\n")
