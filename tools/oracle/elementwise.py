#!/usr/bin/env python3
"""Writes the oracle of the elementwise functions: what PyTorch (NumPy where it has none) computes, values and gradients,
for shapes, edge values, integers, halves, and pairs of dtypes.

Wants PyTorch 1.13 or later. Run from the root of the repository:

    python3 tools/oracle/elementwise.py

It writes tensor/testdata/elementwise.json.gz.
"""
import math

import numpy as np
import torch
import torch.nn.functional as F

import cases
from cases import differentiable, emit, integers, normal, positive, words, write

np.seterr(all="ignore")
f64, f32 = torch.float64, torch.float32
SHAPES = [(3, 4), (), (0,), (1, 5, 1), (2, 0, 3), (2, 3, 4)]


def unit(*shape):
    """Numbers between -1 and 1, none near the ends."""
    return np.round(normal(*shape) / 5.2, 4)


def above1(*shape):
    return 1.05 + positive(*shape)


class Cbrt(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        y = torch.tensor(np.cbrt(x.numpy()))
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, dy):
        (y,) = ctx.saved_tensors
        return dy / (3 * y * y)


class Polygamma(torch.autograd.Function):
    """By the zeta function: torch.polygamma(1, x) is good to ten digits only."""

    @staticmethod
    def forward(ctx, x, n):
        ctx.save_for_backward(x)
        ctx.n = n
        return torch.digamma(x) if n == 0 else (-1) ** (n + 1) * math.factorial(n) * torch.special.zeta(n + 1.0, x)

    @staticmethod
    def backward(ctx, dy):
        return dy * Polygamma.apply(ctx.saved_tensors[0], ctx.n + 1), None


def exact_gelu(x):
    """Without the cancellation of 1 + erf, for edge values and halves."""
    return x * 0.5 * torch.erfc(-x * math.sqrt(0.5))


def exact_elu(a, b, c):
    """With expm1, likewise."""
    return lambda x: torch.where(x > 0, a * x, b * torch.expm1(c * torch.clamp(x, max=0)))


def smooth_l1(x, sigma):
    return F.smooth_l1_loss(x, torch.zeros_like(x), reduction="none", beta=1 / sigma ** 2)


def huber(x, delta):
    return F.huber_loss(x, torch.zeros_like(x), reduction="none", delta=delta)


# name: (function, samples, parameters ...)
UNARY = dict(
    exp2=(torch.exp2, normal), expm1=(torch.expm1, normal), log1p=(torch.log1p, positive), log2=(torch.log2, positive),
    log10=(torch.log10, positive), rsqrt=(torch.rsqrt, positive), reciprocal=(torch.reciprocal, normal),
    cbrt=(Cbrt.apply, normal), tan=(torch.tan, unit), asin=(torch.asin, unit), acos=(torch.acos, unit),
    atan=(torch.atan, normal), sinh=(torch.sinh, normal), cosh=(torch.cosh, normal), asinh=(torch.asinh, normal),
    acosh=(torch.acosh, above1), atanh=(torch.atanh, unit), erf=(torch.erf, unit), erfc=(torch.erfc, unit),
    erfinv=(torch.erfinv, unit), lgamma=(torch.lgamma, positive), digamma=(lambda x: Polygamma.apply(x, 0), above1),
    floor=(torch.floor, normal), ceil=(torch.ceil, normal), trunc=(torch.trunc, normal), round=(torch.round, normal),
    frac=(torch.frac, normal), sinc=(torch.sinc, normal), deg2rad=(torch.deg2rad, normal), rad2deg=(torch.rad2deg, normal),
    softplus=(lambda x: F.softplus(x, threshold=700), normal),
    gelu=(F.gelu, normal), gelu_tanh=(lambda x: F.gelu(x, approximate="tanh"), normal), silu=(F.silu, normal),
    mish=(F.mish, normal), log_sigmoid=(F.logsigmoid, normal), selu=(F.selu, normal), relu6=(F.relu6, normal),
    hardsigmoid=(F.hardsigmoid, normal), hardswish=(F.hardswish, normal), softsign=(F.softsign, normal),
    tanhshrink=(F.tanhshrink, normal), logit=(torch.logit, lambda *s: (unit(*s) + 1) / 2),
    nan_to_num=(torch.nan_to_num, normal))
