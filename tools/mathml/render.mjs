// Renders formulas to MathML: reads {"formulas": [{"tex": ..., "display": ...}]} from the standard input and writes [mathml or {"error": ...}].
// Run through: npm install --prefix tools/mathml && go test ./site -run MathML -update
import temml from "temml";

let text = "";
for await (const chunk of process.stdin) text += chunk;
const out = JSON.parse(text).formulas.map(({ tex, display }) => {
  try {
    return temml.renderToString(tex, { displayMode: display, throwOnError: true, trust: false });
  } catch (e) {
    return { error: String(e.message ?? e) };
  }
});
process.stdout.write(JSON.stringify(out));
