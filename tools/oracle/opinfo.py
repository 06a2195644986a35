"""Holds our operations against PyTorch's own database of operators and their samples.

    python tools/oracle/opinfo.py [OPERATOR ...]

wants PyTorch 1.13 with its internal testing modules, and the packages expecttest and scipy that those import.
It writes testdata/opinfo.json.gz in tensor, tensor/nnop, linalg and fft. With names of operators it only prints their cases.

Each case is one call as PyTorch received it: "args" and "kw" hold its arguments, {"t": i} in the place of
operand i, {"dtype": name} for a dtype, strings for infinite numbers. Floats of the operands are rounded to three
decimals, so that the files stay small; results have ten digits, hence "rtol". "fails" marks a call that PyTorch
refuses.
"""
import itertools
import math
import random
import sys
import warnings

import numpy as np
import torch

import cases
from cases import words, write

warnings.simplefilter("ignore")
import torch.testing._internal.common_methods_invocations as database
from torch.testing._internal import opinfo


def set_sizes(**sizes):
    """Sets the lengths that the database makes its samples with."""
    for module in (database, opinfo.core, opinfo.definitions.linalg, opinfo.definitions._masked):
        for name, size in sizes.items():
            if hasattr(module, name):
                setattr(module, name, size)


LARGEST = 130  # elements of the operands of a case

# How many samples of each dtype.
DTYPES = {
    torch.float64: 8, torch.int64: 2, torch.int32: 1, torch.uint8: 1, torch.int8: 1, torch.bool: 1,
    torch.float16: 1, torch.bfloat16: 1, torch.complex64: 1,
}

# Relative tolerances of results in dtypes other than float64.
RTOL = {torch.float32: 3e-5, torch.complex64: 3e-5, torch.float16: 2e-3, torch.bfloat16: 1.6e-2}

SPECIAL = [math.nan, math.inf, -math.inf, 0.0, -0.0, 1, -1, 0.5, -0.5, 2, -2.5, 3, 1e-20, -1e-20, 1e3, -1e3, 30, -30]


def shorten(x):
    """x with few digits, of its own memory."""
    x = x.detach().clone(memory_format=torch.contiguous_format)
    if x.dtype == torch.complex64:
        return torch.view_as_complex((torch.view_as_real(x.resolve_conj().resolve_neg()) * 1e3).round() / 1e3)
    return torch.where(x.abs() < 1e5, (x * 1e3).round() / 1e3, x) if x.dtype == torch.float64 else x


def pack(x):
    x = x.detach().resolve_conj().resolve_neg()
    name = str(x.dtype).removeprefix("torch.")
    if x.dtype in (torch.float16, torch.bfloat16):
        x = x.double()
    return dict(shape=list(x.shape), dtype=name, data=short_words(x))


def short_words(x):
    x = x.detach().resolve_conj().resolve_neg().reshape(-1).numpy()
    if x.dtype.kind == "c":
        digits = "%.10g %.10g" if x.dtype == np.complex128 else "%.7g %.7g"
        return " ".join(digits % (v.real, v.imag) for v in x)
    return " ".join("%.10g" % v if abs(v) < 1e30 else "%.17g" % v for v in x) if x.dtype.kind == "f" else words(x)


class Unsupported(Exception):
    pass


def encode(v, operands):
    """v for JSON; tensors in it are shortened, collected, and replaced in the second result."""
    if isinstance(v, torch.Tensor):
        if v.layout != torch.strided or v.dtype in (torch.complex128, torch.int16):
            raise Unsupported
        x = shorten(v)
        x.requires_grad_(v.requires_grad)
        operands.append(x)
        return {"t": len(operands) - 1}, x
    if isinstance(v, (list, tuple)):
        both = [encode(w, operands) for w in v]
        return [a for a, _ in both], type(v)(b for _, b in both) if type(v) in (list, tuple) else [b for _, b in both]
    if isinstance(v, torch.dtype):
        return {"dtype": str(v).removeprefix("torch.")}, v
    if isinstance(v, slice):
        return {"slice": [v.start, v.stop, 1 if v.step is None else v.step]}, v
    if isinstance(v, float) and not math.isfinite(v):
        return str(v), v
    if v is None or isinstance(v, (bool, int, float, str)):
        return v, v
    raise Unsupported