PARAMETERS = dict(
    elu=(F.elu, [1.0], [0.7]), celu=(F.celu, [1.0], [2.5]), leaky_relu=(F.leaky_relu, [0.01], [0.3]),
    hardtanh=(F.hardtanh, [-1.0, 1.0], [-0.5, 2.0]), softplus_beta=(F.softplus, [1.0, 20.0], [3.0, 4.0]),
    softshrink=(F.softshrink, [0.5], [1.5]), hardshrink=(F.hardshrink, [0.5], [1.5]),
    threshold=(F.threshold, [0.5, -7.0], [-1.0, 20.0]), clip=(torch.clamp, [-1.0, 2.0], [3.0, -3.0]),
    clip_min=(torch.clamp, [0.5]), clip_max=(lambda x, hi: torch.clamp(x, max=hi), [1.5]),
    smooth_l1=(smooth_l1, [1.0], [0.6]), huber=(huber, [1.0], [2.5]),
    polygamma=(lambda x, n: Polygamma.apply(x, int(n)), [1.0], [2.0], [4.0]),
    rsub_scalar=(lambda x, v: v - x, [2.5], [0.0]), rdiv_scalar=(lambda x, v: v / x, [2.5], [1.0]),
    rpow_scalar=(lambda x, v: torch.pow(torch.tensor(v, dtype=x.dtype), x), [2.5], [0.0]),
    remainder_scalar=(torch.remainder, [2.5], [-0.75]), fmod_scalar=(torch.fmod, [2.5], [-0.75]),
    floor_divide_scalar=(lambda x, v: torch.div(x, v, rounding_mode="floor").detach() + 0 * x, [2.5], [-0.75]),
    round_to=(lambda x, d: torch.round(x, decimals=int(d)), [1.0], [3.0], [-1.0]))
LOOSE = dict(hardsigmoid=dict(rtol=[1e-7, 3e-5]))  # PyTorch has 1/6 as a float32
for shape in SHAPES:
    for op, (f, draw) in UNARY.items():
        differentiable(op, f, draw(*shape), **LOOSE.get(op, {}))
    for op, (f, *parameters) in PARAMETERS.items():
        for p in parameters:
            x = positive(*shape) if op in ("polygamma", "rpow_scalar") else normal(*shape)
            differentiable(op, lambda x: f(x, *p), x, floats=p)
for shape, axis in [((4,), 0), ((3, 4), 1), ((2, 3, 4), 0), ((2, 0), 1), ((4, 1), -2)]:
    differentiable("glu", lambda x: F.glu(x, axis), normal(*shape), axes=[axis])
for shape, n in [((3, 4), 4), ((3, 4), 1), ((2, 3, 2), 3), ((), 1), ((5,), 1), ((0, 2), 2), ((2, 1, 1, 3), 1)]:
    differentiable("prelu", F.prelu, normal(*shape), unit(n))

# Two operands
BROADCAST = [((3, 4), (3, 4)), ((3, 4), (4,)), ((3, 1), (1, 4)), ((), (2, 3)), ((2, 3), ()), ((2, 1, 3), (5, 1)),
             ((), ()), ((0, 3), (3,)), ((1, 0), (2, 1)), ((0,), ())]
BINARY = dict(remainder=torch.remainder, fmod=torch.fmod, atan2=torch.atan2, hypot=torch.hypot,
              logaddexp=torch.logaddexp, logaddexp2=torch.logaddexp2, copysign=torch.copysign, fmax=torch.fmax,
              fmin=torch.fmin, lerp=lambda x, y: torch.lerp(x, y, 0.3))
UNGRADED = dict(floor_divide=lambda x, y: torch.div(x, y, rounding_mode="floor"), heaviside=torch.heaviside,
                logical_and=torch.logical_and, logical_or=torch.logical_or, logical_xor=torch.logical_xor)


