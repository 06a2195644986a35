"""Shape and indexing against NumPy and PyTorch: tensor/testdata/indexing.json.gz.

An index expression stands in "ranges": ["i", k], ["r", from, to, step], ["n"] for a new axis, ["e"] for an ellipsis, and
["t", k] for operand k as index tensor or mask.
"""
import numpy as np
import torch
import torch.nn.functional as F

from cases import differentiable, emit, integers, normal, plain, positive, rng, view, write

R, I = (lambda a=None, b=None, step=1: ["r", a, b, step]), (lambda i: ["i", i])
N, E = ["n"], ["e"]


def ints(*a, dtype=np.int64):
    return np.array(a, dtype)


def mask(*shape):
    return rng.rand(*shape) < 0.5


def unbroadcast(g, shape):
    """The sum of g over the axes along which an array of the shape was stretched."""
    g = g.sum(tuple(range(g.ndim - len(shape))))
    return g.sum(tuple(i for i, d in enumerate(shape) if d == 1 and g.shape[i] != 1), keepdims=True).reshape(shape)


def index(shape, expression):
    """Cases for reading, writing and adding; the tensors in the expression are arrays."""
    x = normal(*shape)
    for op, first in (("index", 1), ("set_index", 2), ("add_index", 2)):
        key, ranges, tensors = [], [], []
        for e in expression:
            if isinstance(e, np.ndarray):
                key.append(e)
                ranges.append(["t", first + len(tensors)])
                tensors.append(e)
                continue
            key.append({"i": lambda: e[1], "r": lambda: slice(*e[1:]), "n": lambda: None, "e": lambda: Ellipsis}[e[0]]())
            ranges.append(e)
        key = tuple(key)
        where = np.asarray(np.arange(x.size).reshape(shape)[key])
        none = [None] * len(tensors)
        if op == "index":
            dy, g = np.asarray(np.round(rng.randn(*where.shape), 3)), np.zeros(x.size)
            np.add.at(g, np.ravel(where), np.ravel(dy))
            emit(op, [x] + tensors, x[key], dy, [g] + none, ranges=ranges)
            continue
        short = where.shape[rng.randint(0, where.ndim + 1):]
        v = normal(*[1 if rng.rand() < 0.3 else d for d in short])
        y, dy = x.copy(), np.asarray(np.round(rng.randn(*shape), 3))
        if op == "add_index":
            np.add.at(y, key, v)
            grads = [dy, unbroadcast(dy[key] * np.ones(where.shape), v.shape)]
        else:
            y[key] = v
            dx, order, last = np.array(dy), np.arange(where.size).reshape(where.shape), np.zeros(shape, int)
            dx[key], last[key] = 0, order
            grads = [dx, unbroadcast(np.where(last[key] == order, dy[key], 0), v.shape)]
        emit(op, [x, v] + tensors, y, dy, grads + none, ranges=ranges)


