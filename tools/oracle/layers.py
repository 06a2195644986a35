#!/usr/bin/env python3
"""Writes nn/testdata/activations.json.gz and others: what the layers of torch.nn compute, values and gradients, in float64.

Wants PyTorch 1.13 or later. Run from the root of the repository:

    python3 tools/oracle/layers.py

The name of a case says which layer of package nn it is for; operands: x, then the parameters in the order of nn.Parameters.
"""
import numpy as np
import torch
import torch.nn.functional as F

from cases import differentiable, normal, positive, write

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

write("nn/testdata/activations.json.gz")

# convolutions: x, weight, bias
uneven = {1: dict(stride=2, padding=1), 2: dict(stride=(2, 1), padding=(1, 2)), 3: dict(stride=(2, 1, 1), padding=(1, 0, 1))}
for dims, conv, back in ((1, F.conv1d, F.conv_transpose1d), (2, F.conv2d, F.conv_transpose2d), (3, F.conv3d, F.conv_transpose3d)):
    x = (5, 6, 4)[:dims] if dims < 3 else (4, 5, 3)
    k = (3, 2, 2)[:dims]
    cube = (2,) * dims
    n = "%d" % dims
    differentiable("conv%s" % n, conv, normal(2, 3, *x), normal(4, 3, *k), normal(4))
    differentiable("conv%s uneven" % n, lambda *a: conv(*a, **uneven[dims]), normal(2, 2, *x), normal(3, 2, *k), normal(3))
    differentiable("conv%s groups" % n, lambda *a: conv(*a, groups=2, dilation=2), normal(2, 4, *x), normal(6, 2, *cube))
    differentiable("conv%s gelu" % n, lambda *a: F.gelu(conv(*a, padding=1)), normal(1, 2, *x), normal(2, 2, *cube), normal(2))
    differentiable("transpose%s" % n, back, normal(2, 3, *x), normal(3, 4, *k), normal(4))
    differentiable("transpose%s uneven" % n, lambda *a: back(*a, **uneven[dims], output_padding=(1, 0, 0)[:dims]), normal(2, 2, *x), normal(2, 3, *k), normal(3))
    differentiable("transpose%s groups" % n, lambda *a: back(*a, groups=2, dilation=2), normal(2, 4, *x), normal(4, 3, *cube))

write("nn/testdata/convolutions.json.gz")

# pooling
for dims, x in ((1, (2, 3, 9)), (2, (2, 2, 7, 8)), (3, (1, 2, 6, 5, 7))):
    n = "%d" % dims
    f = {k: getattr(F, "%s_pool%dd" % (k, dims)) for k in ("max", "avg", "adaptive_max", "adaptive_avg")}
    ones = (1,) * dims
    differentiable("max pool" + n, lambda x: f["max"](x, 3, 2, 1), normal(*x))
    differentiable("avg pool" + n, lambda x: f["avg"](x, 3, 2, 1, True, False), normal(*x))
    differentiable("adaptive max" + n, lambda x: f["adaptive_max"](x, (3, 4, 2)[:dims]), normal(*x))
    differentiable("adaptive avg" + n, lambda x: f["adaptive_avg"](x, (3, 4, 2)[:dims]), normal(*x))
    differentiable("global max" + n, lambda x: f["adaptive_max"](x, ones), normal(*x))
    differentiable("global avg" + n, lambda x: f["adaptive_avg"](x, ones), normal(*x))
    # PyTorch 1.13 has no lp_pool3d: its formula
    differentiable("lp" + n, lambda x: (f["avg"](x ** 3, 2, 2) * 2 ** dims) ** (1 / 3), positive(*x))

differentiable("lp zeros", lambda x: F.lp_pool1d(x.relu(), 2, 2), np.array([[[-1.0, -2, 3, 4, -5, 6, -7, -8], [0.5, 0, -1, 0, 2, 3, 0, 0]]]))

# batch normalisation of 0 to 3 axes after the channels, in training
for x in ((5, 3), (4, 3, 6), (2, 3, 3, 4), (2, 3, 2, 3, 2)):
    differentiable("batch norm", lambda x, g, b: F.batch_norm(x, None, None, g, b, True, eps=1e-5), normal(*x), normal(3), normal(3))

write("nn/testdata/pooling.json.gz")

# layers that move and combine
for name, f, *xs in (
        ("flatten", lambda x: x.flatten(2, 3), (2, 3, 4, 2, 2), (1, 2, 3, 2)), ("flatten head", lambda x: x.flatten(0, -2), (2, 3, 4)),
        ("reshape", lambda x: x.reshape(x.shape[0], 3, -1), (2, 12), (3, 6, 2)), ("unflatten", lambda x: x.unflatten(1, (3, -1)), (2, 12), (2, 6, 3)),
        ("pixel shuffle", nn.PixelShuffle(2), (2, 8, 3, 2)), ("pixel unshuffle", nn.PixelUnshuffle(3), (1, 2, 6, 3)),
        ("up", nn.Upsample(scale_factor=2), (1, 2, 3), (1, 2, 3, 4), (1, 1, 2, 3, 2)),
        ("up exact", nn.Upsample(scale_factor=1.5, mode="nearest-exact"), (1, 2, 5), (1, 1, 4, 3)),
        ("up linear", nn.Upsample(scale_factor=1.5, mode="linear"), (1, 2, 5)),
        ("up bilinear", nn.Upsample(scale_factor=2, mode="bilinear", align_corners=True), (1, 2, 3, 4)),
        ("up trilinear", nn.Upsample(scale_factor=2, mode="trilinear"), (1, 1, 2, 3, 2)),
        ("up to", nn.Upsample(size=(5, 7), mode="bicubic"), (1, 2, 3, 4)),
        ("zero pad", nn.ZeroPad2d((2, 2, 1, 1)), (1, 2, 2, 3)), ("reflection pad", nn.ReflectionPad2d(2), (1, 2, 3, 4)),
        ("replication pad", nn.ReplicationPad2d((0, 0, 3, 3)), (1, 2, 2, 3)), ("constant pad", nn.ConstantPad1d((1, -1), 2.5), (2, 3, 4))):
    for x in xs:
        differentiable(name, f, normal(*x))
differentiable("residual", lambda x, w, b: (x @ w.T + b).relu() + x, normal(3, 4), normal(4, 4), normal(4))
differentiable("residual projection", lambda x, w, b, v: (x @ w.T + b) + x @ v.T, normal(3, 4), normal(2, 4), normal(2), normal(2, 4))
differentiable("concat", lambda x, w, b, v: torch.cat([F.conv2d(x, w, b), x, F.conv2d(x, v)], 1), normal(2, 2, 3, 3), normal(2, 2, 1, 1), normal(2), normal(1, 2, 1, 1))
for x, y in (((3, 2), (3, 4)), ((2, 3, 2), (2, 3, 4)), ((2,), (4,))):
    differentiable("bilinear", F.bilinear, normal(*x), normal(*y), normal(5, 2, 4), normal(5))
    differentiable("bilinear softsign", lambda *a: F.softsign(F.bilinear(*a)), normal(*x), normal(*y), normal(1, 2, 4))

write("nn/testdata/shapes.json.gz")
