#!/usr/bin/env python3
"""Writes tensor/nnop/testdata/conv.json.gz with PyTorch: convolutions with activations, transposed, and of one and
three dimensions.

Wants PyTorch 1.13 or later. Run from the root of the repository:

    python3 tools/oracle/conv.py

"ints" holds stride, padding, dilation and (transposed) output padding, one number a dimension each, and the groups.
"""
import torch.nn.functional as F

from cases import differentiable, normal, write


def emit(op, f, x, w, out, stride, pad, dilation, more=None, groups=1, bias=True, **attrs):
    spec = [stride, pad, dilation] + ([more] if more else [])
    ins = [normal(*x), normal(*w)] + ([normal(out)] if bias else [])
    differentiable(op, lambda x, w, b=None: f(x, w, b), *ins, ints=[v for s in spec for v in s] + [groups], **attrs)


def conv(x, w, stride, pad, dilation, groups=1, bias=True):
    n = len(x) - 2
    f = [F.conv1d, F.conv2d, F.conv3d][n - 1]
    emit("conv%dd" % n, lambda x, w, b: f(x, w, b, stride, pad, dilation, groups), x, w, w[0], stride, pad, dilation,
         groups=groups, bias=bias)


def transposed(x, w, stride, pad, dilation, more, groups=1, bias=True):
    n = len(x) - 2
    f = [F.conv_transpose1d, F.conv_transpose2d, F.conv_transpose3d][n - 1]
    emit("conv_transpose%dd" % n, lambda x, w, b: f(x, w, b, stride, pad, more, groups, dilation), x, w, w[1] * groups,
         stride, pad, dilation, more, groups, bias)


for name, act in [("relu", lambda y: y.relu()), ("sigmoid", lambda y: y.sigmoid()), ("tanh", lambda y: y.tanh())]:
    for bias in (True, False):
        emit("conv2d_act", lambda x, w, b: act(F.conv2d(x, w, b, (1, 2), (1, 0))), (2, 3, 5, 6), (4, 3, 3, 2), 4, (1, 2),
             (1, 0), (1, 1), bias=bias, name=name)

conv((2, 3, 9), (4, 3, 3), (1,), (0,), (1,))
conv((2, 4, 11), (6, 2, 3), (2,), (2,), (2,), groups=2)
conv((1, 1, 5), (1, 1, 2), (1,), (0,), (1,), bias=False)
conv((2, 2, 4, 5, 6), (3, 2, 2, 3, 2), (1, 1, 1), (0, 0, 0), (1, 1, 1))
conv((1, 4, 5, 6, 5), (4, 2, 3, 2, 3), (2, 1, 2), (1, 0, 2), (1, 2, 1), groups=2)
conv((1, 2, 6, 4, 4), (2, 2, 2, 3, 3), (1, 2, 1), (2, 1, 1), (3, 1, 1), bias=False)
transposed((2, 3, 4), (3, 2, 3), (2,), (1,), (1,), (1,))
transposed((1, 4, 5), (4, 1, 2), (1,), (0,), (2,), (0,), groups=2, bias=False)
transposed((1, 1, 2, 2), (1, 1, 2, 2), (1, 1), (0, 0), (1, 1), (0, 0), bias=False)
transposed((2, 3, 4, 5), (3, 4, 3, 3), (2, 2), (1, 1), (1, 1), (1, 0))
transposed((2, 4, 3, 4), (4, 2, 2, 3), (3, 1), (0, 2), (2, 2), (2, 0), groups=2)
transposed((1, 4, 4, 4), (4, 1, 4, 4), (2, 2), (1, 1), (1, 1), (0, 0), groups=4)
transposed((2, 2, 3, 2, 3), (2, 3, 2, 3, 2), (1, 1, 1), (0, 0, 0), (1, 1, 1), (0, 0, 0))
transposed((1, 4, 3, 3, 2), (4, 1, 3, 2, 3), (2, 1, 2), (1, 0, 1), (1, 2, 1), (1, 0, 0), groups=2)
transposed((1, 2, 4, 2, 2), (2, 2, 2, 2, 2), (1, 2, 2), (1, 0, 0), (2, 1, 1), (0, 1, 1), bias=False)

write("tensor/nnop/testdata/conv.json.gz")