def results(y):
    if isinstance(y, torch.Tensor):
        return [y]
    if isinstance(y, (bool, int, float)):
        return [torch.tensor(y)]
    if isinstance(y, (list, tuple)):
        return [r for v in y for r in results(v)]
    raise Unsupported


def emit(op, label, sample, dtype, special=False):
    """Emits the sample, unless it is too large or of a kind that has no form here. Says whether it did."""
    operands = []
    if not isinstance(sample.input, (torch.Tensor, list, tuple)):
        return False
    try:
        args, targs = encode([sample.input, *sample.args], operands)
        kw, tkw = {}, {}
        for k, v in sample.kwargs.items():
            kw[k], tkw[k] = encode(v, operands)
    except Unsupported:
        return False
    if sum(x.numel() for x in operands) > LARGEST:
        return False
    ins = [pack(x) for x in operands]  # before an in-place operator writes
    try:
        ys = results(op(targs[0], *targs[1:], **tkw))[:1 if label in ONE_RESULT else None]
    except Exception:
        return False
    if not ys or sum(y.numel() for y in ys) > 2 * LARGEST or any(y.dtype == torch.int16 for y in ys):
        return False
    c = dict(op=label, args=args)
    c["in"] = ins
    if kw:
        c["kw"] = kw
    c["outs"] = [pack(y) for y in ys]
    if dtype != torch.float64:
        c["only"] = ["float64"]
    if dtype == torch.float64 and float64_only(label, operands):
        c["only"] = ["float64"]
    slack = max([IMPRECISE.get(label, 1e-9)] + [RTOL.get(x.dtype, 0) for x in operands + ys])
    c["rtol"] = [slack, max(slack, LOOSE.get(label, 3e-5))]
    if special:
        c["signs"] = label not in ANY_ZERO
    leaves = [x for x in operands if x.requires_grad]
    if any(x.is_floating_point() and x.isnan().any() for x in operands) and label in NO_GRADIENT_OF_NAN:
        leaves = []
    if leaves and ys[0].requires_grad and label not in NO_GRADIENT:
        dy = (torch.randn(ys[0].shape, dtype=torch.float64) * 100).round() / 100
        try:
            grads = list(torch.autograd.grad(ys[0], leaves, dy.to(ys[0].dtype), allow_unused=True))
        except (RuntimeError, NotImplementedError):
            grads = None
        if grads is not None:
            c["dy"] = short_words(dy)
            c["grads"] = []
            for x in operands:
                g = grads.pop(0) if x.requires_grad else None
                if g is None and x.requires_grad:
                    g = torch.zeros_like(x)
                c["grads"].append(None if g is None else short_words(g))
    cases.cases.append(c)
    return True


def float64_only(label, operands):
    return label in FLOAT64_ONLY or any(x.dtype == torch.float32 for x in operands)


def key(sample):
    """What two samples of the same kind share."""
    def k(v):
        if isinstance(v, torch.Tensor):
            return "t%s" % (tuple(v.shape),)
        if isinstance(v, (list, tuple)):
            return tuple(map(k, v))
        return str(v)
    return str((k(sample.input), k(sample.args), {a: k(v) for a, v in sample.kwargs.items()}))


def samples(op, dtype):
    found, seen = [], set()
    grad = dtype == torch.float64 and op.supports_autograd
    sources = [op.sample_inputs] + ([op.reference_inputs] if dtype == torch.float64 else [])
    for source in sources:
        try:
            for s in itertools.islice(source("cpu", dtype, requires_grad=grad), 300):
                if key(s) not in seen:
                    seen.add(key(s))
                    found.append(s)
        except Exception:
            pass
    return found


def label_of(op):
    return op.name + ("." + op.variant_test_name if op.variant_test_name else "")


