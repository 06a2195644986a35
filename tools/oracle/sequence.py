#!/usr/bin/env python3
"""Writes nn/testdata/sequence.json.gz: sequence models by PyTorch in float64 with their parameters under our names, outputs, the gradients of all parameters,
and the losses of ten steps.

Wants PyTorch 1.13 or later. Run from the root of the repository:

    python3 tools/oracle/sequence.py
"""
import gzip
import json
import math

import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(20261127)
torch.set_default_dtype(torch.float64)
out = {}


def pack(t):
    t = t.detach()
    if not t.is_floating_point():
        return {"shape": list(t.shape), "data": [int(v) for v in t.reshape(-1)], "int": True}
    return {"shape": list(t.shape), "data": [float("%.9g" % v) for v in t.reshape(-1).tolist()]}


def names(prefix, module, table):
    """Pairs of our name and a parameter (or a slice of one)."""
    return [(prefix + ours, theirs(module)) for ours, theirs in table]


def dense(prefix, m):
    return [(prefix + ".Weight", m.weight, None)] + ([(prefix + ".Bias", m.bias, None)] if m.bias is not None else [])


def norm(prefix, m):
    return [(prefix + ".Gamma", m.weight, None), (prefix + ".Beta", m.bias, None)]


def mha(prefix, m):
    d = m.embed_dim
    rows = [slice(0, d), slice(d, 2 * d), slice(2 * d, 3 * d)]
    l = []
    for n, r in zip(("Query", "Key", "Value"), rows):
        l += [(prefix + "." + n + ".Weight", m.in_proj_weight, r), (prefix + "." + n + ".Bias", m.in_proj_bias, r)]
    return l + dense(prefix + ".Out", m.out_proj)


def encoder_layer(p, m):
    return mha(p + ".Attention", m.self_attn) + norm(p + ".Norm1", m.norm1) + dense(p + ".FFN.Hidden", m.linear1) + dense(p + ".FFN.Out", m.linear2) + norm(p + ".Norm2", m.norm2)


def decoder_layer(p, m):
    return (mha(p + ".Attention", m.self_attn) + norm(p + ".Norm1", m.norm1) + mha(p + ".Cross", m.multihead_attn) + norm(p + ".Norm2", m.norm2)
            + dense(p + ".FFN.Hidden", m.linear1) + dense(p + ".FFN.Out", m.linear2) + norm(p + ".Norm3", m.norm3))


def stack(p, m, layer):
    l = []
    for i, b in enumerate(m.layers):
        l += layer(f"{p}.Blocks.{i}", b)
    return l + (norm(p + ".Norm", m.norm) if m.norm is not None else [])


def recurrent(p, m):
    l = []
    for k in range(m.num_layers):
        for tag, back in (("", ""), ("_reverse", ".Reverse"))[: 2 if m.bidirectional else 1]:
            for ours, theirs in (("WeightIH", "weight_ih"), ("WeightHH", "weight_hh"), ("BiasIH", "bias_ih"), ("BiasHH", "bias_hh")):
                l.append((f"{p}.Layers.{k}{back}.{ours}", getattr(m, f"{theirs}_l{k}{tag}"), None))
    return l


def shake(model):
    for p in model.parameters():
        with torch.no_grad():
            p.copy_((p + 0.1 * torch.randn_like(p)).float().double())


def case(name, model, table, inputs, forward, loss, lr=0.1):
    """forward(model, inputs) gives the outputs, loss(outputs) a number."""
    shake(model)
    cut = lambda t, r: t if r is None else t[r]
    c = {"params": {n: pack(cut(p, r)) for n, p, r in table}, "inputs": {k: pack(v) for k, v in inputs.items()}}
    y = forward(model, inputs)
    c["y"] = pack(y)
    loss(y).backward()
    c["grads"] = {n: pack(cut(p.grad, r)) for n, p, r in table}
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    c["losses"] = []
    for _ in range(10):
        opt.zero_grad()
        l = loss(forward(model, inputs))
        c["losses"].append(float(l))
        l.backward()
        opt.step()
    out[name] = c


