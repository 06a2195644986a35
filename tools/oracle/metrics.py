#!/usr/bin/env python3
"""Writes metric/testdata/metrics.json: metrics by scikit-learn and NLTK on small data; mean average precision by brute force.

Run from the root of the repository:

    python3 tools/oracle/metrics.py
"""
import json
import math
import os

import numpy as np
from nltk.translate.bleu_score import corpus_bleu
from sklearn import metrics as sk

r = np.random.default_rng(20261127)
out = {}

scores = np.round(r.normal(size=(60, 5)), 2)
labels = r.integers(0, 5, 60)
pred = scores.argmax(1)
out["classes"] = {
    "scores": scores.tolist(), "labels": labels.tolist(),
    "accuracy": sk.accuracy_score(labels, pred), "top2": sk.top_k_accuracy_score(labels, scores, k=2), "top3": sk.top_k_accuracy_score(labels, scores, k=3),
    "confusion": sk.confusion_matrix(labels, pred).tolist(),
    "precision": sk.precision_score(labels, pred, average="macro"), "recall": sk.recall_score(labels, pred, average="macro"),
    "f1": sk.f1_score(labels, pred, average="macro"), "iou": sk.jaccard_score(labels, pred, average="macro"),
    "perplexity": math.exp(sk.log_loss(labels, np.exp(scores) / np.exp(scores).sum(1, keepdims=True))),
}
s, y = np.round(r.normal(size=200), 1), r.integers(0, 2, 200)  # many ties
hard = (s > 0).astype(int)
out["binary"] = {"scores": s.tolist(), "labels": y.tolist(), "auc": sk.roc_auc_score(y, s), "ap": sk.average_precision_score(y, s),
                 "precision": sk.precision_score(y, hard), "recall": sk.recall_score(y, hard), "f1": sk.f1_score(y, hard)}
p, t = r.normal(3, 2, 50), r.normal(3, 2, 50)
p = p + t
out["numbers"] = {"pred": p.tolist(), "label": t.tolist(), "RMSE": math.sqrt(sk.mean_squared_error(t, p)), "MSE": sk.mean_squared_error(t, p),
                  "MAE": sk.mean_absolute_error(t, p), "R2": sk.r2_score(t, p), "correlation": float(np.corrcoef(p, t)[0, 1])}
words = "a b c d e f".split()


def near(ref):  # a sentence like ref
    s = [w if r.random() < 0.75 else str(r.choice(words)) for w in ref]
    return s[: max(4, len(s) - int(r.integers(0, 3)))]


refs = [[[str(w) for w in r.choice(words, int(r.integers(7, 12)))] for _ in range(2)] for _ in range(12)]
hyps = [near(x[0]) for x in refs]
out["bleu"] = {"refs": refs, "hyps": hyps, "bleu4": corpus_bleu(refs, hyps), "bleu2": corpus_bleu(refs, hyps, weights=(0.5, 0.5))}

rel = r.integers(0, 2, (20, 15))
rel[:, 0] |= rel.sum(1) == 0
rank = -np.arange(15.0)
out["ranking"] = {"relevance": rel.tolist(), "ndcg": float(np.mean([sk.ndcg_score([row], [rank], k=5) for row in rel])),
                  "auc": float(np.mean([sk.roc_auc_score(row, rank) for row in rel if 0 < row.sum() < 15])), "hit": float(np.mean(rel[:, :5].any(1)))}


def box():
    a, b = r.uniform(0, 80, 2)
    return [float(a), float(b), float(a + r.uniform(10, 30)), float(b + r.uniform(10, 30))]


def iou(a, b):
    w, h = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    both = max(w, 0) * max(h, 0)
    return both / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - both)


images = []
for _ in range(8):
    truth = [(int(r.integers(0, 3)), box()) for _ in range(int(r.integers(1, 6)))]
    det = []
    for c, b in truth:
        for _ in range(int(r.integers(0, 3))):
            j = [float(v + r.normal(0, 2.5)) for v in b]
            det.append((c if r.random() < 0.9 else int(r.integers(0, 3)), float(np.round(r.random(), 3)), j))
    det += [(int(r.integers(0, 3)), float(np.round(r.random() / 2, 3)), box()) for _ in range(2)]
    images.append({"truth": truth, "det": det})


def ap(cls, least, how):
    dets = sorted(((s, k, b) for k, im in enumerate(images) for c, s, b in im["det"] if c == cls), key=lambda d: -d[0])
    taken, flags = set(), []
    n = sum(c == cls for im in images for c, _ in im["truth"])
    for s, k, b in dets:
        best = max(((iou(b, tb), i) for i, (c, tb) in enumerate(images[k]["truth"]) if c == cls and (k, i) not in taken and iou(b, tb) >= least), default=None)
        if best:
            taken.add((k, best[1]))
        flags.append(bool(best))
    hits = np.cumsum(flags)
    rec, prec = hits / n, hits / np.arange(1, len(flags) + 1)
    at = lambda x: max([q for q, v in zip(prec, rec) if v >= x - 1e-12], default=0)
    if how == "area":
        xs = sorted(set(rec))
        return sum((b - a) * at(b) for a, b in zip([0] + xs, xs))
    m = 10 if how == "11" else 100
    return np.mean([at(i / m) for i in range(m + 1)])


def mean_ap(how, levels):
    return float(np.mean([ap(c, l, how) for c in range(3) for l in levels]))


out["detection"] = {"images": images, "area": mean_ap("area", [0.5]), "11": mean_ap("11", [0.5]),
                    "coco": mean_ap("101", [0.5 + 0.05 * i for i in range(10)])}
os.makedirs("metric/testdata", exist_ok=True)
json.dump(out, open("metric/testdata/metrics.json", "w"), separators=(",", ":"))