def special_samples(op):
    from torch.testing._internal.opinfo.core import BinaryUfuncInfo, ReductionOpInfo, SampleInput, UnaryUfuncInfo
    values = torch.tensor(SPECIAL, dtype=torch.float64)
    kwargs = {}
    if isinstance(op, UnaryUfuncInfo):
        kwargs = op.sample_kwargs("cpu", torch.float64, values)[0]
        yield SampleInput(values.requires_grad_(op.supports_autograd), kwargs=kwargs)
    elif isinstance(op, BinaryUfuncInfo):
        v = values[:8]
        kwargs = next(iter(op.sample_inputs("cpu", torch.float64))).kwargs
        yield SampleInput(v.reshape(-1, 1).clone().requires_grad_(op.supports_autograd), args=(v.clone().requires_grad_(op.supports_autograd),), kwargs=kwargs)
    elif isinstance(op, ReductionOpInfo):
        m = torch.tensor([[1, 2, 3], [1, math.nan, 2], [math.inf, 1, 2], [-math.inf, math.inf, 0], [-0.0, 0.0, 0.0], [4, 4, 1]],
                         dtype=torch.float64)
        yield SampleInput(m.requires_grad_(op.supports_autograd), kwargs=dict(dim=1))
    elif op.name in ("cumsum", "cumprod", "cummax", "cummin", "sort", "argsort", "msort", "logcumsumexp", "median", "nanmedian",
                     "mode", "aminmax", "max", "min", "argmax", "argmin", "softmax", "log_softmax", "logsumexp", "topk", "kthvalue"):
        m = torch.tensor([1, 2, math.nan, 2, math.inf, -math.inf, 3, -0.0, 0.0, 4], dtype=torch.float64)
        kwargs = dict(dim=0) if op.name not in ("msort",) and "no_dim" not in op.variant_test_name and "binary" not in op.variant_test_name else {}
        args = (3,) if op.name in ("topk", "kthvalue") else (m.flip(0),) if "binary" in op.variant_test_name else ()
        yield SampleInput(m, args=args, kwargs=kwargs)


def database_cases(names, only):
    for op in database.op_db:
        label = label_of(op)
        if label not in names or only and label not in only:
            continue
        set_sizes(**(dict(S=5, M=6, L=7) if label in FULL_SIZE else dict(S=3, M=4, L=5)))
        torch.manual_seed(1)
        np.random.seed(1)
        random.seed(1)
        skip = names[label]
        before = len(cases.cases)
        for dtype, most in DTYPES.items():
            if dtype not in op.dtypes or dtype.is_complex and label not in COMPLEX:
                continue
            if dtype != torch.float64 and label in FLOAT64 or dtype == torch.bool and label in NO_BOOL:
                continue
            found = [s for s in samples(op, dtype) if not (skip and skip(s))]
            # the samples in a spread order: the first, the last, the middle ones
            order = sorted(range(len(found)), key=lambda i: (i * 0.6180339887) % 1)
            done = 0
            for i in order:
                if done < most and emit(op, label, found[i], dtype):
                    done += 1
        if label not in NO_SPECIAL:
            for s in special_samples(op):
                if not (skip and skip(s)):
                    emit(op, label, s, torch.float64, special=True)
        if op.error_inputs_func is not None and label not in NO_ERRORS:
            done = 0
            for e in op.error_inputs("cpu"):
                if done < 6 and not (skip and skip(e.sample_input)) and error_case(op, label, e):
                    done += 1
        if len(cases.cases) == before:
            print("no case for", label)


def error_case(op, label, e):
    s = e.sample_input
    if "out" in s.kwargs:
        return False
    operands = []
    try:
        args, targs = encode([s.input, *s.args], operands)
        kw = {k: encode(v, operands)[0] for k, v in s.kwargs.items()}
    except Exception:
        return False
    if not operands:
        return False
    try:
        op(s.input, *s.args, **s.kwargs)
        return False
    except Exception:
        pass
    text = e.error_regex
    if not isinstance(s.input, (torch.Tensor, list, tuple)) or not text or "None" in text or "dtype" in text or "scalar type" in text or "data type" in text or sum(x.numel() for x in operands) > LARGEST:
        return False
    c = dict(op=label, args=args, fails=True, name=text[:60])
    c["in"] = [pack(x) for x in operands]
    c["kw"] = kw
    c["only"] = ["float64"]
    cases.cases.append(c)
    return True


def no_axis_of_0d(s):
    """An axis of a tensor that has none."""
    return isinstance(s.input, torch.Tensor) and s.input.dim() == 0 and (s.args or s.kwargs)