def exactly(op, f, *ins, **attrs):
    """A case in the dtypes of its operands, which are PyTorch's tensors."""
    only = "float32" if any(x.dtype == f32 for x in ins) and attrs.pop("single", False) else "float64"
    attrs.pop("single", None)
    typed(op, ins, f(*ins), only=[only], **attrs)


def values(t):
    if t.dtype in (torch.float16, torch.bfloat16):
        t = t.float()
    return t.detach().numpy()


def name(t):
    return str(t.dtype)[len("torch."):]


def typed(op, ins, out, **attrs):
    attrs.setdefault("each", True)
    attrs.setdefault("rtol", [1e-13, 1e-13])
    emit(op, [values(x) for x in ins], values(out), **attrs)
    c = cases.cases[-1]
    for p, t in zip(c["in"] + [c["out"]], list(ins) + [out]):
        p["dtype"] = name(t)


for a, b in BROADCAST:
    for op, f in BINARY.items():
        differentiable(op, f, normal(*a), normal(*b))
    differentiable("xlogy", torch.xlogy, normal(*a), positive(*b))
    differentiable("addcmul", lambda x, a, b: torch.addcmul(x, a, b, value=0.7), normal(*a), normal(*b), normal(*b))
    differentiable("addcdiv", lambda x, a, b: torch.addcdiv(x, a, b, value=0.7), normal(*a), normal(*b), normal(*b))
    differentiable("clip_tensor", torch.clamp, normal(*a), normal(*b), normal(*b))
    differentiable("clip_below", lambda x, lo: torch.clamp(x, lo), normal(*a), normal(*b))
    differentiable("clip_above", lambda x, hi: torch.clamp(x, None, hi), normal(*a), normal(*b))
    for op, f in UNGRADED.items():
        x, y = integers(-2, 3, *a).astype(float), integers(-2, 3, *b).astype(float)
        if op == "floor_divide":
            x, y = normal(*a), normal(*b)
        emit(op, [x, y], f(torch.tensor(x), torch.tensor(y)).numpy())

# Edge values. In float32 the right result is that of float64, rounded.
EDGES = [math.inf, -math.inf, math.nan, -0.0, 0.0, 5e-324, -5e-324, 1e-300, -1e-300, 1e300, -1e300, 1.7e308, 1e-8, -1e-8, 1.0,
         -1.0, 0.5, -0.5, 1.5, 2.5, -1.5, -2.5, 3.0, -3.0, 6.0, -2.0, 20.0, -20.0, 100.0, -100.0, 709.9, -745.0, 1000.0, 8.0,
         1.0009765625, 0.9990234375, -0.9990234375, 123456789012.5, -1.25, 1e-40]
EDGES32 = [math.inf, -math.inf, math.nan, -0.0, 0.0, 1e-45, -1e-45, 1e-38, -1e-38, 1e30, -1e30, 3.4e38, 1e-4, -1e-4, 1.0, -1.0,
           0.5, -0.5, 1.5, 2.5, -1.5, -2.5, 3.0, -3.0, 6.0, 20.0, -20.0, 88.9, -88.9, -104.0, 100.0, 8388609.0, 0.9990234375]
OURS = dict(exp=torch.exp, log=torch.log, sqrt=torch.sqrt, sin=torch.sin, cos=torch.cos, tanh=torch.tanh, square=torch.square,
            sigmoid=torch.sigmoid, relu=torch.relu, abs=torch.abs, neg=torch.neg, sign=torch.sign)
edge64 = torch.tensor(EDGES, dtype=f64)
edge32 = torch.tensor(EDGES32, dtype=f32)


