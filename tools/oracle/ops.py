#!/usr/bin/env python3
"""Writes the operator oracle: what PyTorch and NumPy compute for the tensor's
operations, values and gradients, in float64.

Wants PyTorch 1.13 or later. Run from the root of the repository:

    python3 tools/oracle/ops.py

It writes tensor/testdata/ops.json.gz and tensor/nnop/testdata/ops.json.gz.
"""
import numpy as np
import torch
import torch.nn.functional as F

from cases import differentiable, integers, normal, plain, positive, rng, view, write

BROADCAST = [((3, 4), (3, 4)), ((3, 4), (4,)), ((3, 1), (1, 4)), ((), (2, 3)), ((2, 3), ()), ((2, 1, 3), (5, 1)),
             ((1,), (4,)), ((2, 3, 4), (3, 1)), ((1, 1), (2, 2, 2)), ((), ()), ((35, 3), (3,)), ((9, 1), (1, 20)),
             ((0, 3), (3,))]

# Elementwise, two operands
BINARY = dict(add=torch.add, sub=torch.sub, mul=torch.mul, div=torch.div, maximum=torch.maximum,
              minimum=torch.minimum)
for a, b in BROADCAST:
    for op, f in BINARY.items():
        differentiable(op, f, normal(*a), normal(*b))
    differentiable("pow", torch.pow, positive(*a), normal(*b))
    for op, f in dict(eq=np.equal, ne=np.not_equal, lt=np.less, le=np.less_equal, gt=np.greater,
                      ge=np.greater_equal).items():
        plain(op, f, integers(-2, 2, *a).astype(float), integers(-2, 2, *b).astype(float))
for op, f in dict(add=np.add, sub=np.subtract, mul=np.multiply, maximum=np.maximum, minimum=np.minimum, eq=np.equal,
                  lt=np.less, ge=np.greater_equal).items():
    for dtype in (np.int64, np.int32, np.uint8):
        x, y = integers(0, 9, 4, 5).astype(dtype), integers(0, 9, 5).astype(dtype)
        plain(op, f, x + dtype(9) if op == "sub" else x, y)
special = np.array([np.nan, np.inf, -np.inf, -0.0, 0.0, 1.0, -2.5])
for op, f in dict(add=np.add, sub=np.subtract, mul=np.multiply, div=np.divide, maximum=np.maximum,
                  minimum=np.minimum, eq=np.equal, ne=np.not_equal, lt=np.less, le=np.less_equal, gt=np.greater,
                  ge=np.greater_equal, pow=np.power).items():
    with np.errstate(all="ignore"):
        plain(op, f, special[:, None], special)

# A number as the second operand
for shape in [(3, 4), (), (5,), (2, 3, 2), (0,)]:
    for v in (2.0, -0.5, 1.0):
        for op, f in BINARY.items():
            differentiable(op + "_scalar", lambda x: f(x, torch.tensor(v, dtype=torch.float64)), normal(*shape),
                           floats=[v])
        for op, f in dict(eq=np.equal, ne=np.not_equal, lt=np.less, le=np.less_equal, gt=np.greater,
                          ge=np.greater_equal).items():
            if op + str(v) not in ("eq-0.5", "ne-0.5"):
                plain(op + "_scalar", lambda x: f(x, v), integers(-2, 3, *shape).astype(float), floats=[v])
    for v in (2.0, 3.0, -1.0, 0.0, 1.0):
        differentiable("pow_scalar", lambda x: torch.pow(x, v), normal(*shape), floats=[v])
    for v in (0.5, -0.5, 1.7):
        differentiable("pow_scalar", lambda x: torch.pow(x, v), positive(*shape), floats=[v])

# Elementwise, one operand
UNARY = dict(neg=torch.neg, abs=torch.abs, sign=torch.sign, exp=torch.exp, square=torch.square, sin=torch.sin,
             cos=torch.cos, tanh=torch.tanh, sigmoid=torch.sigmoid, relu=torch.relu)
for shape in [(3, 4), (), (1,), (7, 13), (2, 3, 4), (0, 2)]:
    for op, f in UNARY.items():
        differentiable(op, f, normal(*shape))
    differentiable("log", torch.log, positive(*shape))
    differentiable("sqrt", torch.sqrt, positive(*shape))