def fraction_of_integers(s):
    """A fraction beside integers, which PyTorch cuts."""
    numbers = [v for v in [*s.args, *s.kwargs.values()] if isinstance(v, float)]
    return not s.input.dtype.is_floating_point and not s.input.dtype.is_complex and any(v != int(v) for v in numbers)


def tensors_of_numbers(s):
    return any(isinstance(v, torch.Tensor) for v in s.args)


def dtype_argument(s):
    return s.kwargs.get("dtype") is not None or no_axis_of_0d(s)


def keyword(*names):
    return lambda s: any(s.kwargs.get(n) is not None and s.kwargs[n] is not False for n in names)


# The operators with a counterpart, and which of their samples have none.
TENSOR = dict.fromkeys("""
    abs acos acosh add addcdiv allclose angle asin asinh atan atan2 atanh bitwise_and
    bitwise_left_shift bitwise_not bitwise_or bitwise_right_shift bitwise_xor bmm broadcast_to cat ceil clamp clamp_max
    clamp_min clone conj contiguous copysign cos cosh deg2rad digamma div.floor_rounding div.no_rounding_mode
    dot eq equal erf erfc erfinv exp exp2 expand expm1 flatten floor floor_divide fmax fmin fmod
    frac gcd ge gt heaviside hypot imag isfinite isinf isnan lcm le lgamma log log10 log1p log2 logaddexp
    logaddexp2 logical_and logical_not logical_or logical_xor logit lt matmul max.binary max.reduction_no_dim maximum
    min.binary min.reduction_no_dim minimum mm mul mv nan_to_num ne neg permute
    polygamma.polygamma_n_1 polygamma.polygamma_n_3 positive pow
    rad2deg real reciprocal remainder reshape round round.decimals_3 round.decimals_neg_3 rsqrt rsub select sigmoid
    sign signbit sin sinc sinh sqrt square stack sub t tan tanh transpose true_divide trunc unsqueeze view where
    xlogy __radd__ __rdiv__ __rmatmul__ __rmod__ __rmul__ __rsub__
    nn.functional.celu nn.functional.elu nn.functional.gelu nn.functional.glu nn.functional.hardshrink nn.functional.hardsigmoid
    nn.functional.hardswish nn.functional.leaky_relu nn.functional.logsigmoid nn.functional.mish
    nn.functional.prelu nn.functional.relu nn.functional.relu6 nn.functional.selu nn.functional.silu nn.functional.softplus
    nn.functional.softshrink nn.functional.softsign nn.functional.tanhshrink
    nn.functional.embedding
    """.split())
TENSOR |= dict.fromkeys("amax amin argmax argmin cumsum mean prod sum transpose".split(), dtype_argument)
TENSOR |= dict.fromkeys("addcmul nn.functional.hardtanh nn.functional.threshold".split(), fraction_of_integers)
TENSOR |= dict.fromkeys(["__rpow__", "narrow"], tensors_of_numbers)
TENSOR["sign"] = lambda s: s.input.is_floating_point() and s.input.isnan().any()
TENSOR["lerp"] = lambda s: isinstance(s.args[1], torch.Tensor)
TENSOR["squeeze"] = lambda s: s.args and (s.input.dim() == 0 or s.input.shape[s.args[0]] != 1)

def not_plain_pooling(s):
    """What nnop's windows do not have: images without a batch, dilation, rounding up, indices, padding left out of a mean."""
    k = s.kwargs
    return (s.input.dim() != 4 or k.get("dilation", 1) not in (1, (1, 1)) or k.get("ceil_mode") or k.get("return_indices") or k.get("divisor_override")
            or len(s.args) > 3 or k.get("count_include_pad") is False)


TENSOR |= dict.fromkeys("""
    argsort sort msort topk kthvalue atleast_1d atleast_2d atleast_3d bincount broadcast_tensors chunk split split.list_args
    split_with_sizes unbind column_stack hstack vstack dstack diag diagflat diag_embed diagonal trapezoid trace tril triu flip
    fliplr flipud rot90 roll repeat tile gather take masked_scatter masked_select nonzero argwhere __getitem__ index_put
    repeat_interleave unfold unique unique_consecutive meshgrid.variadic_tensors nn.functional.one_hot
    nn.functional.pad.constant nn.functional.pad.reflect nn.functional.pad.replicate nn.functional.pad.circular
    einsum inner outer vdot kron tensordot index_select index_add index_copy
    """.split(), no_axis_of_0d)