small = lambda x: x.abs() < 1e15
finite = torch.isfinite
EDGE = dict(  # what PyTorch is asked instead, which arguments, in float64 and float32, and with which tolerance
    gelu=dict(f=exact_gelu, rtol=[1e-11, 1e-6]), selu=dict(f=exact_elu(1.0507009873554805, 1.0507009873554805 * 1.6732632423543772, 1)),
    gelu_tanh=dict(at=lambda x: ~((x < -5) & finite(x)) & ~((x > 1e100) & finite(x)), rtol=[1e-9, 1e-6]), hardsigmoid=dict(rtol=[1e-7, 2e-7]),
    sinc=dict(at=lambda x: (x.abs() < 6) & (x != x.round()) & (x.abs() > 0.1) | (x == 0), rtol=[1e-11, 1e-4]),
    silu=dict(at=lambda x: (x != -745) & (x != 1.7e308), at32=lambda x: x != -104), mish=dict(at=lambda x: (x != -745) & (x != 1.7e308), at32=lambda x: x != -104, rtol=[1e-11, 4e-7]),
    softsign=dict(at=lambda x: x.abs() < 1e4), tanhshrink=dict(at32=lambda x: ~(x.abs() < 0.9), rtol=[1e-11, 1e-6]), tanh=dict(rtol=[1e-8, 1e-6]),
    sign=dict(at=lambda x: x == x), softshrink=dict(at=lambda x: x == x), polygamma=dict(at=small), logit=dict(at=lambda x: (x <= 1) & (x >= 0)), digamma=dict(at=small),
    remainder_scalar=dict(at=small), fmod_scalar=dict(at=small), floor_divide_scalar=dict(at=small), round_to=dict(at32=small))


def edge(op, f, **attrs):
    o = EDGE.get(op, {})
    f, rtol = o.get("f", f), o.get("rtol", [1e-11, 1e-6 if op in OURS else 2e-7])
    at = o.get("at", lambda x: x == x)
    x = edge64[at(edge64) & (edge64 == edge64)].requires_grad_()
    y = f(x)
    dy = torch.tensor(np.round(cases.rng.rand(*y.shape) + 0.5, 3))
    (g,) = torch.autograd.grad(y, [x], dy)
    emit(op, [x.detach().numpy()], y.detach().numpy(), dy.numpy(), [g.numpy()], only=["float64"], each=True, rtol=rtol, **attrs)
    at = o.get("at32", o.get("at", lambda x: x == x))
    nan = op not in ("sign", "softshrink")
    x = edge32[at(edge32) | (edge32 != edge32) & nan]
    typed(op, [x], f(x.double()).float(), only=["float32"], rtol=rtol, **attrs)


for op, (f, draw) in UNARY.items():
    edge(op, f)
for op, f in OURS.items():
    edge(op, f)
for op, (f, *parameters) in PARAMETERS.items():
    for p in parameters:
        exact = op in ("elu", "celu")
        edge(op, exact_elu(1, p[0], 1 / p[0] if op == "celu" else 1) if exact else lambda x: f(x, *p), floats=p)
for op, f in dict(isnan=torch.isnan, isinf=torch.isinf, isfinite=torch.isfinite, signbit=torch.signbit,
                  logical_not=torch.logical_not, angle=torch.angle).items():
    exactly(op, f, edge64)
    exactly(op, f, edge32, single=True)
    for x in (torch.tensor([-2, 0, 5]), torch.tensor([True, False]), torch.tensor([1.5, -math.inf, 0]).bfloat16()):
        if not (op == "angle" and x.dtype == torch.bfloat16):
            exactly(op, f, x)
pair = [math.inf, -math.inf, math.nan, -0.0, 0.0, 1.0, -1.0, 2.5, -2.5, 1e-300, 1e300, -5e-324, 3.0, -0.1]
a, b = [torch.tensor(v, dtype=f64).reshape(-1) for v in np.meshgrid(pair, pair)]
a32, b32 = [torch.tensor(v, dtype=f32).reshape(-1) for v in np.meshgrid(EDGES32[:18], EDGES32[:18])]
NUMPY = dict(remainder=np.remainder, fmod=np.fmod, floor_divide=np.floor_divide)  # also of very different operands
for op, f in {**BINARY, **UNGRADED, "xlogy": torch.xlogy}.items():
    n = NUMPY.get(op)
    g = f if n is None else lambda x, y: torch.tensor(n(x.numpy(), y.numpy()))
    exactly(op, g, a, b, rtol=[1e-13, 1e-13])
    if op not in UNGRADED:
        tame = (a.abs() != 5e-324) & (b.abs() != 5e-324)
        if n or op == "copysign":
            tame = (a.abs() < 10) & (b.abs() < 10) & (b.abs() > 0.01)
        x, y = a[tame].requires_grad_(), b[tame].requires_grad_()
        z = f(x, y)
        dy = torch.tensor(np.round(cases.rng.rand(*z.shape) + 0.5, 3))
        grads = [v.numpy() for v in torch.autograd.grad(z, [x, y], dy)]
        emit(op, [x.detach().numpy(), y.detach().numpy()], z.detach().numpy(), dy.numpy(), grads, only=["float64"], each=True)
    if op != "lerp":
        z = g(a32.double(), b32.double())
        typed(op, [a32, b32], z if z.dtype == torch.bool else z.float(), only=["float32"], rtol=[2e-7, 2e-7])

