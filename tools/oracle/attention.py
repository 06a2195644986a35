#!/usr/bin/env python3
"""Writes the oracle of attention, tensor/nnop/testdata/attention.json.gz: softmax(scale q k^T + mask) v in PyTorch.

Wants PyTorch 1.13 or later. Run from the root of the repository:

    python3 tools/oracle/attention.py

The operands are q, k, v, then the mask and the lengths where "kw" names them.
"""
import numpy as np
import torch

from cases import differentiable, integers, normal, write


def attention(scale, causal, mask, lengths):
    def f(q, k, v, *more):
        more = list(more)
        s = q.matmul(k.transpose(-1, -2)) * (scale or q.shape[-1] ** -0.5)
        seen = torch.ones(s.shape, dtype=torch.bool)
        if mask:
            m = more.pop(0)
            if m.dtype == torch.bool:
                seen = seen & m
            else:
                s = s + m
        if lengths:
            n = more.pop(0)
            n = n.reshape([n.shape[0]] + [1] * (s.ndim - 1 - n.ndim) + list(n.shape[1:]))
            seen = seen & (torch.arange(s.shape[-1]) < n[..., None])
        if causal:
            seen = seen & torch.ones(s.shape, dtype=torch.bool).tril()
        w = s.masked_fill(~seen, -np.inf).softmax(-1).masked_fill(~seen, 0)
        return w.matmul(v)

    return f


def case(lead, lq, lk, d, dv, scale=0.0, causal=False, mask=None, lengths=None):
    ins = [normal(*lead, lq, d), normal(*lead, lk, d), normal(*lead, lk, dv)]
    if mask is not None:
        ins.append(mask)
    if lengths is not None:
        ins.append(lengths)
    differentiable("attention", attention(scale, causal, mask is not None, lengths is not None), *ins,
                   kw=dict(scale=scale, causal=causal, mask=mask is not None, lengths=lengths is not None),
                   rtol=[1e-11, 2e-4])


case([], 4, 5, 3, 2)
case([2], 1, 1, 1, 1)
case([3], 7, 9, 8, 5, scale=0.3)
case([2, 2], 10, 10, 8, 8)
case([2, 2], 10, 10, 8, 8, causal=True)
case([2], 6, 9, 4, 3, causal=True)
case([2], 9, 6, 4, 3, causal=True)
case([3], 4, 7, 5, 5, lengths=np.array([1, 7, 3], np.int32))
case([3, 2], 4, 7, 5, 5, lengths=np.array([2, 5, 6]))
case([2, 2], 3, 6, 5, 4, lengths=integers(1, 7, 2, 3), causal=False)
case([2, 2], 6, 6, 5, 4, lengths=integers(1, 7, 2, 6), causal=True)
case([2], 5, 6, 4, 4, mask=normal(2, 5, 6))
case([2, 2], 5, 6, 4, 4, mask=normal(5, 6))
case([2, 2], 5, 6, 4, 4, mask=normal(2, 1, 1, 6), causal=True)
case([2], 5, 6, 4, 4, mask=np.arange(30).reshape(5, 6) % 3 != 1)
case([2, 3], 5, 6, 4, 4, mask=(np.arange(60).reshape(2, 1, 5, 6) % 7 < 4), lengths=np.array([6, 5], np.int32))
case([2], 5, 6, 4, 4, mask=np.where(np.arange(30).reshape(5, 6) % 4 == 2, -1e6, 0.0))
case([1], 60, 70, 4, 3, causal=True)
case([1], 53, 130, 3, 4, lengths=np.array([100]))
write("tensor/nnop/testdata/attention.json.gz")
