#!/usr/bin/env python3
"""Writes the oracle of package linalg: values and gradients of torch.linalg in float64, and NumPy's where PyTorch has none.

Wants PyTorch 1.13 or later. Run from the root of the repository:

    python3 tools/oracle/linalg.py

Vectors that are unique up to a sign are written as absolute values, whose gradients do not depend on the sign.
"""
import numpy as np
import torch

from cases import differentiable, normal, plain, positive, write

L = torch.linalg
SQUARE = [(3, 3), (1, 1), (2, 2), (5, 5), (2, 4, 4), (2, 1, 3, 3), (0, 3, 3), (0, 0), (2, 0, 0), (9, 9)]
ANY = SQUARE[:7] + [(4, 2), (2, 4), (7, 3), (3, 7), (1, 4), (4, 1), (2, 5, 3), (2, 3, 5), (3, 0), (0, 2)]
FULL = [s for s in ANY if 0 not in s]


def spread(*shape):
    """Matrices whose singular values and eigenvalues are well apart and not small."""
    x = normal(*shape) if 0 not in shape else np.zeros(shape)
    return np.round(x * 0.3 + np.eye(*shape[-2:]) * (4 + 2 * np.arange(shape[-1])), 4)


def symmetric(*shape):
    x = spread(*shape)
    return x + np.swapaxes(x, -1, -2)


for s in SQUARE:
    differentiable("inv", L.inv, spread(*s))
    if 0 not in s[-2:]:
        differentiable("det", L.det, spread(*s))
        differentiable("slogdet", lambda x: L.slogdet(x)[::-1], spread(*s))
    differentiable("cholesky", lambda x: L.cholesky(x @ x.transpose(-1, -2)), spread(*s))
    if s[-1] > 0:
        differentiable("eigh", lambda x: (L.eigh(x)[0], L.eigh(x)[1].abs()), symmetric(*s))
        differentiable("eigh_vectors", lambda x: L.eigh(x)[1].abs(), symmetric(*s))
        differentiable("eigvalsh", L.eigvalsh, symmetric(*s))
        differentiable("matrix_exp", L.matrix_exp, normal(*s) * 0.2 if 0 not in s else np.zeros(s))
        for n in (-2, 0, 1, 2, 3, 5):
            differentiable("matrix_power", lambda x: L.matrix_power(x, n) + 0 * x, spread(*s) / 4, ints=[n])
    for b in [s[:-1], s[:-1] + (1,), s[:-1] + (3,), (s[-1],)]:
        rhs = normal(*b) if 0 not in b else np.zeros(b)
        if s[-1] > 0 and not (len(b) == s[-1] == 1):  # PyTorch 1.13 stumbles over the gradient of 1 x 1
            differentiable("solve", L.solve, spread(*s), rhs)
for s in [(3, 3), (1, 1), (4, 4)]:
    differentiable("slogdet", lambda x: L.slogdet(x)[::-1], -spread(*s))
    differentiable("det", L.det, -spread(*s))
differentiable("solve", L.solve, spread(2, 1, 3, 3), normal(4, 3, 2))
differentiable("solve", L.solve, spread(3, 3), normal(2, 3, 2))
singular = np.array([[1.0, 2, 3], [2, 4, 6], [1, 0, 1]])
plain("det", np.linalg.det, singular * 0)
plain("det", np.linalg.det, np.zeros((0, 0)))
plain("det", np.linalg.det, np.zeros((2, 0, 0)))
plain("slogdet", lambda x: np.linalg.slogdet(x)[::-1], np.array([[1.0, 2], [0, 0]]))
plain("inv", np.linalg.inv, np.array([[np.nan, 1], [2, 3]]))
# the gradient of the determinant of a singular matrix is its cofactors, here by hand
differentiable("det", lambda x: x[0, 0] * (x[1, 1] * x[2, 2] - x[1, 2] * x[2, 1]) - x[0, 1] * (
    x[1, 0] * x[2, 2] - x[1, 2] * x[2, 0]) + x[0, 2] * (x[1, 0] * x[2, 1] - x[1, 1] * x[2, 0]),
    np.array([[1.0, 0, 2], [0, 3, 0], [2, 0, 4]]), rtol=[1e-11, 3e-5])