def draw(*shape):
    return torch.randn(*shape).float().double()


# Recurrent language models: embedding, two layers, both directions where it can be, a linear layer.
class LM(nn.Module):
    def __init__(self, kind, both):
        super().__init__()
        self.embed = nn.Embedding(11, 5)
        self.rnn = kind(5, 6, num_layers=2, bidirectional=both)
        self.out = nn.Linear(12 if both else 6, 11)

    def forward(self, x):
        return self.out(self.rnn(self.embed(x))[0])


tokens = torch.randint(0, 11, (7, 3))
following = torch.randint(0, 11, (7, 3))
for name, kind, both in (("rnn", nn.RNN, False), ("gru both", nn.GRU, True), ("lstm", nn.LSTM, False), ("lstm both", nn.LSTM, True)):
    m = LM(kind, both)
    case(name, m, [("Embed.Weight", m.embed.weight, None)] + recurrent("RNN", m.rnn) + dense("Out", m.out), {"x": tokens, "t": following},
         lambda m, i: m(i["x"]), lambda y: F.cross_entropy(y.reshape(-1, 11), following.reshape(-1)), lr=1.0)

# Multi-head attention with a mask and causally.
m = nn.MultiheadAttention(8, 2, batch_first=True)
x, k = draw(2, 4, 8), draw(2, 5, 8)
seen = torch.tensor([[1, 1, 0, 1, 0], [1, 0, 0, 1, 1], [1, 1, 1, 1, 1], [0, 0, 1, 0, 0]]).bool()
case("attention mask", m, [(n[1:], p, r) for n, p, r in mha("", m)], {"x": x, "k": k, "mask": seen.long()},
     lambda m, i: m(i["x"], i["k"], i["k"], attn_mask=~seen)[0], lambda y: y.square().sum(), lr=0.005)
m = nn.MultiheadAttention(8, 4, batch_first=True)
hidden = torch.ones(4, 4).triu(1).bool()
case("attention causal", m, [(n[1:], p, r) for n, p, r in mha("", m)], {"x": x}, lambda m, i: m(i["x"], i["x"], i["x"], attn_mask=hidden)[0],
     lambda y: y.square().sum(), lr=0.005)

# An encoder-decoder, normalised after and before.
for name, pre in (("transformer", False), ("transformer pre", True)):
    m = nn.Transformer(8, 2, num_encoder_layers=2, num_decoder_layers=2, dim_feedforward=12, dropout=0.0, batch_first=True, norm_first=pre, activation="gelu" if pre else "relu")
    if not pre:
        m.encoder.norm = m.decoder.norm = None
    src, tgt = draw(2, 5, 8), draw(2, 4, 8)
    pad = torch.arange(5)[None] >= torch.tensor([5, 3])[:, None]
    case(name, m, stack("Encoder", m.encoder, encoder_layer) + stack("Decoder", m.decoder, decoder_layer), {"src": src, "tgt": tgt, "lengths": torch.tensor([5, 3])},
         lambda m, i: m(i["src"], i["tgt"], tgt_mask=hidden, src_key_padding_mask=pad, memory_key_padding_mask=pad), lambda y: (y - 0.5).square().mean(), lr=0.5)


# BERT: token, segment and place embeddings, a normalisation, blocks normalised after with GELU, a pooled first token, two heads.
class Bert(nn.Module):
    def __init__(self):
        super().__init__()
        self.token, self.segment, self.place = nn.Embedding(13, 8), nn.Embedding(2, 8), nn.Parameter(torch.randn(10, 8))
        self.norm = nn.LayerNorm(8)
        self.body = nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, 16, 0.0, "gelu", batch_first=True), 4)
        self.body.norm = None
        self.pool, self.next, self.mask = nn.Linear(8, 8), nn.Linear(8, 2), nn.Linear(8, 13)

    def forward(self, x, s):
        h = self.norm(self.token(x) + self.segment(s) + self.place[: x.shape[1]])
        h = self.body(h, src_key_padding_mask=x == 0)
        return torch.cat([self.mask(h).reshape(len(x), -1), self.next(torch.tanh(self.pool(h[:, 0])))], 1)