T, FALSE = np.array(True), np.array(False)
for shape, expression in [
        # new axes and ellipses
        ((4,), [N]), ((4,), [R(), N]), ((3, 4), [R(), N, R(None, 2)]), ((3, 4), [N, E, N]), ((2, 3, 4), [E, I(0)]),
        ((2, 3, 4), [I(1), E]), ((2, 3, 4), [I(0), E, I(-1)]), ((2, 3, 4), [E]), ((2, 3, 4), [R(), E, R(None, None, -1)]),
        ((), [N]), ((), [E]), ((), [N, E, N]), ((0, 3), [N, R(), I(1)]), ((2, 3), [R(), R(), E]), ((1, 3, 1), [I(0), N, E]),
        # one tensor
        ((5,), [ints(0, 3, 3)]), ((5,), [ints(-1, -5)]), ((5,), [ints(2, dtype=np.int32)]), ((5, 3), [ints(4, 0, 4)]),
        ((5, 3), [np.array([[0, 1], [4, -1]])]), ((5, 3), [R(), ints(2, 0)]), ((5, 3), [R(1, 4), ints(2, 0, 1)]),
        ((5, 3), [R(None, None, -2), ints(-1)]), ((5, 3), [np.zeros(0, int)]), ((5, 3), [R(), np.zeros((2, 0), int)]),
        ((2, 3, 4), [R(), ints(0, 2), R(1)]), ((2, 3, 4), [E, ints(3, 3, 0)]), ((2, 3, 4), [N, ints(1, 0)]),
        ((2, 3, 4), [ints(1, 1), N]), ((5,), [np.array(3)]), ((5, 3), [np.array(-2)]), ((5, 3), [R(), np.array(1)]),
        ((1, 4), [ints(0, 0, 0)]), ((0, 3), [np.zeros(0, int)]), ((2, 1), [R(), ints(0, 0)]),
        # several
        ((5, 3), [ints(0, 1, 4), ints(2, 0, 2)]), ((5, 3), [ints(1, 1), ints(2, 2)]), ((4, 4), [np.array([[0], [3]]), ints(1, 2, 2)]),
        ((2, 3, 4), [ints(0, 1), R(), ints(3, 0)]), ((2, 3, 4), [R(), ints(0, 2), ints(3, 0)]), ((2, 3, 4), [ints(0, 1), ints(2, 2)]),
        ((2, 3, 4, 2), [R(), ints(0, 2), R(), ints(1, 0)]), ((2, 3, 4, 2), [R(), ints(0, 2), ints(1, 3), R(1)]),
        ((2, 3, 4, 2), [I(1), R(), ints(0, 3, 3)]), ((2, 3, 4, 2), [R(), I(1), ints(0, 3, 3)]), ((2, 3, 4), [I(0), ints(1, 2)]),
        ((2, 3, 4), [ints(0, 1), R(1), I(2)]), ((2, 3, 4), [ints(0, 1), N, ints(0, 2)]), ((2, 3, 4), [ints(0, 1), E, I(-1)]),
        ((3, 4), [N, ints(0, 1), E, ints(2, 3)]), ((3, 4), [N, ints(0, 1), ints(2, 3)]), ((3, 4), [ints(0, 1), ints(2, 3), N]),
        ((3, 4), [ints(1), ints(0, 2, 3)]), ((3, 4), [np.array(1), ints(0, 2, 3)]), ((3, 4), [np.array(1), R(), N]),
        ((3, 4, 2), [np.array([[0, 1], [2, 0]]), R(None, None, -1), np.array([[1], [0]])]),
        # masks
        ((6,), [mask(6)]), ((3, 4), [mask(3, 4)]), ((3, 4), [mask(3)]), ((3, 4), [R(), mask(4)]), ((3, 4), [np.zeros((3, 4), bool)]),
        ((3, 4), [np.ones((3, 4), bool)]), ((2, 3, 4), [mask(2, 3)]), ((2, 3, 4), [R(), mask(3, 4)]), ((2, 3, 4), [E, mask(4)]),
        ((2, 3, 4), [mask(2, 3, 4)]), ((2, 3, 4), [I(1), mask(3, 4)]), ((2, 3, 4), [mask(2), R(), I(1)]), ((3, 4), [T]),
        ((3, 4), [FALSE]), ((), [T]), ((), [FALSE]), ((3, 4), [T, ints(0, 2)]), ((3, 4), [R(), T]), ((0, 4), [np.zeros(0, bool)]),
        ((3, 4), [np.array([True, False, True]), ints(3, 1)]), ((3, 4), [np.array([True, False, True]), R(), N]),
        ((3, 4, 2), [np.array([True, False, True]), R(), ints(1, 0)]), ((3, 4), [N, np.array([False, True, True]), R(1, 3)])]:
    index(shape, expression)