for s, b in [((3, 3), (3, 2)), ((1, 1), (1, 4)), ((2, 4, 4), (2, 4, 3)), ((4, 4), (2, 4, 1)), ((2, 1, 3, 3), (5, 3, 2))]:
    for k in range(4):
        differentiable("solve_triangular", lambda a, b: L.solve_triangular(
            a.triu() if k & 1 else a.tril(), b, upper=bool(k & 1), unitriangular=k > 1), spread(*s) / 5, normal(*b), ints=[k])
    differentiable("cholesky_solve", lambda b, a: L.solve_triangular(
        a.tril().transpose(-1, -2), L.solve_triangular(a.tril(), b, upper=False), upper=True), normal(*b), spread(*s))

for s in ANY:
    plain("matrix_rank", lambda x: np.asarray(np.linalg.matrix_rank(x), np.int64) if x.size else
          np.zeros(x.shape[:-2], np.int64), spread(*s))
    for op, f in [("qr_q", lambda x: L.qr(x)), ("qr_r", lambda x: L.qr(x)[::-1])]:
        differentiable(op, f, spread(*s))
    if s[-2] <= s[-1] and 0 not in s:
        differentiable("qr_full", lambda x: L.qr(x, "complete"), spread(*s))
    elif 0 not in s:
        plain("qr_full", lambda x: [v.numpy() for v in L.qr(torch.tensor(x), "complete")], spread(*s))
    differentiable("svdvals", L.svdvals, spread(*s))
    if 0 not in s:
        differentiable("svd_u", lambda x: L.svd(x, False)[0].abs(), spread(*s))
        differentiable("svd_v", lambda x: L.svd(x, False)[2].abs(), spread(*s))
        differentiable("lu_l", lambda x: [L.lu(x)[1], L.lu(x)[0], L.lu(x)[2]], spread(*s))
        differentiable("lu_u", lambda x: [L.lu(x)[2], L.lu(x)[0]], spread(*s)[..., ::-1, :].copy())
        for b in [s[:-1], s[:-1] + (2,)]:
            if len(b) > 1 or len(s) == 2:
                rhs = normal(*b)
                differentiable("lstsq", lambda a, b: L.pinv(a) @ b if b.dim() == a.dim() else
                               (L.pinv(a) @ b.unsqueeze(-1)).squeeze(-1), spread(*s), rhs)
    differentiable("pinv", L.pinv, spread(*s)) if 0 not in s else plain("pinv", np.linalg.pinv, spread(*s))
    for ord in ("fro", "nuc", "1", "-1", "inf", "-inf", "2", "-2"):
        o = ord if ord in ("fro", "nuc") else float(ord)
        if 0 in s:
            continue
        differentiable("matrix_norm", lambda x: L.matrix_norm(x, o), spread(*s), name=ord)
        if s[-1] == s[-2] or ord in ("2", "-2"):
            if s[-1] > 1:
                differentiable("cond", lambda x: L.cond(x, o) if ord in ("2", "-2") else
                               L.matrix_norm(x, o) * L.matrix_norm(L.inv(x), o), spread(*s), name=ord)
            elif s[-2] == 1:
                plain("cond", lambda x: L.cond(torch.tensor(x), o).numpy(), spread(*s), name=ord)
