#!/usr/bin/env python3
"""Writes tensor/nnop/testdata/embedding.json.gz: rows of tables and bags of them with PyTorch, in float64.

Wants PyTorch 1.13 or later. Run from the root of the repository:

    python3 tools/oracle/embedding.py
"""
import torch
import torch.nn.functional as F

from cases import differentiable, integers, normal, write

for shape in [(4,), (3, 2), (2, 3, 2), (), (0,), (40,)]:
    for d in [1, 5, 17]:
        idx = integers(0, 7, *shape)
        differentiable("embedding", lambda i, w: F.embedding(i, w), idx, normal(7, d))
        differentiable("embedding", lambda i, w: F.embedding(i, w, padding_idx=2), idx, normal(7, d), ints=[2])
for mode in ["sum", "mean", "max"]:
    for n, k, d in [(3, 2, 4), (1, 1, 1), (4, 9, 20)]:
        idx = integers(0, 6, n, k)
        differentiable("embedding_bag", lambda i, w: F.embedding_bag(i, w, mode=mode), idx, normal(6, d), name=mode)
    for offsets in [[0], [0, 3], [0, 0, 2, 7, 7], [0, 1, 2, 3, 4, 10]]:
        idx, first = integers(0, 6, 10), torch.tensor(offsets)
        differentiable("embedding_bag", lambda i, w: F.embedding_bag(i, w, first, mode=mode), idx, normal(6, 9),
                       name=mode, ints=offsets)
write("tensor/nnop/testdata/embedding.json.gz")
