"""Computes the cases of the reductions and running folds: tensor/testdata/reduce.json.gz. See cases.py; every fold over
several axes is taken over one axis that holds them all."""
import math

import numpy as np
import torch

from cases import differentiable, emit, integers, normal, plain, positive, rng, write

AXES = {
    (): [()],
    (4,): [(), (0,), (-1,)],
    (3, 4): [(), (0,), (1,), (-2, -1)],
    (2, 3, 4): [(), (1,), (0, 2), (-1,)],
    (2, 1, 3, 2): [(), (1,), (3, 0), (1, 2, -1)],
}


def over(f, axes, keep):
    """f, which folds the last axis, over several."""
    def g(x, *rest):
        folded = sorted(a % x.dim() for a in axes) if axes else list(range(x.dim()))
        kept = [a for a in range(x.dim()) if a not in folded]
        n = math.prod(x.shape[a] for a in folded)
        y = f(x.permute(kept + folded).reshape([x.shape[a] for a in kept] + [n]), *rest)
        return y.reshape([1 if a in folded else d for a, d in enumerate(x.shape)]) if keep else y
    return g


def fold(op, f, make=normal, shapes=AXES, grad=True, **attrs):
    for shape, several in shapes.items():
        for k, axes in enumerate(several):
            keep = (k + len(shape)) % 2 == 1
            g = over(f, axes, keep)
            if grad:
                differentiable(op, g, make(*shape), axes=list(axes), keep=keep, **attrs)
            else:
                plain(op, lambda x: g(torch.tensor(np.asarray(x))).numpy(), make(*shape), axes=list(axes), keep=keep, **attrs)


def once(op, f, x, axes=(), keep=False, grad=True, **attrs):
    g = over(f, axes, keep)
    if grad:
        differentiable(op, g, np.array(x, dtype=float), axes=list(axes), keep=keep, **attrs)
    else:
        plain(op, lambda x: g(torch.tensor(x)).numpy(), np.array(x), axes=list(axes), keep=keep, **attrs)


def few(op, f, x, **attrs):
    """Without gradients, over the last axis and over all."""
    once(op, f, x, (-1,), grad=False, **attrs)
    once(op, f, x, keep=True, grad=False, **attrs)


nan, inf = math.nan, math.inf
FEW = {(4,): [()], (3, 4): [(0,), (-1,)], (2, 1, 3, 2): [(0, 2)]}
ODD = [[1.0, nan, 3.0, -2.0], [inf, 1.0, -inf, 0.5], [inf, 2.0, 0.0, inf], [-inf, -inf, -inf, -inf], [0.0, 0.0, 1.0, 0.0]]
ZEROS = [[[2.0, 0.0, 3.0], [1.5, -1.0, 2.5]], [[0.0, 4.0, 0.0], [0.0, 0.0, 0.0]]]
EMPTY = np.zeros((0, 3))


def empty(op, f, grad=True, axes=((), (0,), (1,), (0, 1)), **attrs):
    for a in axes:
        once(op, f, EMPTY, a, keep=len(a) == 1, grad=grad, **attrs)


# products
prod = lambda x: x.prod(-1)
fold("prod", prod)
for axes in [(), (0,), (1,), (2,), (0, 2), (1, 2)]:
    once("prod", prod, ZEROS, axes)
    differentiable("prod_second", lambda x: torch.autograd.grad((over(prod, axes, False)(x) ** 2).sum() + over(prod, axes, False)(x).sum(), x,
                                                                create_graph=True)[0], np.array(ZEROS) + 0.0, axes=list(axes))
for axis in (0, 1, 2):
    weights = torch.arange(1.0, 13.0, dtype=torch.float64).reshape(2, 2, 3)
    differentiable("cumprod", lambda x: x.cumprod(axis), np.array(ZEROS), axes=[axis])
    differentiable("cumprod_second", lambda x: torch.autograd.grad((x.cumprod(axis) * weights).sum(), x, create_graph=True)[0],
                   np.array(ZEROS), axes=[axis])