for dtype in (np.int64, np.int32, np.int8, np.uint8, np.bool_, np.float16, np.complex64, np.complex128):
    x = integers(0, 3, 3, 4).astype(dtype)
    idx, keep = ints(2, 0, 2), mask(3, 4)
    plain("index", lambda x, i: x[:, i], x, idx, ranges=[R(), ["t", 1]], only=["float64"])
    plain("index", lambda x, m: x[m], x, keep, ranges=[["t", 1]], only=["float64"])

    def put(x, v, i):
        y = x.copy()
        y[i, 1:] = v
        return y

    def add(x, v, i):
        y = x.copy()
        np.add.at(y, (i, slice(1, None)), v)
        return y
    plain("set_index", put, x, x[:, :3], idx, ranges=[["t", 2], R(1)], only=["float64"])
    plain("add_index", add, x, x[:, :3], idx, ranges=[["t", 2], R(1)], only=["float64"])
    plain("nonzero", lambda x: np.argwhere(x).astype(np.int64), x, only=["float64"])

# Rearranging
for shape, axes in [((5,), []), ((3, 4), []), ((3, 4), [1]), ((3, 4), [-2]), ((2, 3, 4), [0, 2]), ((), []), ((0, 3), [1]), ((1, 2), [0])]:
    view("flip", lambda x: np.flip(x, tuple(axes) if axes else None), normal(*shape), axes=axes)
for shape, a, b in [((3, 4), 0, 1), ((2, 3, 4), 2, 0), ((2, 3, 4), -1, 1)]:
    for k in (-1, 0, 1, 2, 3, 5):
        view("rot90", lambda x: np.rot90(x, k, (a, b)), normal(*shape), ints=[k, a, b])
for shape, a, b in [((2, 3, 4), 0, 2), ((2, 3, 4), 2, 0), ((2, 3, 4), -1, 1), ((2, 3, 4, 5), 1, -1), ((3,), 0, 0)]:
    view("moveaxis", lambda x: np.moveaxis(x, a, b), normal(*shape), axes=[a, b])
for shape, shifts, axes in [((5,), [2], []), ((5,), [-7], [0]), ((3, 4), [1], []), ((3, 4), [1], [1]), ((3, 4), [1, -1], [0, 1]),
                            ((2, 3, 4), [5, 1], [-1, 0]), ((3, 4), [0], [0]), ((0, 4), [3], [0]), ((1, 4), [3], [1])]:
    view("roll", lambda x: np.roll(x, shifts, tuple(axes)) if axes else np.roll(x, shifts[0]), normal(*shape), ints=shifts, axes=axes)
for shape, reps in [((3,), [2]), ((2, 3), [2]), ((2, 3), [2, 2]), ((2, 3), [2, 1, 3]), ((), [3]), ((3,), [2, 2]), ((2, 1), [1, 4]),
                    ((2, 3), [0, 2]), ((2, 3), [])]:
    view("tile", lambda x: np.tile(x, reps), normal(*shape), axes=reps)
for shape, n, axes in [((3,), 2, []), ((2, 3), 2, []), ((2, 3), 3, [0]), ((2, 3), 2, [-1]), ((2, 3, 2), 2, [1]), ((), 3, []), ((2, 3), 0, [1])]:
    view("repeat", lambda x: np.repeat(x, n, *axes), normal(*shape), ints=[n], axes=axes)
for shape, counts, axes in [((3,), [2, 0, 1], []), ((2, 3), [1, 3], [0]), ((2, 3), [0, 2, 1], [1]), ((2, 2), [1, 2, 0, 3], [])]:
    x = normal(*shape)
    differentiable("repeat_each", lambda x, c: torch.repeat_interleave(x, c, *axes), x, ints(*counts), axes=axes)