# Integers and bools
INTS = {torch.int64: [-9, -7, -2, -1, 0, 1, 2, 5, 9, 2 ** 40], torch.int32: [-9, -7, -2, -1, 0, 1, 2, 5, 9, 10 ** 6],
        torch.int8: [-128, -7, -2, -1, 0, 1, 2, 5, 9, 127], torch.uint8: [0, 1, 2, 3, 5, 7, 9, 100, 200, 255]}
floats = {op: f for op, (f, _) in UNARY.items() if op in (
    "exp2 expm1 log1p log2 log10 rsqrt reciprocal tan asin acos atan sinh cosh asinh acosh atanh erf erfc erfinv lgamma digamma "
    "deg2rad rad2deg").split()}
floats.update({op: OURS[op] for op in "exp log sqrt sin cos tanh sigmoid".split()})
for op, f in floats.items():
    for x in (torch.tensor([0, 1, 3, 7, -2]), torch.tensor([0, 1, 5], dtype=torch.uint8), torch.tensor([True, False])):
        want = f(x.double()).float()
        assert op == "reciprocal" or f(x).dtype == f32
        typed(op, [x], want, only=["float32"], rtol=[1e-6, 1e-6])
for dtype, v in INTS.items():
    v = torch.tensor(v, dtype=dtype)
    a, b = [x.reshape(-1) for x in torch.meshgrid(v, v, indexing="ij")]
    for op in ("floor", "ceil", "trunc", "round"):
        if op != "round":
            exactly(op, UNARY[op][0], v)
    for op, f in dict(bitwise_and=torch.bitwise_and, bitwise_or=torch.bitwise_or, bitwise_xor=torch.bitwise_xor, gcd=torch.gcd,
                      lcm=torch.lcm).items():
        if op == "lcm":
            keep = (a.abs() < 100) & (b.abs() < 100)
            exactly(op, f, a[keep & (a != -128) & (b != -128)], b[keep & (a != -128) & (b != -128)])
        elif not (op == "gcd" and dtype == torch.int8):
            exactly(op, f, a, b)
    exactly("bitwise_not", torch.bitwise_not, v)
    nonzero = (b != 0) & ~((a == -128) & (b == -1))
    for op, f in dict(floor_divide=UNGRADED["floor_divide"], remainder=torch.remainder, fmod=torch.fmod).items():
        exactly(op, f, a[nonzero], b[nonzero])
    small = (b >= 0) & (b < 8 * v.element_size())
    exactly("left_shift", torch.bitwise_left_shift, a[small], b[small])
    exactly("right_shift", torch.bitwise_right_shift, a[small], b[small])
    exactly("logical_not", torch.logical_not, v)
    exactly("logical_and", torch.logical_and, a, b)
    exactly("clip", lambda x: torch.clamp(x, 1, 5), v, floats=[1.0, 5.0])
    exactly("clip_max", lambda x: torch.clamp(x, max=5), v, floats=[5.0])
    exactly("remainder_scalar", lambda x: torch.remainder(x, 4), v, floats=[4.0])
    exactly("floor_divide_scalar", lambda x: torch.div(x, 4, rounding_mode="floor"), v, floats=[4.0])
    exactly("rsub_scalar", lambda x: 10 - x, v, floats=[10.0])
    exactly("nan_to_num", torch.nan_to_num, v)
    exactly("heaviside", torch.heaviside, a, b)