empty("prod", prod)
few("prod", prod, ODD)
few("prod", prod, integers(-3, 4, 2, 5), only=["float64"])
few("prod", prod, integers(0, 2, 2, 5) > 0, only=["float64"])

# variances
for c in (0, 1):
    fold("var", lambda x: x.var(-1, unbiased=c == 1), shapes={s: a for s, a in AXES.items() if s != () or c == 0}, ints=[c])
    few("var", lambda x: x.var(-1, unbiased=c == 1), ODD, ints=[c])
    fold("std", lambda x: x.std(-1, unbiased=c == 1), shapes=FEW, ints=[c])
    few("std", lambda x: x.std(-1, unbiased=c == 1), ODD, ints=[c])
    empty("var", lambda x: x.var(-1, unbiased=c == 1), grad=False, ints=[c])
    plain("var", lambda x: x.var(1, ddof=c), normal(3, 40) + 1e6, axes=[1], ints=[c], rtol=[1e-9, 0.05])
once("std", lambda x: x.std(-1), [[2.0, 2, 2], [1, 2, 4]], (1,), ints=[1])
once("var", lambda x: x.var(-1), [2.0], grad=False, ints=[1])
once("var", lambda x: x.var(-1), [[2.0], [3.0]], (1,), grad=False, ints=[1])

# logsumexp
lse = lambda x: x.logsumexp(-1)
fold("logsumexp", lse)
fold("logsumexp", lse, make=lambda *s: normal(*s) * 5000, shapes=FEW)
few("logsumexp", lse, ODD)
once("logsumexp", lse, [[1.0, -inf, 2], [-3, -inf, -inf]], (1,))
once("logsumexp", lse, [[10000.0, 10000, 9999], [-10000, -10001, -10000]], (1,))
for a in ((0,), (0, 1), ()):  # PyTorch 1.13 refuses no elements over all axes; NumPy's logaddexp.reduce has -inf
    plain("logsumexp", lambda x: np.logaddexp.reduce(x, axis=a or None), EMPTY, axes=list(a))

# norms
for p in (0, 1, 2, 3, 3.5, 0.5, -1, -2.5, inf, -inf):
    norm = lambda x: torch.linalg.vector_norm(x, p, -1)
    fold("norm_p", norm, shapes=AXES if p in (2, 3.5, inf) else FEW, grad=p != 0, name=str(p))
    few("norm_p", norm, ODD, name=str(p))
    if p >= 0 and p < inf:
        empty("norm_p", norm, grad=False, name=str(p))
for p in (1, 2, 3, inf):
    once("norm_p", lambda x: torch.linalg.vector_norm(x, p, -1), [[0.0, 0, 0], [0, 3, -4]], (1,), name=str(p))

# truth and counts
for make in (lambda *s: rng.randint(-1, 2, s).astype(float), lambda *s: integers(-1, 2, *s), lambda *s: integers(0, 2, *s) > 0,
             lambda *s: integers(0, 3, *s).astype(np.uint8)):
    some = {"only": ["float64"]} if make(1).dtype.kind != "f" else {}
    for op, f in (("all_over", lambda x: (x != 0).all(-1)), ("any_over", lambda x: (x != 0).any(-1)),
                  ("count_nonzero", lambda x: (x != 0).sum(-1))):
        fold(op, f, make=make, shapes=AXES if make(1).dtype.kind == "f" else FEW, grad=False, **some)
for op, f in (("all_over", lambda x: (x != 0).all(-1)), ("any_over", lambda x: (x != 0).any(-1)),
              ("count_nonzero", lambda x: (x != 0).sum(-1))):
    few(op, f, ODD)
    empty(op, f, grad=False)