for shape, a, n in [((7,), 0, 3), ((2, 6), 1, 3), ((2, 6), -1, 4), ((5, 2), 0, 8), ((1,), 0, 1)]:
    parts = torch.chunk(torch.tensor(normal(*shape)), n, a)
    x = normal(*shape)
    differentiable("chunk", lambda x: torch.chunk(x, n, a), x, axes=[a], ints=[n])
    plain("array_split", lambda x: np.array_split(x, n, a), x, axes=[a], ints=[n])
for shape, a, lengths in [((7,), 0, [3, 0, 4]), ((2, 5), 1, [2, 3]), ((2, 5), -1, [5])]:
    differentiable("split", lambda x: torch.split(x, lengths, a), normal(*shape), axes=[a], ints=lengths)
for shape, a in [((3,), 0), ((2, 3), 1), ((2, 3, 2), -1)]:
    differentiable("unbind", lambda x: torch.unbind(x, a), normal(*shape), axes=[a])
for op, f, lists in [("hstack", torch.hstack, [[(2,), (3,)], [(2, 3), (2, 1)], [(), (2,)], [(2, 1, 2), (2, 2, 2)]]),
                     ("vstack", torch.vstack, [[(3,), (3,)], [(3,), (2, 3)], [(), (1,)], [(1, 2, 2), (2, 2, 2)]]),
                     ("dstack", torch.dstack, [[(3,), (3,)], [(2, 3), (2, 3)], [(), ()], [(2, 2, 1), (2, 2, 2)]]),
                     ("column_stack", torch.column_stack, [[(3,), (3,)], [(3,), (3, 2)], [(), ()], [(2, 1, 2), (2, 2, 2)]])]:
    for shapes in lists:
        differentiable(op, lambda *xs: f(xs), *[normal(*s) for s in shapes])
for shapes in [[(3,), (2, 1)], [(), (2,)], [(2, 3)], [(4, 1, 2), (3, 1), (2,)]]:
    differentiable("broadcast", lambda *xs: torch.broadcast_tensors(*xs), *[normal(*s) for s in shapes])
for name in ("ij", "xy"):
    for lengths in [[3], [2, 3], [2, 3, 4], [1, 0]]:
        differentiable("meshgrid", lambda *xs: torch.meshgrid(*xs, indexing=name), *[normal(n) for n in lengths], name=name)
for n in (1, 2, 3):
    for shape in [(), (3,), (2, 3), (2, 1, 3)]:
        view("atleast", lambda x: [np.atleast_1d, np.atleast_2d, np.atleast_3d][n - 1](x), normal(*shape), ints=[n])

# Along an axis
for shape, a, idx in [((5, 3), 0, [4, 0, 0]), ((5, 3), 1, [2, 1]), ((2, 3, 4), -1, [3, 3]), ((5,), 0, [1]), ((5, 3), 1, [])]:
    idx = np.array(idx, np.int64)
    differentiable("index_select", lambda x, i: torch.index_select(x, a, i), normal(*shape), idx, axes=[a])
    src = normal(*[len(idx) if k == a % len(shape) else d for k, d in enumerate(shape)])
    differentiable("index_add", lambda x, i, s: x.index_add(a, i, s), normal(*shape), idx, src, axes=[a])
    plain("index_fill", lambda x, i: torch.tensor(x).index_fill(a, torch.tensor(i), -1.5).numpy(), normal(*shape), idx, axes=[a], floats=[-1.5])
    if len(set(idx)) == len(idx):
        differentiable("index_copy", lambda x, i, s: x.index_copy(a, i, s), normal(*shape), idx, src, axes=[a])
