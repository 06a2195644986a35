#!/usr/bin/env python3
"""Writes format/safetensors/testdata/reference.safetensors with the format's own
library (PyPI: safetensors, 0.8), and lists files of ours as that library reads them.

    python3 tools/oracle/weights.py [FILE...]
"""
import ctypes
import json
import pathlib
import struct
import sys

import safetensors

root = pathlib.Path(__file__).resolve().parent.parent.parent
arrays = {
    "layer.weight": {"dtype": "float32", "shape": [2, 3], "data": struct.pack("<6f", 0, 1.5, -2, 3, 4, 5)},
    "layer.bias": {"dtype": "float64", "shape": [2], "data": struct.pack("<2d", 0.1, -0.2)},
    "half": {"dtype": "float16", "shape": [3], "data": struct.pack("<3e", 1, -0.5, 65504)},
    "mask": {"dtype": "bool", "shape": [3], "data": bytes([1, 0, 1])},
    "step": {"dtype": "int64", "shape": [], "data": struct.pack("<q", -7)},
    "empty": {"dtype": "uint8", "shape": [0, 4], "data": b""},
    "Größe \"x\"": {"dtype": "int32", "shape": [1, 1], "data": struct.pack("<i", 1 << 30)},
}
target = root / "format/safetensors/testdata"
target.mkdir(parents=True, exist_ok=True)
keep = {name: ctypes.create_string_buffer(a["data"], max(1, len(a["data"]))) for name, a in arrays.items()}
specs = {name: safetensors.TensorSpec(dtype=a["dtype"], shape=a["shape"], data_ptr=ctypes.addressof(keep[name]),
                                      data_len=len(a["data"])) for name, a in arrays.items()}
(target / "reference.safetensors").write_bytes(safetensors.serialize(specs, {"made by": "safetensors"}))
for path in sys.argv[1:]:
    for name, a in safetensors.deserialize(pathlib.Path(path).read_bytes()):
        print(json.dumps([name, a["dtype"], a["shape"], len(a["data"])], ensure_ascii=False))