# sums without NaN
HOLES = [[1.0, nan, 3.0, -2.0], [nan, nan, nan, 2.5], [0.5, 1.5, nan, inf]]
nansum, nanmean = lambda x: x.nansum(-1), lambda x: x.nanmean(-1)
for op, f in (("nansum", nansum), ("nanmean", nanmean)):
    fold(op, f, shapes=FEW)
    for axes in [(), (0,), (1,)]:
        once(op, f, HOLES[:1] + [[2.0, 0.5, nan, 1.0]], axes)
        once(op, f, HOLES, axes, keep=True, grad=False)
    once(op, f, [[nan, nan], [1, 2]], (1,), grad=False)
    empty(op, f, grad=False)
few("nansum", nansum, integers(-5, 5, 3, 4), only=["float64"])

# order
median = lambda x: x.median(-1).values
fold("median", median)
few("median", median, ODD)
few("median", median, integers(-9, 9, 3, 4), only=["float64"])
few("median", median, integers(0, 200, 3, 5).astype(np.uint8), only=["float64"])
plain("median", lambda x: x[:, 0], EMPTY, axes=[1])
for how in ("linear", "lower", "higher", "nearest", "midpoint"):
    for q in ([0.5], [0.0, 0.3, 1.0], [0.25, 0.77]):
        for shape, axes in (((5,), ()), ((3, 4), (0,)), ((2, 3, 4), (2, 0)), ((2, 3, 4), ())):
            qs = torch.tensor(q, dtype=torch.float64)
            differentiable("quantiles", over(lambda x: torch.quantile(x, qs, -1, interpolation=how), axes, False), normal(*shape),
                           axes=list(axes), floats=q, name=how)
    odd = np.array(ODD)[[0, 1, 4]]  # no q = 1: there PyTorch subtracts inf from itself
    plain("quantiles", lambda x: torch.quantile(torch.tensor(x), torch.tensor([0.4, 0.9], dtype=torch.float64), -1, interpolation=how).numpy(), odd,
          axes=[1], floats=[0.4, 0.9], name=how)
for q in (0.0, 0.5, 0.9):
    fold("quantile", lambda x: torch.quantile(x, q, -1), shapes=AXES if q == 0.9 else FEW, floats=[q])

# winners with indices
for shape, axis in (((4,), 0), ((3, 4), 0), ((3, 4), -1), ((2, 3, 4), 1), ((2, 1, 3, 2), 2), ((2, 1, 3, 2), 1)):
    differentiable("max_with_index", lambda x: tuple(torch.max(x, axis)), normal(*shape), axes=[axis])
    differentiable("min_with_index", lambda x: tuple(torch.min(x, axis)), normal(*shape), axes=[axis])
    for op, f in (("cummax", torch.cummax), ("cummin", torch.cummin)):
        differentiable(op, lambda x: tuple(f(x, axis)), normal(*shape), axes=[axis])
    differentiable("cumprod", lambda x: x.cumprod(axis), normal(*shape), axes=[axis])
    differentiable("logcumsumexp", lambda x: x.logcumsumexp(axis), normal(*shape), axes=[axis])
    differentiable("logcumsumexp", lambda x: x.logcumsumexp(axis), normal(*shape) * 2000, axes=[axis])
    differentiable("cumsum_reverse", lambda x: x.flip(axis).cumsum(axis).flip(axis), normal(*shape), axes=[axis])
    for op, f in (("argmax_keep", torch.argmax), ("argmin_keep", torch.argmin)):
        plain(op, lambda x: f(torch.tensor(x), axis, keepdim=True).numpy(), normal(*shape), axes=[axis])
for shape in ((), (4,), (2, 3)):
    plain("argmax_keep", lambda x: x.argmax(keepdims=True) if x.ndim else np.int64(0), normal(*shape), axes=[])
