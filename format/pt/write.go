package pt

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"iter"
	"math"
	"time"
	"unicode/utf8"

	"github.com/fathom-ml/fathom/internal/atomicfile"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/elem"
)

// Save writes named tensors to a file, in full or not at all, that torch.load reads as an OrderedDict: a state dict.
//
//	err := pt.Save("net.pt", nn.Export(net, nn.TorchNames))
//	net.load_state_dict(torch.load("net.pt"))
//
// Equal contents give equal bytes.
func Save(path string, tensors iter.Seq2[string, *tensor.Tensor]) error {
	return atomicfile.Write(path, func(w io.Writer) error { return Write(w, tensors) })
}

// Write writes what [Save] writes. Names must be UTF-8 and different.
func Write(w io.Writer, tensors iter.Seq2[string, *tensor.Tensor]) error {
	p := program{}
	p.WriteString("\x80\x02" + emptyDict + "(")
	var list []*tensor.Tensor
	seen := map[string]bool{}
	for name, x := range tensors {
		var err error
		switch {
		case x == nil:
			err = errors.New("no tensor")
		case !utf8.ValidString(name) || len(name) > 1<<15:
			err = errors.New("the name is too long or not UTF-8")
		case seen[name]:
			err = errors.New("two tensors have this name")
		}
		if err != nil {
			return fmt.Errorf("pt: tensor %.80q: %w", name, err)
		}
		seen[name] = true
		p.text(name)
		p.tensor(fmt.Sprint(len(list)), x)
		list = append(list, x)
	}
	p.WriteString("u.")
	z := zip.NewWriter(w)
	err := member(z, "data.pkl", p.Bytes())
	for i, x := range list {
		if err == nil {
			err = member(z, fmt.Sprint("data/", i), elem.Bytes(x))
		}
	}
	if err == nil {
		err = member(z, "version", []byte("3\n"))
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		return fmt.Errorf("pt: %w", err)
	}
	return nil
}

// member writes a member as it is, its size and sum before it.
func member(z *zip.Writer, name string, b []byte) error {
	w, err := z.CreateRaw(&zip.FileHeader{Name: "archive/" + name, Method: zip.Store, CRC32: crc32.ChecksumIEEE(b),
		CompressedSize64: uint64(len(b)), UncompressedSize64: uint64(len(b)), Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)})
	if err == nil {
		_, err = w.Write(b)
	}
	return err
}

const emptyDict = "ccollections\nOrderedDict\n)R"

// program is a pickle that is being written.
type program struct{ bytes.Buffer }

func (p *program) text(s string) {
	p.WriteByte('X')
	p.Write(binary.LittleEndian.AppendUint32(nil, uint32(len(s))))
	p.WriteString(s)
}

func (p *program) int(n int) {
	switch {
	case n < 1<<8:
		p.Write([]byte{'K', byte(n)})
	case n <= math.MaxInt32:
		p.Write(binary.LittleEndian.AppendUint32([]byte{'J'}, uint32(n)))
	default:
		p.Write(binary.LittleEndian.AppendUint64([]byte{0x8a, 8}, uint64(n)))
	}
}

func (p *program) tuple(list []int) {
	p.WriteByte('(')
	for _, n := range list {
		p.int(n)
	}
	p.WriteByte('t')
}

// tensor makes a tensor that is all of the storage of a key.
func (p *program) tensor(key string, x *tensor.Tensor) {
	kind := ""
	for name, t := range kinds {
		if t == elem.TypeOf(x.DType()) && name != "UntypedStorage" {
			kind = name
		}
	}
	strides, step := make([]int, x.NDim()), 1
	for i := len(strides) - 1; i >= 0; i-- {
		strides[i] = step
		step *= max(1, x.Dim(i))
	}
	p.WriteString("ctorch._utils\n_rebuild_tensor_v2\n((")
	p.text("storage")
	p.WriteString("ctorch\n" + kind + "\n")
	p.text(key)
	p.text("cpu")
	p.int(x.Size())
	p.WriteString("tQK\x00")
	p.tuple(x.Shape())
	p.tuple(strides)
	p.WriteString("\x89" + emptyDict + "tR")
}