for shape, a, ish in [((3, 4), 0, (2, 4)), ((3, 4), 1, (3, 6)), ((3, 4), -1, (2, 2)), ((5,), 0, (7,)), ((2, 3, 4), 1, (2, 2, 4)),
                      ((2, 3, 4), 0, (1, 3, 2)), ((3, 4), 1, (3, 0)), ((1, 1), 0, (3, 1))]:
    idx = integers(0, shape[a], *ish)
    differentiable("gather", lambda x, i: torch.gather(x, a, i), normal(*shape), idx, axes=[a])
    differentiable("scatter_add", lambda x, i, s: x.scatter_add(a, i, s), normal(*shape), idx, normal(*ish), axes=[a])
    for op, how in (("scatter_mul", "prod"), ("scatter_max", "amax"), ("scatter_min", "amin"), ("scatter_mean", "mean")):
        differentiable(op, lambda x, i, s: x.scatter_reduce(a, i, s, how), normal(*shape), idx, normal(*ish), axes=[a])
    if ish[a] <= shape[a]:
        perm = np.argsort(rng.rand(*shape), a).take(range(ish[a]), a)
        perm = perm[tuple(slice(0, d) for d in ish)].astype(np.int64)
        differentiable("scatter", lambda x, i, s: x.scatter(a, i, s), normal(*shape), perm, normal(*ish), axes=[a])
ties = np.array([[1.0, 2, 2], [3, 3, 3]])
for op, how in (("scatter_max", "amax"), ("scatter_min", "amin")):
    differentiable(op, lambda x, i, s: x.scatter_reduce(1, i, s, how), ties, np.array([[1, 1, 0], [2, 0, 2]]), np.array([[2.0, 2, 1], [3, 4, 3]]), axes=[1])
for shape, mshape in [((3, 4), (3, 4)), ((3, 4), (4,)), ((4,), (2, 4)), ((2, 1, 3), (2, 1))]:
    m = mask(*mshape)
    differentiable("masked_select", lambda x, m: torch.masked_select(x, m), normal(*shape), m)
    if len(mshape) <= len(shape) and shape[1:2] != (1,):
        differentiable("masked_fill", lambda x, m: x.masked_fill(m, 2.5), normal(*shape), m, floats=[2.5])
        differentiable("masked_scatter", lambda x, m, s: x.masked_scatter(m, s), normal(*shape), m, normal(20))
for shape in [(4,), (3, 4), (2, 0), (), (2, 3, 2)]:
    plain("nonzero", lambda x: torch.nonzero(torch.tensor(x)).numpy(), integers(-1, 2, *shape).astype(float) if shape else np.array(3.0))

# Order
for shape, a in [((7,), 0), ((3, 4), 0), ((3, 4), 1), ((3, 4), -1), ((2, 3, 4), 1), ((1, 5), 0), ((0, 3), 1), ((3, 0), 1), ((2, 300), 1)]:
    for down in (False, True):
        differentiable("sort", lambda x: torch.sort(x, stable=True, dim=a, descending=down), normal(*shape), axes=[a], keep=down)
        ties = integers(-3, 3, *shape).astype(float)
        plain("argsort", lambda x: torch.sort(torch.tensor(x), stable=True, dim=a, descending=down)[1].numpy(), ties, axes=[a], keep=down)
    if shape[a] > 2:
        for k in (1, 3):
            for largest in (True, False):
                differentiable("topk", lambda x: torch.topk(x, k, a, largest), normal(*shape), axes=[a], ints=[k], keep=largest)
            differentiable("kthvalue", lambda x: torch.kthvalue(x, k, a), normal(*shape), axes=[a], ints=[k])
holes = np.array([[np.nan, 1, np.inf, -np.inf, np.nan, -0.0, 0.0, 5e-324, -5e-324]])
for down in (False, True):
    plain("argsort", lambda x: torch.sort(torch.tensor(x), stable=True, dim=1, descending=down)[1].numpy(), holes, axes=[1], keep=down, only=["float64"])
for dtype in (np.int64, np.int32, np.int8, np.uint8, np.bool_, np.float16):
    plain("argsort", lambda x: np.argsort(x, 1, kind="stable"), integers(0, 5, 3, 9).astype(dtype), axes=[1], keep=False, only=["float64"])