TENSOR |= dict.fromkeys("scatter scatter_add scatter_reduce.sum scatter_reduce.prod scatter_reduce.amax scatter_reduce.amin scatter_reduce.mean logsumexp corrcoef cov".split(),
                        lambda s: s.input.dim() == 0 or not isinstance(s.args[2], torch.Tensor) or s.kwargs.get("include_self") is False or "reduce" in s.kwargs)
TENSOR |= {
    "bucketize": keyword("out_int32", "sorter"), "searchsorted": keyword("out_int32", "sorter"), "full_like": keyword("dtype"),
    "tensor_split": lambda s: not isinstance(s.args[0], int),
    "trapezoid": keyword("dx"),
    "bincount": lambda s: s.kwargs.get("weights") is not None and not s.kwargs["weights"].is_floating_point(), "argsort": lambda s: s.input.dim() == 0,
    "diff": lambda s: s.args[0] != 1 or s.args[2] is not None or s.args[3] is not None,
    "masked_fill": lambda s: isinstance(s.args[1], torch.Tensor), "index_fill": lambda s: isinstance(s.args[2], torch.Tensor) or s.input.dim() == 0,
    "unique": lambda s: not s.kwargs.get("sorted", True) or s.kwargs.get("dim") is not None,
    "unique_consecutive": lambda s: s.kwargs.get("dim") is not None, "nonzero": keyword("as_tuple"),
    "nn.functional.one_hot": lambda s: s.kwargs.get("num_classes") == -1,
    "meshgrid.variadic_tensors": None, "broadcast_tensors": None, "masked_scatter": lambda s: s.args[0].dim() > s.input.dim(), "flip": lambda s: not s.kwargs.get("dims"),
    "nn.functional.pad.circular": lambda s: min(s.args[0]) < 0, "masked_select": None, "repeat": None, "tile": None,
}

TENSOR |= dict.fromkeys("""
    all any logsumexp median nansum nanmean cumprod cummax cummin logcumsumexp corrcoef norm norm.inf norm.fro std var
    std_mean var_mean max.reduction_with_dim min.reduction_with_dim aminmax count_nonzero
    """.split(), dtype_argument)
TENSOR |= {
    "cov": lambda s: s.kwargs.get("fweights") is not None or s.kwargs.get("aweights") is not None, "dist": None,
    "all": lambda s: s.input.dtype == torch.uint8 or no_axis_of_0d(s), "any": lambda s: s.input.dtype == torch.uint8 or no_axis_of_0d(s),
    "quantile": lambda s: isinstance(s.args[0], torch.Tensor) or s.input.dim() == 0,
}

TENSOR |= dict.fromkeys("isclose isin unflatten cartesian_prod block_diag".split())
TENSOR["cartesian_prod"] = lambda s: not s.args
TENSOR["cdist"] = lambda s: s.args[1] == 0
TENSOR["isclose"] = keyword("equal_nan")
TENSOR["isin"] = lambda s: s.kwargs.get("invert") or not isinstance(s.input, torch.Tensor) or not isinstance(s.args[0], torch.Tensor)

NNOP = {
    "softmax": dtype_argument, "log_softmax": dtype_argument,
    "nn.functional.linear": lambda s: not s.input.is_floating_point() or s.input.dim() < 2,
    "nn.functional.conv2d": lambda s: not s.input.is_floating_point() or s.input.dim() != 4 or isinstance(s.kwargs.get("padding"), str),
    "nn.functional.unfold": lambda s: s.input.dim() != 4,
    "nn.functional.max_pool2d": not_plain_pooling,
}


def not_a_plain_matrix_norm(s):
    return not s.input.is_floating_point() or len(s.args) < 2 or tuple(s.args[1]) != (-2, -1)


