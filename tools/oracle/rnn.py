#!/usr/bin/env python3
"""Writes the oracle of the recurrent operations: what PyTorch's RNN, GRU and LSTM compute, values and gradients, in
float64; for the GRU whose reset gate comes before the product, which PyTorch does not have, a loop over the book's
formulas (9.1).

Wants PyTorch 1.13 or later. Run from the root of the repository:

    python3 tools/oracle/rnn.py

It writes tensor/nnop/testdata/rnn.json.gz and, for stacks of layers, nn/testdata/rnn.json.gz. Operands: x, h0, c0 for the LSTM, the two weights and perhaps the two biases. The
result is the outputs with the last states behind them. "keep" is set for a run backwards, "ints" holds lengths.
"""
import torch
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from cases import cases, differentiable, normal, write


def module(op, size_in, units, bias, backwards):
    kind = dict(rnn_tanh=torch.nn.RNN, rnn_relu=torch.nn.RNN, gru=torch.nn.GRU, lstm=torch.nn.LSTM)[op]
    more = dict(nonlinearity=op[4:]) if op.startswith("rnn") else {}
    return kind(size_in, units, bias=bias, bidirectional=backwards, dtype=torch.float64, **more)


def library(op, backwards, lengths):
    """The layer of PyTorch; a run backwards is the second half of a run in both directions."""
    states = 2 if op == "lstm" else 1

    def f(x, *rest):
        first, params = rest[:states], rest[states:]
        units = first[0].shape[1]
        m = module(op, x.shape[2], units, len(params) > 2, backwards)
        m._flat_weights = [p.detach() for p in params] * backwards + list(params)  # what the layer computes with
        first = [torch.stack([s.detach(), s]) if backwards else s[None] for s in first]
        arg = pack_padded_sequence(x, lengths, enforce_sorted=False) if lengths else x
        y, last = m(arg, tuple(first) if states == 2 else first[0])
        if lengths:
            y, _ = pad_packed_sequence(y, total_length=x.shape[0])
        last = last if states == 2 else (last,)
        return torch.cat([y[:, :, -units:]] + [s[-1:] for s in last])
    return f


def book(backwards, lengths):
    """The book's GRU, step by step."""
    def f(x, h, w_x, w_h, *b):
        units = h.shape[1]
        w_x, w_h = w_x.reshape(3, units, -1), w_h.reshape(3, units, units)
        b = (b[0] + b[1]).reshape(3, units) if b else [0, 0, 0]
        out = [None] * len(x)
        for t in reversed(range(len(x))) if backwards else range(len(x)):
            r = torch.sigmoid(x[t] @ w_x[0].T + h @ w_h[0].T + b[0])
            z = torch.sigmoid(x[t] @ w_x[1].T + h @ w_h[1].T + b[1])
            n = torch.tanh(x[t] @ w_x[2].T + (r * h) @ w_h[2].T + b[2])
            new = z * h + (1 - z) * n
            on = torch.ones(len(h), 1, dtype=torch.bool)
            if lengths:
                on = (torch.tensor(lengths) > t)[:, None]
            h = torch.where(on, new, h)
            out[t] = torch.where(on, new, torch.zeros_like(new))
        return torch.cat([torch.stack(out), h[None]])
    return f


def case(op, steps, batch, size_in, units, bias=True, backwards=False, lengths=None):
    gates = dict(rnn_tanh=1, rnn_relu=1, gru=3, gru_before=3, lstm=4)[op] * units
    f = book(backwards, lengths) if op == "gru_before" else library(op, backwards, lengths)
    ins = [normal(steps, batch, size_in) / 2] + [normal(batch, units) / 4] * (1 + (op == "lstm"))
    ins += [normal(gates, size_in) / 5, normal(gates, units) / 5]
    if bias:
        ins += [normal(gates) / 5, normal(gates) / 5]
    differentiable(op, f, *ins, keep=backwards, ints=lengths or [])


for op in ("rnn_tanh", "rnn_relu", "gru", "gru_before", "lstm"):
    case(op, 1, 1, 1, 1)
    case(op, 4, 3, 2, 5)
    case(op, 3, 2, 4, 3, bias=False)
    case(op, 3, 2, 3, 4, backwards=True)
    case(op, 5, 4, 2, 3, lengths=[2, 5, 1, 4])
    case(op, 5, 3, 2, 3, backwards=True, lengths=[3, 1, 5])
    case(op, 6, 17, 3, 18)
write("tensor/nnop/testdata/rnn.json.gz")


def stack(op, steps, batch, size_in, units, layers=1, both=False, bias=True, batch_first=False):
    """A case of the layer: x, the first states, the parameters in the layer's order; the outputs and the last states."""
    kind = dict(rnn=torch.nn.RNN, relu=torch.nn.RNN, gru=torch.nn.GRU, lstm=torch.nn.LSTM)[op]
    m = kind(size_in, units, layers, bias=bias, bidirectional=both, batch_first=batch_first, dtype=torch.float64,
             **(dict(nonlinearity="relu") if op == "relu" else {}))
    states = 2 if op == "lstm" else 1

    def f(x, *rest):
        m._flat_weights = list(rest[states:])
        y, last = m(x, rest[:2] if states == 2 else rest[0])
        return (y,) + (last if states == 2 else (last,))
    x = normal(*((batch, steps, size_in) if batch_first else (steps, batch, size_in))) / 2
    first = [normal(layers * (1 + both), batch, units) / 4 for _ in range(states)]
    differentiable(op, f, x, *first, *[normal(*p.shape) / 5 for p in m._flat_weights], ints=[units, layers], keep=both,
                   name="batch first" if batch_first else "" if bias else "no bias")
    cases[-1]["grads"][1 + states:] = [None] * len(m._flat_weights)  # they are the layer's, not operands


for op in ("rnn", "relu", "gru", "lstm"):
    stack(op, 3, 2, 3, 4)
    stack(op, 3, 2, 3, 4, layers=2)
    stack(op, 4, 2, 3, 2, both=True, batch_first=True)
    stack(op, 3, 3, 2, 3, layers=3, both=True)
    stack(op, 3, 2, 2, 3, layers=2, bias=False)
write("nn/testdata/rnn.json.gz")
