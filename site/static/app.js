// The live parts of a lesson's page: run, stop, edit, save, compare.
"use strict";
(() => {
  const article = document.querySelector("article[data-section]");
  if (!article) return;
  const section = article.dataset.section;
  const numbers = JSON.parse(article.dataset.figures || "{}");
  const form = document.getElementById("run");
  const $ = (sel, root = form) => root.querySelector(sel);
  const status = $(".status"), problem = $(".problem"), bar = $(".progress");
  const cells = [...document.querySelectorAll(".cell")];
  const story = cells.filter((c) => !c.classList.contains("decl"));
  let run = 0, source = null, at = null, editing = false;

  const post = async (path, data) => {
    const r = await fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(data) });
    if (!r.ok) throw new Error((await r.text()).trim());
    return r.json();
  };
  const edits = () => cells.filter((c) => $(".source", c).value !== $(".source", c).defaultValue)
    .map((c) => ({ from: +c.dataset.from, to: +c.dataset.to, code: $(".source", c).value }));
  const request = () => {
    const set = {};
    for (const i of form.querySelectorAll(".params input:not([type=checkbox])")) if (i.value.trim() !== "") set[i.name] = i.value.trim();
    return { section, set, quick: form.elements.quick.checked, edits: edits() };
  };

  // The lines of an edited cell shift those behind it.
  const cellAt = (line, changed) => {
    let found = null, shift = 0;
    for (const c of cells.slice().sort((a, b) => a.dataset.from - b.dataset.from)) {
      const e = changed.find((x) => x.from === +c.dataset.from);
      if (+c.dataset.from + shift <= line && !c.classList.contains("decl")) found = c;
      if (e) shift += e.code.replace(/\n+$/, "").split("\n").length - (e.to - e.from + 1);
    }
    return found;
  };

  const clear = () => {
    for (const c of cells) { $(".outputs", c).replaceChildren(); c.classList.remove("wrong"); }
    problem.hidden = true; bar.hidden = true; at = story[0];
  };
  const fail = (text, changed) => {
    problem.textContent = text; problem.hidden = false;
    const m = /lesson\.go:(\d+)/.exec(text);
    if (m) {
      let line = +m[1], shift = 0;
      for (const c of cells.slice().sort((a, b) => a.dataset.from - b.dataset.from)) {
        const e = (changed || []).find((x) => x.from === +c.dataset.from);
        const n = e ? e.code.replace(/\n+$/, "").split("\n").length : +c.dataset.to - c.dataset.from + 1;
        if (line >= +c.dataset.from + shift && line < +c.dataset.from + shift + n) {
          c.classList.add("wrong"); c.scrollIntoView({ block: "center" });
          problem.textContent = "line " + (line - c.dataset.from - shift + 1) + " of the marked cell: " + text;
        }
        if (e) shift += n - (e.to - e.from + 1);
      }
    }
  };
  const element = (tag, cls, text) => { const e = document.createElement(tag); if (cls) e.className = cls; if (text !== undefined) e.textContent = text; return e; };
  const svg = (text) => {
    const doc = new DOMParser().parseFromString(text, "image/svg+xml");
    return document.importNode(doc.documentElement, true);
  };
  const place = (m, changed) => { if (m.line) at = cellAt(m.line, changed) || at; return $(".outputs", at); };

  const show = (m, changed) => {
    switch (m.type) {
      case "text": {
        const out = place(m, changed), last = out.lastElementChild;
        if (last && last.matches("pre.out")) last.textContent += m.text; else { const o = element("pre", "out", m.text); o.tabIndex = 0; out.append(o); }
        break;
      }
      case "notice": { const p = element("p", "notice", m.text); p.setAttribute("role", "note"); place(m, changed).append(p); break; }
      case "result": place(m, changed).append(element("p", "result", m.text)); break;
      case "table": {
        const t = element("table", "out"), h = t.createTHead().insertRow(), b = t.createTBody();
        for (const c of m.header || []) { const th = element("th", "", c); th.scope = "col"; h.append(th); }
        for (const r of m.rows || []) { const tr = b.insertRow(); for (const c of r) tr.insertCell().textContent = c; }
        const s = element("div", "scroll"); s.tabIndex = 0; s.append(t); place(m, changed).append(s); break;
      }
      case "figure": {
        const out = place(m, changed);
        let f = [...out.querySelectorAll("figure")].find((x) => x.dataset.name === m.name);
        if (!f) {
          f = element("figure"); f.dataset.name = m.name; out.append(f);
          const d = element("div"); d.setAttribute("role", "img"); f.append(d);
          if (numbers[m.name]) { document.getElementById("fig-" + m.name)?.remove(); f.id = "fig-" + m.name; f.append(element("figcaption", "", "Figure " + numbers[m.name])); }
        }
        f.firstChild.setAttribute("aria-label", m.alt || m.name);
        f.firstChild.replaceChildren(svg(m.svg));
        break;
      }
      case "progress":
        bar.hidden = !!m.done;
        $("progress", bar).value = m.total ? m.count / m.total : 0;
        $("span", bar).textContent = [m.name, m.total ? m.count + "/" + m.total : m.count, m.text].filter(Boolean).join(" · ");
        break;
      case "metric": curvesSoon(); break;
      case "end":
        status.textContent = m.ok ? "done in " + m.seconds.toFixed(1) + " s" : (m.error === "stopped" ? "stopped" : "failed");
        if (!m.ok && m.error !== "stopped") fail(m.error, changed);
        finish(); history();
        break;
    }
  };
  const finish = () => { if (source) source.close(); source = null; run = 0; $(".go").disabled = false; $(".stop").disabled = true; bar.hidden = true; };

  const start = async () => {
    if (run) return;
    const q = request();
    clear(); status.textContent = q.edits.length ? "compiling…" : "starting…"; $(".go").disabled = true;
    try { run = (await post("/api/run", q)).id; } catch (e) { status.textContent = "failed"; fail(e.message, q.edits); finish(); return; }
    $(".stop").disabled = false;
    source = new EventSource("/api/events/" + run);
    source.onmessage = (e) => { const m = JSON.parse(e.data); if (m.type === "begin") status.textContent = "running…"; show(m, q.edits); };
    source.onerror = () => { if (source && source.readyState === EventSource.CLOSED) { status.textContent = "the connection is gone"; finish(); } };
  };
  form.addEventListener("submit", (e) => { e.preventDefault(); start(); });
  $(".stop").addEventListener("click", () => run && post("/api/stop/" + run, {}));

  const fit = (t) => { t.rows = t.value.split("\n").length; };
  const mark = () => { const n = edits().length; $(".save").hidden = $(".reset").hidden = n === 0; };
  $(".edit").addEventListener("click", () => {
    editing = !editing;
    $(".edit").textContent = editing ? "Show" : "Edit";
    for (const c of cells) {
      const t = $(".source", c); t.hidden = !editing; fit(t);
      $(".code", c).hidden = editing;
      if (!editing && t.value !== t.defaultValue) { $(".code", c).textContent = t.value; }
    }
  });
  for (const c of cells) {
    const t = $(".source", c);
    t.addEventListener("input", () => { fit(t); mark(); });
    t.addEventListener("keydown", (e) => {
      if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) { e.preventDefault(); start(); }
      if (e.key === "Tab" && !e.shiftKey && !e.altKey && t.dataset.tabs !== "off") { e.preventDefault(); t.setRangeText("\t", t.selectionStart, t.selectionEnd, "end"); t.dispatchEvent(new Event("input")); }
      if (e.key === "Escape") t.dataset.tabs = "off"; // Tab leaves the field then
    });
    t.addEventListener("blur", () => delete t.dataset.tabs);
  }
  $(".reset").addEventListener("click", () => { for (const c of cells) { const t = $(".source", c); t.value = t.defaultValue; fit(t); } mark(); });
  $(".save").addEventListener("click", async () => {
    try { await post("/api/save", request()); status.textContent = "saved; rebuild fathom to see it here"; } catch (e) { fail(e.message, []); }
  });

  // The curves of all runs, this one as it grows: drawn at most twice a second.
  let due = 0;
  const curves = async () => {
    due = 0;
    const c = await fetch("/api/curves/" + section);
    if (!c.ok) return;
    const f = svg(await c.text());
    f.setAttribute("role", "img"); f.setAttribute("aria-label", "curves of the runs");
    document.querySelector(".curves").replaceChildren(f);
  };
  const curvesSoon = () => { if (!due) due = setTimeout(curves, 500); };
  const history = async () => {
    const runs = await (await fetch("/api/history/" + section)).json();
    const box = document.querySelector(".history"), table = $("table", box), body = $("tbody", box);
    if (!runs.length) return;
    $(".none", box).hidden = true; table.hidden = false; body.replaceChildren();
    for (const r of runs.slice().reverse()) {
      const tr = body.insertRow();
      const params = Object.entries(r.params || {}).map(([k, v]) => k + "=" + v).concat(r.quick ? ["quick"] : [], r.edited ? ["edited"] : []).join(" ");
      const results = Object.entries(r.results).map(([k, v]) => k + " " + v.toPrecision(4)).join(", ");
      for (const x of ["" + r.id, params || "as given", r.error ? r.error.split("\n")[0] : results, r.seconds.toFixed(1) + " s"]) tr.insertCell().textContent = x;
    }
    curves();
  };
  history();
})();