wide = np.concatenate([[-1000, -100, -20, 20, 100, 700], np.linspace(-12, 12, 97)])
for op in ("exp", "tanh", "sigmoid", "relu", "sin", "cos"):
    differentiable(op, UNARY[op], wide if op != "exp" else wide[1:-1])
differentiable("log", torch.log, np.exp(np.linspace(-50, 50, 99)))
with np.errstate(all="ignore"):
    for op, f in dict(neg=np.negative, abs=np.abs, exp=np.exp, log=np.log, sqrt=np.sqrt, square=np.square,
                      tanh=np.tanh, relu=lambda x: np.where(np.isnan(x), x, np.maximum(x, 0))).items():
        plain(op, f, special)
    plain("sigmoid", lambda x: 1 / (1 + np.exp(-x)), special)

# Reductions
AXES = {(): [[]], (4,): [[], [0], [-1]], (3, 4): [[], [0], [1], [-1], [0, 1], [-2]], (2, 3, 4): [[], [0], [1], [2],
        [0, 2], [-1, 0], [1, 2], [0, 1, 2]], (2, 1, 3, 2): [[1], [0, -1], [1, 2]], (3, 70): [[], [0], [1]],
        (70, 3): [[0], [1]]}


def many(f):
    """f over several axes, one after the other, the last first."""
    def g(x, axes, keep):
        axes = sorted(a % x.dim() for a in axes) if axes else list(range(x.dim()))
        for a in reversed(axes):
            x = f(x, a, keep)
        return x
    return g


def all_axes(f):
    def g(x, axes, keep):
        return f(x, dim=tuple(axes) if axes else tuple(range(x.dim())), keepdim=keep) if x.dim() else x * 1
    return g


REDUCE = dict(sum=all_axes(torch.sum), mean=all_axes(torch.mean), max=all_axes(torch.amax),
              min=all_axes(torch.amin), prod=many(lambda x, a, k: torch.prod(x, a, keepdim=k)))
for shape, lists in AXES.items():
    for axes in lists:
        for op, f in REDUCE.items():
            if op == "prod" and np.prod(shape) > 100:
                continue
            for keep in (False, True):
                if keep and op == "prod":
                    continue
                x = normal(*shape)
                differentiable(op, lambda x: f(x, axes, keep) if shape else x * 1, x, axes=axes, keep=keep)
differentiable("prod", lambda x: torch.prod(x, 1), np.array([[1.5, 0, 2], [3, 4, 5], [0, 0, 1]]), axes=[1], keep=False)
for axes in ([], [0], [1]):
    t = tuple(axes) or None
    plain("sum", lambda x: x.sum(t), integers(-9, 9, 3, 5), axes=axes, keep=False)
    plain("max", lambda x: x.max(t), integers(-9, 9, 3, 5), axes=axes, keep=False)
    plain("min", lambda x: x.min(t), integers(-9, 9, 3, 5), axes=axes, keep=False)
plain("sum", lambda x: x.sum(0), np.zeros((0, 3)), axes=[0], keep=False)
plain("prod", lambda x: x.prod(0), np.zeros((0, 3)), axes=[0], keep=False)
holes = np.array([[1, np.nan, 3], [4, 5, 6], [np.inf, -np.inf, 2]])
with np.errstate(all="ignore"):
    for op, f in dict(sum=np.sum, mean=np.mean, max=np.max, min=np.min, prod=np.prod).items():
        plain(op, lambda x: f(x, 1), holes, axes=[1], keep=False)
for op, f in dict(argmax=np.argmax, argmin=np.argmin).items():
    for shape, axis in [((7,), 0), ((3, 4), 0), ((3, 4), 1), ((3, 4), -1), ((2, 3, 4), 1), ((4, 100), 1)]:
        plain(op, lambda x: f(x, axis), integers(-5, 5, *shape).astype(float), axes=[axis])
    plain(op, lambda x: f(x, 1), holes, axes=[1])
    plain(op, lambda x: np.asarray(f(x)), normal(3, 4), axes=[])
