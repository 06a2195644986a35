// Command gen writes the assembly of the kernels for amd64, with avo
// (github.com/mmcloughlin/avo). It is a module of its own, so that users of the
// library need neither avo nor a generator: what it writes is committed.
//
// Every routine is written for two widths, AVX-512 (16 lanes, tails by k-masks)
// and AVX2 with FMA (8 lanes, tails by VMASKMOVPS). To write all again:
//
//	go generate ./internal/kernel/...
package main

import (
	"flag"
	"log"

	. "github.com/mmcloughlin/avo/build"
)

// Commands written in upper case (VADDPS and so on) are instructions, emitted in
// order into the function begun last. Operands stand as in Go's assembler: the
// destination last, and of the sources Intel's last one first.

func main() {
	log.SetFlags(0)
	set := flag.String("kernels", "", "which kernels to write: vec, gemm, direct, chanconv, dropout, fold or transpose")
	calls := flag.String("calls", "", "for vec: the Go file with the calls by op and width")
	flag.Parse()
	ConstraintExpr("amd64,!noasm")
	switch *set {
	case "vec":
		vecKernels()
		if err := writeCalls(*calls); err != nil {
			log.Fatal(err)
		}
	case "gemm":
		gemmKernels()
	case "direct":
		directKernels()
	case "chanconv":
		channelKernels()
	case "transpose":
		transposeKernels()
	case "fold":
		foldKernels()
	case "dropout":
		dropoutKernels()
	default:
		log.Fatalf("gen: no kernels %q", *set)
	}
	Generate()
}
