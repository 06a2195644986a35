"""Writes frame/testdata/pandas.json: what pandas 1.5 makes of small tables. Run from the repository root."""
import io, json
import numpy as np
import pandas as pd

TABLES = {
    "house": "NumRooms,Alley,Price\nNA,Pave,127500\n2,NA,106000\n4,NA,178100\nNA,NA,140000\n",
    "kinds": 'id,x,flag,name,note\n1,1.5,True,ann,"a, b"\n-22,-3.25,False,bob,\n303,1e3,True,"c""d",NULL\n4,,False,é,x\n',
    "scales": "a,b,c,d\n1e-9,1234567.25,1e12,0.1\n2,3,4,0.25\n,-5,6,100000\n",
    "short": "a,b,c\n1,2\n3\n4,5,6\n",
    "wide": ",".join(f"column{i}" for i in range(15)) + "\n" + "\n".join(",".join(str(i * j / 4) for j in range(15)) for i in range(3)) + "\n",
    "wider": ",".join(f"c{i}" for i in range(25)) + "\n" + "\n".join(",".join(str(i * j) for j in range(25)) for i in range(2)) + "\n",
    "long": "k,v\n" + "\n".join(f"{'abc'[i % 3]},{i * i}" for i in range(70)) + "\n",
    "text": "t\n" + "x" * 60 + "\nshort\n",
    "groups": "g,a,b,t\nx,1,1.5,p\ny,2,2.5,q\nx,3,,r\n,4,4.5,s\ny,6,8,\nx,5,2,p\n",
    "inf": "a\ninf\n-inf\n1\n",
}

def num(v):
    v = float(v)
    return "NaN" if np.isnan(v) else "inf" if v == np.inf else "-inf" if v == -np.inf else v

def column(s):
    if s.dtype == object:
        return [None if pd.isna(v) else str(v) for v in s]
    return [num(v) for v in s]

def frame(f):
    f = f.copy()
    return {"names": [str(c) for c in f.columns], "kinds": [str(t) for t in f.dtypes], "cols": [column(f[c]) for c in f.columns],
            "text": str(f), "csv": f.to_csv(index=False)}

pd.set_option("display.max_columns", 20)  # as in a notebook
out = {}
for name, text in TABLES.items():
    f = pd.read_csv(io.StringIO(text))
    case = {"in": text, "read": frame(f)}
    numeric = f.select_dtypes("number")
    case["mean"] = [num(numeric[c].mean()) for c in numeric]
    case["std"] = [num(numeric[c].std()) for c in numeric]
    case["q30"] = [num(numeric[c].quantile(0.3)) for c in numeric]
    filled = f.fillna(f.mean(numeric_only=True))
    case["filled"] = frame(filled)
    if name != "text":
        hot = pd.get_dummies(f, dummy_na=True)
        case["hot"] = frame(hot)
    case["twice"] = frame(pd.concat((f, f.iloc[:, 1:])))
    if name in ("groups", "long"):
        key = f.columns[0]
        g = f.groupby(key)
        case["mean_by"] = frame(g.mean(numeric_only=True).reset_index())
        case["sum_by"] = frame(g.sum(numeric_only=True).reset_index())
        case["size_by"] = frame(g.size().reset_index(name="size"))
        case["sorted"] = frame(f.sort_values(f.columns[1], ascending=False, kind="stable"))
        case["by_key"] = frame(f.sort_values(key, kind="stable"))
    out[name] = case
json.dump(out, open("frame/testdata/pandas.json", "w"), indent=0, ensure_ascii=False)