for right in (False, True):
    side = "right" if right else "left"
    for dtype in (np.float64, np.int64, np.uint8):
        table = np.sort(integers(0, 9, 8)).astype(dtype)
        plain("searchsorted", lambda s, x: np.searchsorted(s, x, side), table, integers(0, 11, 3, 4).astype(dtype), keep=right)
    plain("searchsorted", lambda s, x: np.searchsorted(s, x, side), np.array([-np.inf, -1, 0, 2, np.inf, np.nan]),
          np.array([np.nan, -np.inf, np.inf, -0.0, 2, 1.5]), keep=right)
    plain("searchsorted", lambda s, x: np.asarray(np.searchsorted(s, x, side)), np.array([1.0, 2, 2, 3]), np.array(2.0), keep=right)
    plain("searchsorted", lambda s, x: np.searchsorted(s, x, side), np.zeros(0), np.array([1.0]), keep=right)
    plain("searchsorted", lambda s, x: torch.searchsorted(torch.tensor(s), torch.tensor(x), side=side).numpy(),
          np.sort(integers(0, 9, 2, 3, 6).astype(float), -1), integers(0, 9, 2, 3, 4).astype(float), keep=right)
    plain("bucketize", lambda x, b: torch.bucketize(torch.tensor(x), torch.tensor(b), right=right).numpy(),
          integers(0, 9, 3, 4).astype(float), np.array([1.0, 3, 3, 7]), keep=right)


def unique(x, axis=None):
    v, inverse, counts = torch.unique(torch.tensor(x), return_inverse=True, return_counts=True, dim=axis)
    return v.numpy(), inverse.numpy(), counts.numpy()


for shape in [(9,), (3, 4), (1,), (2, 3, 2)]:
    for dtype in (np.float64, np.int64, np.uint8):
        plain("unique", unique, integers(0, 4, *shape).astype(dtype))
plain("unique", unique, np.zeros(0))
plain("unique", unique, np.array([0.0, -0.0, 1, np.inf, -np.inf, 1]))
plain("unique", unique, np.array([True, False, True]))
for shape, a in [((6, 2), 0), ((2, 6), 1), ((5, 1, 2), 0), ((2, 7, 2), -2), ((4,), 0)]:
    plain("unique_axis", lambda x: unique(x, a), integers(0, 2, *shape).astype(float), axes=[a])
for x in ([1.0, 1, 2, 2, 1, 3, 3, 3], [5.0], []):
    plain("unique_consecutive", lambda x: [y.numpy() for y in torch.unique_consecutive(torch.tensor(x), return_inverse=True, return_counts=True)],
          np.array(x, float))
for x, least in [([1, 0, 3, 1], 0), ([1, 0, 3, 1], 6), ([], 0), ([], 2)]:
    plain("bincount", lambda x: np.bincount(x, minlength=least), np.array(x, np.int64), ints=[least])
    differentiable("bincount_weights", lambda w, x: torch.bincount(x, w.detach(), least) if not len(x) else
                   torch.zeros(max(least, int(x.max()) + 1), dtype=torch.float64).index_add(0, x, w), normal(len(x)), np.array(x, np.int64), ints=[least]) if x else None
for n, bins, lo, hi in [(50, 10, 0, 0), (50, 7, -1, 2), (5, 1, 0, 0), (1, 4, 0, 0), (0, 3, 0, 0), (40, 5, -5, 5)]:
    x = np.round(normal(n), 2)
    plain("histogram", lambda x: np.histogram(x, bins, None if lo == hi else (lo, hi)), x, ints=[bins], floats=[lo, hi], only=["float64"])
plain("histogram", lambda x: np.histogram(x, 4, (0, 4)), np.array([0.0, 1, 1, 2, 4, 4, 5, -1]), ints=[4], floats=[0, 4])
for shape in [(5,), (2, 3), ()]:
    def interp(x, xp, fp):
        i = (torch.searchsorted(xp, x.detach(), right=True) - 1).clamp(0, len(xp) - 2)
        x = torch.minimum(torch.maximum(x, xp[0]), xp[-1])
        return fp[i] + (x - xp[i]) * (fp[i + 1] - fp[i]) / (xp[i + 1] - xp[i])
    x, xp, fp = normal(*shape), np.sort(normal(6)), normal(6)
    differentiable("interp", interp, x, xp, fp)
    plain("interp", np.interp, x, xp, fp) if shape else None