TIES = np.array([[1.0, 3, 3, 2], [2, 2, 2, 2], [nan, 1, nan, 5], [5, nan, 7, 7], [-inf, -inf, inf, inf]])
for make in (lambda: TIES, lambda: integers(-3, 3, 3, 6), lambda: integers(0, 3, 3, 6).astype(np.uint8), lambda: integers(-3, 3, 3, 6).astype(np.int32)):
    x = make()
    some = {"only": ["float64"]} if x.dtype.kind != "f" else {}
    for op, f in (("max_with_index", torch.max), ("min_with_index", torch.min), ("cummax", torch.cummax), ("cummin", torch.cummin)):
        emit(op, [x], tuple(v.numpy() for v in f(torch.tensor(x), 1)), axes=[1], **some)
    for op, f in (("cumprod", lambda x: x.cumprod(1)), ("cumsum_reverse", lambda x: x.flip(1).cumsum(1).flip(1))):
        plain(op, lambda x: f(torch.tensor(x)).numpy(), x, axes=[1], **some)
differentiable("max_with_index", lambda x: tuple(torch.max(x, 1)), np.array([[1.0, 3, 3, 2], [2, 2, 2, 2]]), axes=[1])
differentiable("cummax", lambda x: tuple(torch.cummax(x, 1)), np.array([[1.0, 3, 3, 2], [2, 2, 2, 2]]), axes=[1])
# NumPy: PyTorch 1.13 has NaN after -inf
plain("logcumsumexp", lambda x: np.logaddexp.accumulate(x, axis=1), np.array(ODD), axes=[1])
for op in ("cummax", "cummin"):
    emit(op, [EMPTY], (EMPTY, EMPTY.astype(np.int64)), axes=[1])
for op in ("cumprod", "cumsum_reverse", "logcumsumexp"):
    plain(op, lambda x: x, EMPTY, axes=[0])

# statistics
for shape, axes in (((4,), ()), ((3, 4), ()), ((3, 4), (0,)), ((3, 4), (1,)), ((2, 3, 4), (0, 2))):
    f = lambda x, w: over(lambda y: y.sum(-1), axes, False)(x * w) / over(lambda y: y.sum(-1), axes, False)(w.expand(x.shape))
    differentiable("average", f, normal(*shape), positive(*shape), axes=list(axes))
for axis in (0, 1, 2):
    x, w = normal(2, 3, 4), positive((2, 3, 4)[axis])
    plain("average", lambda x, w: np.average(x, axis=axis, weights=w), x, w, axes=[axis])
for shape in ((5,), (3, 6), (1, 4), (2, 2)):
    for c in (0, 1):
        differentiable("cov", lambda x: torch.cov(x, correction=c), normal(*shape), ints=[c])
    if shape != (2, 2):  # there the coefficients are 1 and -1, their derivatives nothing but rounding
        differentiable("corrcoef", torch.corrcoef, normal(*shape), rtol=[1e-9, 1e-3])
plain("corrcoef", np.corrcoef, np.array([[1.0, 2, 3], [4, 1, 0], [2, nan, 1]]))

# halves: computed in float32 and rounded
for op, f, attrs in (("prod", prod, {}), ("var", lambda x: x.var(-1), dict(ints=[1])), ("std", lambda x: x.std(-1, unbiased=False), dict(ints=[0])),
                     ("logsumexp", lse, {}), ("norm_p", lambda x: torch.linalg.vector_norm(x, 2, -1), dict(name="2")), ("nanmean", nanmean, {}),
                     ("median", median, {}), ("quantile", lambda x: torch.quantile(x, 0.3, -1), dict(floats=[0.3]))):
    for scale in (1, 100):
        if op == "prod" and scale > 1:
            continue
        x = (normal(3, 5) * scale).astype(np.float16)
        plain(op, lambda x: over(f, (1,), False)(torch.tensor(x.astype(np.float32))).numpy().astype(np.float16), x, axes=[1], keep=False,
              only=["float64"], rtol=[1e-3, 1e-3], **attrs)

write("tensor/testdata/reduce.json.gz")