m = Bert()
m.train()  # the fast path of evaluation has no gradients
x = torch.tensor([[3, 5, 1, 7, 2, 9], [4, 4, 12, 0, 0, 0], [1, 2, 3, 4, 5, 0]])
s = torch.tensor([[0, 0, 0, 1, 1, 1], [0, 1, 1, 0, 0, 0], [0, 0, 1, 1, 1, 0]])
case("bert", m, [("Token.Weight", m.token.weight, None), ("Segment.Weight", m.segment.weight, None), ("Place.Weight", m.place, None)] + norm("Norm", m.norm)
     + stack("Body", m.body, encoder_layer) + dense("Pool", m.pool) + dense("Next", m.next) + dense("Mask", m.mask), {"x": x, "s": s},
     lambda m, i: m(i["x"], i["s"]), lambda y: y.square().mean(), lr=0.2)


# GPT-2: twelve blocks normalised before, GELU by tanh, learned places, the output tied to the embedding.
class Block(nn.Module):
    def __init__(self, d, heads):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(d), nn.LayerNorm(d)
        self.self_attn = nn.MultiheadAttention(d, heads, batch_first=True)
        self.linear1, self.linear2 = nn.Linear(d, 4 * d), nn.Linear(4 * d, d)

    def forward(self, x, hidden):
        h = self.norm1(x)
        x = x + self.self_attn(h, h, h, attn_mask=hidden, need_weights=False)[0]
        h = self.linear1(self.norm2(x))
        h = 0.5 * h * (1 + torch.tanh(math.sqrt(2 / math.pi) * (h + 0.044715 * h**3)))
        return x + self.linear2(h)


class GPT(nn.Module):
    def __init__(self):
        super().__init__()
        self.token, self.place = nn.Embedding(17, 8), nn.Parameter(0.1 * torch.randn(12, 8))
        self.layers, self.norm = nn.ModuleList(Block(8, 2) for _ in range(12)), nn.LayerNorm(8)

    def forward(self, x):
        n = x.shape[1]
        hidden = torch.ones(n, n).triu(1).bool()
        h = self.token(x) + self.place[:n]
        for b in self.layers:
            h = b(h, hidden)
        return self.norm(h) @ self.token.weight.T


m = GPT()
x, t = torch.randint(0, 17, (2, 9)), torch.randint(0, 17, (2, 9))
case("gpt", m, [("Token.Weight", m.token.weight, None), ("Place.Weight", m.place, None)] + stack("Body", m, encoder_layer), {"x": x, "t": t},
     lambda m, i: m(i["x"]), lambda y: F.cross_entropy(y.reshape(-1, 17), t.reshape(-1)), lr=0.05)

# Rotary places, by complex numbers.
x = draw(2, 3, 5, 8)
for name, neighbours in (("rotary", False), ("rotary neighbours", True)):
    angle = torch.outer(torch.arange(3, 8).double(), 10000.0 ** (-torch.arange(4).double() / 4))
    z = torch.complex(x[..., 0::2], x[..., 1::2]) if neighbours else torch.complex(x[..., :4], x[..., 4:])
    z = z * torch.exp(1j * angle)
    y = torch.stack([z.real, z.imag], -1).flatten(-2) if neighbours else torch.cat([z.real, z.imag], -1)
    out[name] = {"params": {}, "inputs": {"x": pack(x)}, "y": pack(y), "grads": {}, "losses": []}

with gzip.GzipFile("nn/testdata/sequence.json.gz", "wb", mtime=0) as f:
    f.write(json.dumps(out, separators=(",", ":")).encode())