# Diagonals and triangles
for shape, k, a, b in [((3, 3), 0, 0, 1), ((3, 4), 1, 0, 1), ((4, 3), -2, 0, 1), ((3, 4), 0, 1, 0), ((2, 3, 4), 1, 0, 2), ((2, 3, 4), 0, -1, -2),
                       ((3, 4), 4, 0, 1), ((3, 4), -5, 0, 1), ((0, 3), 0, 0, 1), ((1, 1), 0, 0, 1)]:
    view("diagonal", lambda x: np.diagonal(x, k, a, b), normal(*shape), ints=[k, a, b])
for shape, k, a, b in [((3,), 0, 0, 1), ((3,), 2, 0, 1), ((3,), -1, 0, 1), ((2, 3), 0, -2, -1), ((2, 3), 1, 0, 2), ((2, 3), -1, 2, 1), ((0,), 1, 0, 1)]:
    differentiable("diag_embed", lambda x: torch.diag_embed(x, k, a, b), normal(*shape), ints=[k, a, b])
for shape in [(3,), (3, 3), (2, 4), (4, 2), (1,)]:
    for k in (0, 1, -1):
        differentiable("diag", lambda x: torch.diag(x, k), normal(*shape), ints=[k])
for shape in [(3, 3), (2, 4), (1, 1)]:
    differentiable("trace", torch.trace, normal(*shape))
for op, f in (("tril", torch.tril), ("triu", torch.triu)):
    for shape, k in [((3, 3), 0), ((3, 4), 1), ((4, 3), -1), ((2, 3, 3), 0), ((3, 4), 9), ((3, 4), -9), ((2, 0), 0)]:
        differentiable(op, lambda x: f(x, k), normal(*shape), ints=[k])
for n, m, k in [(3, 3, 0), (3, 5, 1), (4, 2, -1), (1, 1, -1)]:
    plain("tri", lambda _: np.tri(n, m, k, np.float32), np.zeros(0), ints=[n, m, k], only=["float32"])
    plain("eye", lambda _: np.eye(n, m, k, np.float32), np.zeros(0), ints=[n, m, k], only=["float32"])
    plain("tril_indices", lambda _: np.tril_indices(n, k, m), np.zeros(0), ints=[n, m, k])
    plain("triu_indices", lambda _: np.triu_indices(n, k, m), np.zeros(0), ints=[n, m, k])

# Padding and windows
PADS = [((5,), [[2, 1]]), ((3, 4), [[1, 2], [0, 3]]), ((3, 4), [[2, 2]]), ((2, 3, 4), [[0, 0], [1, 1]]), ((1, 3), [[2, 1], [0, 0]]),
        ((2, 3), [[5, 4], [7, 0]])]
for shape, pads in PADS:
    full = [[0, 0]] * (len(shape) - len(pads)) + pads
    flat = [v for p in pads for v in p]
    for mode in ("reflect", "symmetric", "edge", "wrap"):
        view("pad", lambda x: np.pad(x, full, mode), normal(*shape), name=mode, ints=flat)
    for v in (0.0, -1.5):
        differentiable("pad", lambda x: F.pad(x, [v for p in reversed(pads) for v in p], value=v), normal(*shape), name="constant", ints=flat, floats=[v])
for shape, flat in [((5,), [-1, 2]), ((5, 4), [-2, -1, 1, -1]), ((3, 4), [-1, -2, 0, 0]), ((0, 2), [1, 1, 0, 0])]:
    differentiable("pad", lambda x: F.pad(x, flat[2:] + flat[:2], value=3.0), normal(*shape), name="constant", ints=flat, floats=[3.0])
