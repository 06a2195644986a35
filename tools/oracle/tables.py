#!/usr/bin/env python3
"""Writes data/testdata/tables.json: shapes, sums of columns and counts of classes of scikit-learn's small data sets.

Run from the root of the repository:

    python3 tools/oracle/tables.py
"""
import json

import numpy as np
from sklearn import datasets

out = {}
for name, load in (("iris", datasets.load_iris), ("wine", datasets.load_wine), ("breast cancer", datasets.load_breast_cancer),
                   ("diabetes", lambda: datasets.load_diabetes(scaled=False))):
    d = load()
    x, y = d.data, d.target
    entry = {"shape": list(x.shape), "sums": x.sum(0).tolist(), "weighted": (x * np.arange(1, len(x) + 1)[:, None]).sum(0).tolist(),
             "y": float((y * np.arange(1, len(y) + 1)).sum()), "classes": [str(c) for c in getattr(d, "target_names", [])]}
    out[name] = entry
with open("data/testdata/tables.json", "w") as f:
    json.dump(out, f, indent=1)
    f.write("\n")