LINALG = dict.fromkeys("""
    linalg.cond linalg.cross linalg.det linalg.det.singular linalg.eigvalsh linalg.inv
    linalg.lu linalg.matrix_power linalg.multi_dot linalg.qr linalg.slogdet linalg.solve linalg.solve_triangular
    linalg.svdvals linalg.vecdot matrix_exp
    """.split())
LINALG |= {
    "linalg.cholesky": keyword("upper"), "cholesky_solve": keyword("upper"),
    "linalg.vector_norm": lambda s: s.kwargs.get("ord") == 0 or dtype_argument(s) or "dim" in s.kwargs and s.input.dim() == 0,
    "linalg.matrix_power": lambda s: s.args[0] == 0, "linalg.multi_dot": lambda s: not s.input[0].is_floating_point(),
    "linalg.eigvalsh": lambda s: s.kwargs["UPLO"] == "U",
    "linalg.matrix_rank": lambda s: s.kwargs.get("atol") is not None or isinstance(s.kwargs.get("rtol"), torch.Tensor),
    "linalg.pinv": lambda s: isinstance(s.kwargs.get("rtol"), torch.Tensor),
    "linalg.matrix_norm": not_a_plain_matrix_norm,
}

FFT = dict.fromkeys("fft.fft fft.ifft fft.rfft fft.irfft fft.fftshift fft.ifftshift".split())
FFT |= dict.fromkeys("fft.fftn fft.ifftn".split(), keyword("s"))

# What makes an operator's cases different from the others'.
COMPLEX = set("""
    abs add allclose angle broadcast_to cat clone conj contiguous div.no_rounding_mode eq equal expand flatten imag isfinite isinf
    isnan mm mv bmm mul narrow ne neg permute real reshape rsub select squeeze stack sub sum t transpose true_divide
    unsqueeze view __radd__ __rdiv__ __rmul__ __rsub__
    """.split())
FLOAT64 = set("polygamma.polygamma_n_1 polygamma.polygamma_n_3 nn.functional.relu nn.functional.relu6 nn.functional.hardtanh sinc lerp matrix_exp sort argsort topk kthvalue einsum trapezoid scatter_reduce.mean logsumexp corrcoef cov".split())  # no other dtype
FLOAT64_ONLY = {"digamma", "linalg.det.singular"}  # near poles, where all is rounding
NO_GRADIENT = {"angle", "corrcoef", "index_put", "scatter_reduce.prod", "logit", "linalg.slogdet", "cholesky_solve", *FFT}
NO_GRADIENT_OF_NAN = set("""
    abs prod max.binary min.binary maximum minimum nn.functional.relu nn.functional.relu6 nn.functional.elu nn.functional.celu
    nn.functional.selu nn.functional.hardtanh nn.functional.hardshrink
    """.split())
NO_SPECIAL = set("""
    polygamma.polygamma_n_1 polygamma.polygamma_n_3 digamma nn.functional.softshrink nn.functional.hardshrink copysign sign var
    clamp_max clamp_min
    """.split())
ANY_ZERO = set("amax amin max.binary min.binary maximum minimum clamp_max clamp_min nn.functional.elu nn.functional.celu nn.functional.selu nn.functional.logsigmoid nn.functional.relu".split())
NO_BOOL = {"sign", "square", "cummax", "cummin", "scatter_reduce.prod", "scatter_reduce.amax", "scatter_reduce.amin"}
ONE_RESULT = {"median"}  # the index has no counterpart
NO_ERRORS = set("t flipud nn.functional.gelu nn.functional.softshrink nn.functional.prelu nn.functional.embedding linalg.cross roll rot90 trace".split())
FULL_SIZE = {"__getitem__"}  # the indices of the samples are fixed
LOOSE = {}  # tolerances in float32
IMPRECISE = {"nn.functional.celu": 1e-6, "nn.functional.hardsigmoid": 1e-7, "linalg.vector_norm": 1e-6}  # float32 constants in PyTorch

if __name__ == "__main__":
    for names, path in ((TENSOR, "tensor"), (NNOP, "tensor/nnop"), (LINALG, "linalg"), (FFT, "fft")):
        database_cases(names, sys.argv[1:])
        if sys.argv[1:]:
            for c in cases.cases:
                print(c)
            cases.cases.clear()
        elif cases.cases:
            write(path + "/testdata/opinfo.json.gz")