for shape, a, size, step in [((7,), 0, 3, 1), ((7,), 0, 2, 3), ((3, 6), 1, 3, 2), ((6, 3), 0, 6, 1), ((2, 5, 3), -2, 1, 2)]:
    differentiable("unfold", lambda x: x.unfold(a, size, step), normal(*shape), axes=[a], ints=[size, step])
for shape, kernel, stride, pad, dilation in [((1, 1, 4, 4), (2, 2), (1, 1), (0, 0), (1, 1)), ((2, 3, 5, 6), (3, 2), (2, 1), (1, 0), (1, 1)),
                                             ((1, 2, 7, 7), (3, 3), (2, 2), (1, 1), (2, 2)), ((2, 1, 3, 3), (3, 3), (1, 1), (0, 0), (1, 1)),
                                             ((1, 2, 5, 4), (1, 2), (3, 2), (0, 2), (1, 3))]:
    attrs = dict(window=kernel, stride=stride, pad=pad, dilation=dilation)
    differentiable("im2col", lambda x: F.unfold(x, kernel, dilation, pad, stride), normal(*shape), **attrs)
    columns = F.unfold(torch.zeros(shape), kernel, dilation, pad, stride).shape
    differentiable("col2im", lambda x: F.fold(x, shape[2:], kernel, dilation, pad, stride), normal(*columns), ints=shape[2:], **attrs)

# Sequences and small things
for shape in [(4,), (2, 3), (), (2, 0)]:
    plain("one_hot", lambda x: np.eye(5, dtype=np.float32)[x], integers(0, 5, *shape) if shape else np.array(3), ints=[5], only=["float32"])
for shape, axis in [((4, 3), 0), ((3, 4), 1), ((4, 3, 2), 0), ((3, 4, 2, 2), 1)]:
    lengths = integers(0, 5, 3)
    time = torch.arange(4).reshape([-1 if i == axis else 1 for i in range(len(shape))])
    ends = torch.tensor(lengths).reshape([-1 if i == 1 - axis else 1 for i in range(len(shape))])
    differentiable("sequence_mask", lambda x, n: x.masked_fill(time >= ends, -9), normal(*shape), lengths, axes=[axis], floats=[-9])
for shape, a in [((5,), 0), ((3, 4), 0), ((3, 4), -1), ((1, 3), 0)]:
    differentiable("diff", lambda x: torch.diff(x, dim=a), normal(*shape), axes=[a])
    plain("diff", lambda x: np.diff(x, axis=a), mask(*shape), axes=[a])
    differentiable("trapezoid", lambda y: torch.trapezoid(y, dim=a), normal(*shape), axes=[a])
    differentiable("trapezoid", lambda y, x: torch.trapezoid(y, x, dim=a), normal(*shape), normal(shape[a]), axes=[a])
for dtype in ("float64", "int64", "int32", "uint8", "float16"):
    for args in ([5], [2, 9], [1, 10, 3], [7, 2, -2], [3, 3]):
        plain("arange", lambda _: np.arange(*args).astype(dtype), np.zeros(0), floats=args, name=dtype, only=["float64"])
    plain("linspace", lambda _: np.linspace(0, 8, 5).astype(dtype), np.zeros(0), floats=[0, 8, 5], name=dtype, only=["float64"])
for lo, hi, n in [(0, 3, 4), (-1, 1, 7), (2, 2, 1)]:
    plain("logspace", lambda _: np.logspace(lo, hi, n, dtype=np.float32), np.zeros(0), floats=[lo, hi, n], only=["float32"])
    plain("geomspace", lambda _: np.geomspace(lo + 2, hi + 3, n, dtype=np.float32), np.zeros(0), floats=[lo + 2, hi + 3, n], only=["float32"])

write("tensor/testdata/indexing.json.gz")