for shape, axis in [((7,), 0), ((3, 4), 0), ((3, 4), 1), ((2, 3, 4), -2), ((5, 4), -1)]:
    differentiable("cumsum", lambda x: torch.cumsum(x, axis), normal(*shape), axes=[axis])
for shape in [(2,), (3, 4), (2, 3, 2)]:
    differentiable("norm", lambda x: torch.sqrt((x * x).sum()), normal(*shape))

# Products
for a, b in [((5,), (5,)), ((3, 4), (4,)), ((3, 4), (4, 2)), ((1, 1), (1, 1)), ((9, 17), (17, 5))]:
    differentiable("dot", lambda x, y: x @ y, normal(*a), normal(*b))
for a, b in [((3, 4), (4, 2)), ((2, 3, 4), (2, 4, 5)), ((2, 3, 4), (4, 5)), ((5, 1, 2, 3), (4, 3, 2)),
             ((2, 1, 3, 4), (1, 5, 4, 2)), ((20, 33), (33, 18)), ((1, 130), (130, 2)), ((50, 1), (1, 7)),
             ((0, 3), (3, 2)), ((3, 0), (0, 2))]:
    differentiable("matmul", torch.matmul, normal(*a), normal(*b))

# Choice
for shapes in [((3, 4), (3, 4), (3, 4)), ((3, 1), (4,), (3, 4)), ((4,), (), (2, 4))]:
    c = rng.rand(*shapes[0]) < 0.5
    x, y = normal(*shapes[1]), normal(*shapes[2])
    differentiable("where", lambda c, x, y: torch.where(c, x, y), c, x, y)
for axis, shapes in [(0, [(2, 3), (1, 3)]), (1, [(2, 3), (2, 1), (2, 4)]), (-1, [(2, 2, 1), (2, 2, 3)]),
                     (0, [(3,), (2,)]), (0, [(2, 2)]), (1, [(2, 3, 2), (2, 0, 2), (2, 1, 2)])]:
    differentiable("concat", lambda *xs: torch.cat(xs, axis), *[normal(*s) for s in shapes], axes=[axis])
for axis, shape, n in [(0, (2, 3), 2), (1, (2, 3), 3), (-1, (2, 3), 2), (0, (), 3), (2, (2, 3), 1)]:
    differentiable("stack", lambda *xs: torch.stack(xs, axis), *[normal(*shape) for _ in range(n)], axes=[axis])
for shape, idx in [((5, 3), [0, 2, 2, 4]), ((4,), [3, 0, 3]), ((3, 2, 2), [1]), ((5, 3), [[0, 1], [4, 1]]), ((5, 3), [])]:
    differentiable("take", lambda x, i: x[i], normal(*shape), np.array(idx, np.int64))
for shape in [(4, 3), (1, 5), (6, 2)]:
    differentiable("pick", lambda x, i: x[torch.arange(len(i)), i], normal(*shape), integers(0, shape[1], shape[0]))

# Views
for shape, to in [((12,), [3, 4]), ((3, 4), [-1]), ((2, 6), [3, -1]), ((2, 3, 4), [4, 6]), ((), [1, 1]), ((1,), []),
                  ((0, 3), [3, 0])]:
    view("reshape", lambda x: x.reshape(to), normal(*shape), axes=to)
for shape, axes in [((2, 3), []), ((2, 3, 4), []), ((2, 3, 4), [1, 0, 2]), ((2, 3, 4), [-1, 0, 1]), ((4,), [0])]:
    view("transpose", lambda x: x.transpose(axes or None), normal(*shape), axes=axes)
for shape, a, b in [((2, 3), 0, 1), ((2, 3, 4), 0, 2), ((2, 3, 4), -1, 1), ((2, 3), 1, 1)]:
    view("swapaxes", lambda x: x.swapaxes(a, b), normal(*shape), axes=[a, b])
for shape, a in [((3,), 0), ((3,), 1), ((3,), -1), ((2, 3), 1), ((), 0)]:
    view("unsqueeze", lambda x: np.expand_dims(x, a), normal(*shape), axes=[a])