low = normal(5, 2) @ normal(2, 4)
plain("matrix_rank", lambda x: np.asarray(np.linalg.matrix_rank(x), np.int64), np.stack([low, normal(5, 4), low * 0]), only=["float64"])
plain("matrix_rank", lambda x: np.asarray(np.linalg.matrix_rank(x, tol=0.5), np.int64), np.diag([10.0, 0.6, 0.4]), floats=[0.05])
plain("pinv", lambda x: np.linalg.pinv(x, rcond=1e-6), low, floats=[1e-6], only=["float64"])
for a, b in [((6, 3), (6,)), ((6, 3), (6, 2)), ((3, 6), (3,)), ((4, 4), (4, 2))]:
    plain("lstsq_all", lambda a, b: [np.asarray(v, np.int64) if i == 2 else np.reshape(v, b.shape[1:]) if i == 1 and len(v) else v
          for i, v in enumerate(np.linalg.lstsq(a, b, rcond=None))], spread(*a), normal(*b))
plain("lstsq_all", lambda a, b: [np.asarray(v, np.int64) if i == 2 else v for i, v in enumerate(np.linalg.lstsq(a, b, rcond=1e-6))],
      low, normal(5, 2), floats=[1e-6], only=["float64"], rtol=[1e-9, 1e-3])


def sorted_eigenvalues(x):
    w = np.linalg.eigvals(x)
    order = np.lexsort((w.imag, np.round(w.real, 3)), axis=-1)
    return np.take_along_axis(w, order, -1).astype(complex)


for s in [(3, 3), (1, 1), (2, 2), (5, 5), (2, 4, 4), (0, 3, 3), (9, 9), (16, 16)]:
    plain("eigvals", sorted_eigenvalues, normal(*s) if 0 not in s else np.zeros(s), rtol=[1e-10, 1e-4])

inf = float("inf")
for s, lists in {(): [[]], (4,): [[], [0]], (3, 4): [[], [0], [-1], [0, 1]], (2, 3, 4): [[], [1], [0, -1]], (2, 1): [[-1]]}.items():
    for axes in lists:
        for p in (2.0, 1.0, 3.0, 0.5, -1.0, -2.0, 0.0, inf, -inf, 1.5):
            for keep in (False, True):
                if keep and p not in (2.0, inf, 3.0):
                    continue
                differentiable("vector_norm", lambda x: L.vector_norm(x, p, axes or None, keep) + 0 * x.sum(), normal(*s), axes=axes,
                               keep=keep, name=str(p))
for p in (2.0, 1.0, 3.0, 0.5, 0.0, -1.0):
    plain("vector_norm", lambda x: np.linalg.norm(x, p, 1), np.array([[0.0, 0, 0], [1, 0, -2], [3, np.nan, 0]]), axes=[1], keep=False,
          name=str(p)) if p != -1 else None
    plain("vector_norm", lambda x: L.vector_norm(torch.tensor(x), p, 1).numpy(), np.zeros((2, 3)), axes=[1], keep=False, name=str(p))
for p in (2.0, 1.0, 3.0):
    differentiable("vector_norm", lambda x: L.vector_norm(x, p, 1), np.array([[0.0, 0, 0], [1, 0, -2]]), axes=[1], keep=False, name=str(p))
plain("vector_norm", lambda x: np.linalg.norm(x, 2.0, 1), np.zeros((2, 0)), axes=[1], keep=False, name="2.0")

for shapes in [((2, 3), (3, 4)), ((10, 2), (2, 30), (30, 5)), ((4,), (4, 3), (3, 2), (2,)), ((2, 3), (3, 4), (4, 1), (1, 5)), ((3, 2), (2,))]:
    differentiable("multi_dot", lambda *xs: L.multi_dot(xs), *[normal(*s) for s in shapes])
for a, b, axis in [((3,), (3,), -1), ((4, 3), (4, 3), -1), ((3, 2), (3, 2), 0), ((4, 1, 3), (1, 2, 3), -1)]:
    differentiable("cross", lambda x, y: L.cross(x, y, dim=axis), normal(*a), normal(*b), axes=[axis])
write("linalg/testdata/linalg.json.gz")
