// Command gen writes the assembly of the kernels for amd64, with avo
// (github.com/mmcloughlin/avo). It is a module of its own, so that users of the
// library need neither avo nor a generator: what it writes is committed.
//
// Every routine is written for two widths, AVX-512 (16 lanes, tails by k-masks)
// and AVX2 with FMA (8 lanes, tails by VMASKMOVPS). To write all again:
//
//	go generate ./internal/kernel/...
//
// For arm64 there are the loops of package vec with NEON (neon.go), written without avo.
package main

import (
	"flag"
	"log"

	. "github.com/mmcloughlin/avo/build"
)

// Commands written in upper case (VADDPS and so on) are instructions, emitted in
// order into the function begun last. Operands stand as in Go's assembler: the
// destination last, and of the sources Intel's last one first.

// kernels names the packages with assembly, and what writes it.
var kernels = map[string]func(){
	"attention": attentionKernels,
	"cell":      cellKernels,
	"chanconv":  channelKernels,
	"direct":    directKernels,
	"dropout":   dropoutKernels,
	"fold":      foldKernels,
	"gemm":      gemmKernels,
	"half":      halfKernels,
	"mixed":     mixedKernels,
	"norm":      normKernels,
	"pooling":   poolingKernels,
	"softmax":   softmaxKernels,
	"transpose": transposeKernels,
	"update":    updateKernels,
	"vec":       vecKernels,
}

func main() {
	log.SetFlags(0)
	set := flag.String("kernels", "", "whose kernels to write: the name of a package")
	calls := flag.String("calls", "", "for vec: the Go file with the calls by op and width")
	neon := flag.String("neon", "", "for vec: the folder for the assembly and calls of arm64, written alone")
	flag.Parse()
	if *set == "vec" && *neon != "" {
		if err := neonVec(*neon); err != nil {
			log.Fatal(err)
		}
		return
	}
	write := kernels[*set]
	if write == nil {
		log.Fatalf("gen: no kernels %q", *set)
	}
	ConstraintExpr("amd64,!noasm")
	write()
	if *calls != "" {
		if err := writeCalls(*calls); err != nil {
			log.Fatal(err)
		}
	}
	Generate()
}