for shape, axes in [((1, 3, 1), []), ((1, 3, 1), [0]), ((1, 3, 1), [-1]), ((1, 3, 1), [0, 2]), ((2, 3), []), ((1,), [])]:
    view("squeeze", lambda x: np.squeeze(x, tuple(axes) or None), normal(*shape), axes=axes)
for shape, to in [((3,), [2, 3]), ((3, 1), [3, 4]), ((1, 1), [2, 5]), ((), [2, 2]), ((2, 1, 3), [4, 2, 5, 3])]:
    view("expand", lambda x: np.broadcast_to(x, to), normal(*shape), axes=to)
for shape in [(2, 3, 4), (5,), (), (1, 0, 2)]:
    view("flatten", np.ravel, normal(*shape))
for shape, a in [((2, 3, 4), 1), ((2, 3, 4), 0), ((2, 3, 4, 2), 2), ((2, 3), 1), ((5,), 0)]:
    view("flatten_from", lambda x: x.reshape(x.shape[:a] + (-1,)), normal(*shape), axes=[a])
for shape, i in [((3,), 1), ((3,), -1), ((3, 4), 0), ((3, 4), -2), ((2, 3, 4), 1)]:
    view("index", lambda x: np.asarray(x[i]), normal(*shape), axes=[i])
for shape, a, start, n in [((5,), 0, 1, 3), ((3, 4), 1, 0, 2), ((3, 4), -1, 3, 1), ((2, 5, 3), 1, 2, 2), ((4, 2), 0, 2, 0)]:
    view("narrow", lambda x: np.take(x, range(start, start + n), a), normal(*shape), axes=[a, start, n])


def cut(ranges):
    """A NumPy index of ["i", k], ["r", from, to, step] with None for an open end."""
    return tuple(r[1] if r[0] == "i" else slice(*r[1:]) for r in ranges)


R, I = (lambda a=None, b=None, step=1: ["r", a, b, step]), (lambda i: ["i", i])
SLICES = [((6,), [R(1, 4)]), ((6,), [R(-3)]), ((6,), [R(None, -1)]), ((6,), [R(None, None, 2)]), ((6,), [R(1, 6, 2)]),
          ((6,), [R(1, 100)]), ((6,), [R(4, 2)]), ((3, 4), [I(1)]), ((3, 4), [I(-1), I(2)]), ((3, 4), [R(0, 2)]),
          ((3, 4), [R(), I(1)]), ((3, 4), [R(), R(1, 3)]), ((3, 4), [R(1), R(None, -1, 2)]), ((2, 3, 4), [R(), I(0)]),
          ((2, 3, 4), [I(1), R(1), I(-2)]), ((2, 3, 4), [R(), R(0, 3, 2), R(1, 4, 2)]), ((3, 4), []), ((7, 5), [R(-5, -1), R(-4, 5)]),
          ((6,), [R(None, None, -1)]), ((6,), [R(-1, 0, -2)]), ((3, 4), [R(None, None, -2), R(2, None, -1)]),
          ((2, 5), [I(0), R(None, 1, -1)])]
for shape, ranges in SLICES:
    view("slice", lambda x: np.asarray(x[cut(ranges)]), normal(*shape), ranges=ranges)


def set_slice(ranges):
    def f(x, v):
        y = x.clone()
        y[cut(ranges)] = v
        return y
    return f


for shape, ranges, v in [((6,), [R(1, 4)], (3,)), ((6,), [R(None, None, 2)], ()), ((3, 4), [I(1)], (4,)),
                         ((3, 4), [R(0, 2)], ()), ((3, 4), [R(), I(2)], (3,)), ((3, 4), [R(), R(1, 3)], (1, 2)),
                         ((2, 3, 4), [R(), I(0), R(1)], (2, 3)), ((3, 4), [R(), R()], (4,)), ((3, 4), [I(2), I(-1)], ())]:
    differentiable("set_slice", set_slice(ranges), normal(*shape), normal(*v), ranges=ranges)

# Types
for source in (np.array([-2.7, -0.5, 0, 0.5, 1.9, 200.2]), np.array([0, 1, -3, 250], np.int64),
               np.array([0, 1, 255], np.uint8), np.array([True, False])):
    for dtype in ("float64", "float32", "int64", "int32", "uint8", "bool"):
        if dtype == "uint8":
            source = np.abs(source)
        plain("astype", lambda x: x.astype(dtype), source, name=dtype, only=["float64"])
