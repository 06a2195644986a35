package site

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"html"
	"sync"
)

// The formulas of all lessons as MathML, by the hash of their source. go test ./site -run MathML -update makes it anew, with node.
//
//go:embed mathml.json
var mathTable []byte

var mathML = sync.OnceValue(func() map[string]string {
	t := map[string]string{}
	if err := json.Unmarshal(mathTable, &t); err != nil {
		panic("site: mathml.json: " + err.Error()) // a test reads it
	}
	return t
})

// Formula is a formula in a text.
type Formula struct {
	TeX     string
	Display bool
}

// key is the formula's hash.
func (f Formula) key() string {
	kind := "inline:"
	if f.Display {
		kind = "display:"
	}
	sum := sha256.Sum256([]byte(kind + f.TeX))
	return hex.EncodeToString(sum[:12])
}

// html is the formula as MathML, or its source if it was not rendered.
func (f Formula) html() string {
	if m, ok := mathML()[f.key()]; ok {
		return m
	}
	return `<code class="tex">` + html.EscapeString(f.TeX) + `</code>`
}
