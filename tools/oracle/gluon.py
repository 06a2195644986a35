#!/usr/bin/env python3
"""Writes the oracle of Gluon's zoo for vision/models, what MXNet 1.9 (with NumPy 1.23) computes, to vision/models/testdata/gluon.json.gz. The
form is that of models.py. Of networks whose last layers are too large only names and shapes are kept.

    python3 tools/oracle/gluon.py
    python3 tools/oracle/gluon.py NAME FILE    writes a .params file of the network with these weights
"""
import gzip
import json
import pathlib
import sys

import numpy as np

np.bool = bool  # MXNet 1.9 wants the old name
import mxnet as mx  # noqa: E402
from mxnet.gluon.model_zoo import vision  # noqa: E402

import generator  # noqa: E402

runs = {"resnet18_v1": 4, "resnet50_v1": 2, "resnet18_v2": 4, "resnet50_v2": 2}
forward = ["densenet121", "squeezenet1.0", "squeezenet1.1"]  # their last pooling wants images of 224 pixels
names = ["alexnet", "vgg11", "vgg16_bn", "resnet34_v1", "resnet101_v2", "densenet169"]


def network(name, side):
    net = vision.get_model(name, classes=10)
    for d in net.features:
        if isinstance(d, mx.gluon.nn.Dropout):
            d._rate = 0
    net.initialize()
    net.cast("float64")
    net(mx.nd.zeros((1, 3, side, side), dtype="float64"))
    params = net._collect_params_with_prefix()
    for k, p in params.items():
        if name.endswith("v2") and k in ("features.0.gamma", "features.0.beta"):
            continue  # fixed to 1 and 0
        p.set_data(mx.nd.array(generator.value(k, p.shape), dtype="float64"))
    return net, params


def run(name, batch):
    side = 224 if name in forward else 64
    net, params = network(name, side)
    shape = (batch, 3, side, side)
    x = mx.nd.array(generator.images(shape), dtype="float64")
    labels = mx.nd.array(np.arange(batch) * 3 % 10)
    case = {"state": {k: list(p.shape) for k, p in params.items()}, "shape": shape, "eval": net(x).asnumpy().ravel().tolist()}
    if name in forward:
        return case
    with mx.autograd.record():
        y = net(x)
        loss = mx.gluon.loss.SoftmaxCrossEntropyLoss()(y, labels).mean()
    loss.backward()
    case.update(train=y.asnumpy().ravel().tolist(), loss=float(loss.asscalar()),
                grads={k: generator.mark(k, p.grad().asnumpy()) for k, p in params.items() if p.grad_req != "null"},
                averages={k: generator.mark(k, p.data().asnumpy()) for k, p in params.items() if ".running_" in k})
    if name.endswith("v2"):  # MXNet moves the averages in the backward pass, which does not reach the first layer
        del case["averages"]["features.0.running_mean"], case["averages"]["features.0.running_var"]
    print(name, case["loss"], np.abs(case["eval"]).max(), np.abs(case["train"]).max())
    return case


def shapes(name):
    net = vision.get_model(name, classes=10)
    net.initialize()
    net(mx.nd.zeros((1, 3, 224, 224)))
    return {"state": {k: list(p.shape) for k, p in net._collect_params_with_prefix().items()}}


if sys.argv[1:]:
    network(sys.argv[1], 64)[0].save_parameters(sys.argv[2])
else:
    cases = {n: run(n, b) for n, b in runs.items()}
    cases.update((n, run(n, 1)) for n in forward)
    cases.update((n, shapes(n)) for n in names)
    target = pathlib.Path(__file__).resolve().parent.parent.parent / "vision/models/testdata/gluon.json.gz"
    target.write_bytes(gzip.compress(json.dumps([dict(name=n, **c) for n, c in cases.items()], separators=(",", ":")).encode(), 9, mtime=0))