differentiable("astype", lambda x: x.float(), normal(3, 2), name="float32", only=["float64"])


write("tensor/testdata/ops.json.gz")

# The operations of neural networks
for shape in [(5,), (3, 4), (2, 3, 5), (1, 1), (3, 70)]:
    differentiable("softmax", lambda x: torch.softmax(x, -1), normal(*shape))
    differentiable("log_softmax", lambda x: torch.log_softmax(x, -1), normal(*shape))
differentiable("softmax", lambda x: torch.softmax(x, -1), normal(3, 4) * 200)
differentiable("log_softmax", lambda x: torch.log_softmax(x, -1), normal(3, 4) * 200)
for shape in [(4, 3), (1, 10), (7, 1), (33, 10)]:
    differentiable("softmax_cross_entropy", lambda x, y: F.cross_entropy(x, y, reduction="none"), normal(*shape),
                   integers(0, shape[1], shape[0]))
differentiable("softmax_cross_entropy", lambda x, y: F.cross_entropy(x, y, reduction="none"), normal(5, 4) * 300,
               integers(0, 4, 5))
for x, w in [((3, 4), (2, 4)), ((1, 5), (3, 5)), ((2, 3, 4), (5, 4)), ((11, 13), (9, 13))]:
    differentiable("linear", F.linear, normal(*x), normal(*w), normal(w[0]))
    differentiable("linear", F.linear, normal(*x), normal(*w))


def conv(x, w, bias=True, stride=(1, 1), pad=(0, 0), dilation=(1, 1), groups=1):
    ins = [normal(*x), normal(*w)] + ([normal(w[0])] if bias else [])
    differentiable("conv2d", lambda x, w, b=None: F.conv2d(x, w, b, stride, pad, dilation, groups), *ins,
                   stride=list(stride), pad=list(pad), dilation=list(dilation), groups=groups)


conv((1, 1, 3, 3), (1, 1, 2, 2))
conv((2, 3, 5, 6), (4, 3, 3, 3), pad=(1, 1))
conv((2, 3, 5, 6), (4, 3, 3, 2), bias=False)
conv((1, 1, 6, 8), (1, 1, 1, 2), bias=False)
conv((2, 1, 8, 8), (2, 1, 3, 5), pad=(0, 1), stride=(3, 4))
conv((1, 2, 9, 9), (3, 2, 3, 3), stride=(2, 2), pad=(1, 1))
conv((1, 2, 9, 8), (2, 2, 3, 3), dilation=(2, 2))
conv((2, 4, 5, 5), (6, 2, 3, 3), groups=2, pad=(1, 1))
conv((2, 4, 5, 5), (4, 1, 3, 3), groups=4)
conv((2, 3, 4, 4), (5, 3, 1, 1))
conv((2, 3, 7, 7), (2, 3, 1, 1), stride=(2, 2))
conv((1, 1, 12, 14), (3, 1, 5, 5), pad=(2, 2))
conv((2, 6, 8, 8), (4, 6, 5, 5))
conv((1, 2, 11, 15), (3, 2, 7, 7), stride=(4, 4))


def pool(op, x, window, stride, pad=(0, 0)):
    f = F.max_pool2d if op == "max_pool2d" else F.avg_pool2d
    differentiable(op, lambda x: f(x, window, stride, pad), normal(*x), window=list(window), stride=list(stride),
                   pad=list(pad))


for op in ("max_pool2d", "avg_pool2d"):
    pool(op, (1, 1, 3, 3), (2, 2), (1, 1))
    pool(op, (1, 1, 4, 4), (3, 3), (3, 3))
    pool(op, (2, 3, 6, 5), (2, 2), (2, 2))
    pool(op, (1, 2, 4, 4), (3, 3), (2, 2), (1, 1))
    pool(op, (1, 1, 4, 4), (2, 3), (2, 3), (1, 1))
    pool(op, (2, 1, 7, 9), (3, 2), (1, 2), (1, 0))
write("tensor/nnop/testdata/ops.json.gz")
