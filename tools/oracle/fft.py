#!/usr/bin/env python3
"""Writes the oracle of package fft: NumPy's transforms in float64.

    python3 tools/oracle/fft.py
"""
import numpy as np

from cases import differentiable, normal, plain, torch, write

NORMS = ["backward", "ortho", "forward"]


def numbers(*shape):
    return normal(*shape) + 1j * normal(*shape)


def attributes(n, axis, norm):
    return dict(ints=[n or 0, NORMS.index(norm)], axes=[axis])


for shape, axis in [((1,), 0), ((2,), 0), ((5,), -1), ((8,), 0), ((12,), 0), ((97,), 0), ((3, 4), 0), ((3, 4), 1), ((2, 5, 3), 1), ((2, 3, 7), -1),
                    ((2, 1), 1)]:
    for n in (None, 1, 4, 6, 15):
        for norm in NORMS:
            if norm != "backward" and n not in (None, 6):
                continue
            for op, x in [("fft", normal(*shape)), ("fft", numbers(*shape)), ("ifft", numbers(*shape)), ("rfft", normal(*shape)),
                          ("irfft", numbers(*shape))]:
                if op == "irfft" and n is None and shape[axis] == 1:
                    continue
                f = getattr(np.fft, op)
                plain(op, lambda x: f(x, n, axis, norm), x, rtol=[1e-12, 1e-6], **attributes(n, axis, norm))
for shape in [(3, 4), (2, 5, 6), (1, 1)]:
    for norm in NORMS:
        for op in ("fft2", "ifft2", "fftn", "ifftn"):
            f = getattr(np.fft, op)
            plain(op, lambda x: f(x, norm=norm), numbers(*shape), rtol=[1e-12, 1e-6], **attributes(0, 0, norm))
            plain(op, lambda x: f(x, norm=norm), normal(*shape), rtol=[1e-12, 1e-6], **attributes(0, 0, norm))
plain("fftn", lambda x: np.fft.fftn(x, axes=(0, 2)), normal(3, 2, 4), ints=[0, 0], axes=[0, 2], name="axes")
plain("fft", np.fft.fft, np.zeros((0, 4)), **attributes(0, -1, "backward"))
plain("rfft", np.fft.rfft, np.zeros((2, 0, 4)), **attributes(0, -1, "backward"))
for n in (1, 2, 5, 8):
    for d in (1.0, 0.1):
        plain("fftfreq", lambda x: np.fft.fftfreq(n, d).astype(np.float32), np.zeros(()), ints=[n], floats=[d], only=["float32"])
        plain("rfftfreq", lambda x: np.fft.rfftfreq(n, d).astype(np.float32), np.zeros(()), ints=[n], floats=[d], only=["float32"])
for shape, axes in [((5,), []), ((6,), [0]), ((3, 4), []), ((3, 4), [1]), ((2, 3, 5), [0, -1]), ((0,), [])]:
    for op in ("fftshift", "ifftshift"):
        f = getattr(np.fft, op)
        plain(op, lambda x: f(x, axes or None), numbers(*shape) if 0 not in shape else np.zeros(shape), axes=axes)
        if torch and 0 not in shape:
            g = getattr(torch.fft, op)
            differentiable(op, lambda x: g(x, axes or None), normal(*shape), axes=axes)
write("fft/testdata/fft.json.gz")
