#!/usr/bin/env python3
"""Writes nn/testdata/torch.json.gz: what the layers of torch.nn compute, values and gradients, in float64.

Wants PyTorch 1.13 or later. Run from the root of the repository:

    python3 tools/oracle/layers.py

The name of a case says which layer of package nn it is for; operands: x, then the parameters in the order of nn.Parameters.
"""
import numpy as np
import torch
import torch.nn.functional as F

from cases import differentiable, normal, write

corners = np.array([[-3.0, -1, -0.5, 0, 0.5, 1], [3, 6, -20, 20, 21, -6]])


# PyTorch keeps a constant of these in float32.
coarse = dict(hardsigmoid=dict(rtol=[3e-7, 3e-5]), celu=dict(rtol=[3e-7, 3e-5]))


def activation(name, module, *shapes):
    for x in shapes or ((2, 5, 3), (7,)):
        differentiable(name, module, normal(*x), **coarse.get(name, {}))
    if not shapes:
        differentiable(name, module, corners, **coarse.get(name, {}))


nn = torch.nn
for name, module in dict(
        relu=nn.ReLU(), sigmoid=nn.Sigmoid(), tanh=nn.Tanh(), gelu=nn.GELU(), gelu_tanh=nn.GELU("tanh"), silu=nn.SiLU(),
        mish=nn.Mish(), selu=nn.SELU(), logsigmoid=nn.LogSigmoid(), softsign=nn.Softsign(), tanhshrink=nn.Tanhshrink(),
        relu6=nn.ReLU6(), hardsigmoid=nn.Hardsigmoid(), hardswish=nn.Hardswish(), leaky_relu=nn.LeakyReLU(0.1), elu=nn.ELU(0.7),
        celu=nn.CELU(1.3), swish=lambda x: x * (1.7 * x).sigmoid(), softplus=nn.Softplus(1.5), hardtanh=nn.Hardtanh(-0.5, 2),
        hardshrink=nn.Hardshrink(0.5), softshrink=nn.Softshrink(0.5), threshold=nn.Threshold(0.5, -2), rrelu=nn.RReLU(0.1, 0.3).eval()).items():
    activation(name, module)
for axis, name in ((-1, "last"), (1, "1")):
    activation("softmax " + name, nn.Softmax(axis), (3, 4), (2, 3, 4))
    activation("log_softmax " + name, nn.LogSoftmax(axis), (3, 4), (2, 3, 4))
    activation("softmin " + name, nn.Softmin(axis), (3, 4), (2, 3, 4))
    activation("glu " + name, nn.GLU(axis), (3, 4), (2, 4, 6))
for x in ((2, 3), (2, 3, 4)):
    differentiable("prelu", F.prelu, normal(*x), normal(1))
    differentiable("prelu channels", F.prelu, normal(*x), normal(3))

write("nn/testdata/torch.json.gz")