flags = torch.tensor([True, True, False, False]), torch.tensor([True, False, True, False])
for op, f in dict(bitwise_and=torch.bitwise_and, bitwise_or=torch.bitwise_or, bitwise_xor=torch.bitwise_xor,
                  logical_and=torch.logical_and, logical_or=torch.logical_or, logical_xor=torch.logical_xor).items():
    exactly(op, f, *flags)
exactly("bitwise_not", torch.bitwise_not, flags[0])
z = torch.tensor([1 + 2j, -3 - 4j, 0j, -2 + 0j, 3e200 + 4e200j], dtype=torch.complex128)
for op, f in dict(abs=torch.abs, angle=torch.angle, isnan=torch.isnan, isinf=torch.isinf, isfinite=torch.isfinite).items():
    exactly(op, f, z)

# Every pair of dtypes
DTYPES = [torch.float32, torch.float64, torch.int32, torch.int64, torch.uint8, torch.bool, torch.float16, torch.bfloat16,
          torch.int8, torch.complex64, torch.complex128]
for p in DTYPES:
    for q in DTYPES:
        if {p, q} == {torch.uint8, torch.int8}:
            continue  # int16, which Fathom does not have
        typed("promote_types", [torch.zeros(2, dtype=p), torch.zeros(2, dtype=q)],
              torch.zeros((), dtype=torch.promote_types(p, q)), only=["float64"])
        for s, t in [((3,), (3,)), ((3,), ()), ((), (3,)), ((), ())]:
            x, y = [(torch.arange(1, 1 + int(np.prod(n))) * k).to(d).reshape(n) for n, k, d in ((s, 3, p), (t, 2, q))]
            r = torch.result_type(x, y)
            if "chalf" in str(r) or "complex32" in str(r):
                continue  # a half with a 0-d complex number: complex of halves, which Fathom does not have
            typed("result_type", [x, y], torch.zeros((), dtype=r), only=["float64"])
            for op, f in dict(add=torch.add, mul=torch.mul, div=torch.div, eq=torch.eq).items():
                try:
                    typed(op, [x, y], f(x, y), only=["float64"], rtol=[1e-6, 1e-6])
                except RuntimeError as e:
                    print(op, p, q, e)

# Halves: the float32 result, rounded. PyTorch 1.13 itself rounds more often in some functions of bfloat16 (a matrix product: after
# every term), and has few of float16: the differences are printed.
for dtype in (torch.bfloat16, torch.float16):
    x, y = torch.tensor(normal(40)).to(dtype), torch.tensor(normal(40)).to(dtype)
    exact = dict(rtol=[1e-12, 1e-12], only=["float64"])
    for op, f in dict(add=torch.add, sub=torch.sub, mul=torch.mul, div=torch.div).items():
        typed(op, [x, y], f(x, y), **exact)
    odd = torch.tensor([math.inf, -math.inf, math.nan, -0.0, 65504.0, 6e-8, 1e-5, 3e38, 1.00390625, 300.0]).to(dtype)
    for op, f in {**OURS, **{k: UNARY[k][0] for k in "expm1 log1p rsqrt erf gelu silu mish hardswish floor round softsign".split()}}.items():
        f = EDGE.get(op, {}).get("f", f)
        for v in (x, odd[odd == odd] if op == "sign" else odd):
            want = f(v.float()).to(dtype)
            try:
                if not torch.allclose(f(v).float(), want.float(), rtol=0, atol=0, equal_nan=True):
                    print(op, dtype, "differs from the rounded float32 result")
            except RuntimeError:  # not in this PyTorch
                pass
            typed(op, [v], want, **exact)
    typed("sum", [x.reshape(5, 8)], x.reshape(5, 8).sum(1), axes=[1], **exact)
    m, n = torch.tensor(unit(5, 7)).to(dtype), torch.tensor(unit(7, 6)).to(dtype)
    try:
        if not torch.equal(m @ n, (m.float() @ n.float()).to(dtype)):
            print("matmul", dtype, "differs from the rounded float32 result")
    except RuntimeError:
        pass
    typed("matmul", [m, n], (m.float() @ n.float()).to(dtype), **exact)

write("tensor/testdata/elementwise.json.gz")
