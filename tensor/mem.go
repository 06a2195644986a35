package tensor

import (
	"os"
	"sync/atomic"
	"unsafe"

	"github.com/fathom-ml/fathom/internal/pool"
)

// buffer is the memory behind one or more tensors. A released buffer has no memory and never comes back; only its
// memory does, so a handle that is used too late finds p == nil and never a wrong number.
type buffer struct {
	p      unsafe.Pointer
	n      int         // bytes
	ver    uint32      // raised by every write in place
	recVer uint32      // version after the last recorded write
	class  int8        // size class of the pool; -1: plain Go memory
	leaf   bool        // a leaf lives here
	pinned atomic.Bool // a raw slice was handed out: never recycle
	slots  int32       // gradient slots that hold it, used by Backward only
	home   *Scope      // the scope that will release it
	gone   *releaser   // who released it
	mark   *mark       // under TraceSites
}

const plain = -1

// smallBytes is the size up to which handle, buffer and data share one allocation.
const smallBytes = 64

type small struct {
	t Tensor
	b buffer
	d [smallBytes / 8]uint64
}

type smallRecorded struct {
	small
	n Node
}

func offset(p unsafe.Pointer, n int) unsafe.Pointer { return unsafe.Add(p, n) }

// alloc makes an uninitialised result in scope s, and a node beside it if rec. Large results keep the node apart from
// the handle, so that the graph does not hold every activation.
func alloc(shape []int, dt DType, s *Scope, rec bool) (t *Tensor, nd *Node) {
	bytes := numel(shape) * dt.Size()
	if bytes <= smallBytes {
		if rec {
			a := new(smallRecorded)
			t, nd = &a.t, &a.n
			t.buf, a.b.p = &a.b, unsafe.Pointer(&a.d)
		} else {
			a := new(small)
			t = &a.t
			t.buf, a.b.p = &a.b, unsafe.Pointer(&a.d)
		}
		t.buf.n, t.buf.class = bytes, plain
	} else {
		t = new(Tensor)
		t.buf = new(buffer)
		t.buf.n = bytes
		if s == nil { // nobody will give it back: plain Go memory
			t.buf.p, t.buf.class = device.Alloc(bytes), plain
		} else {
			t.buf.p, t.buf.class = pool.Buffers.Get(bytes)
		}
		if rec {
			nd = new(Node)
		}
	}
	t.dt, t.scope = dt, s
	t.setShape(shape)
	if s != nil && len(shape) > 0 { // a 0-d result, a loss, survives every scope
		s.adopt(t.buf)
	}
	if watch.Load()&watchSites != 0 {
		trace(t.buf)
	}
	return t, nd
}

// release gives the memory back; who appears in the panic of the next use.
func (b *buffer) release(who *releaser) {
	if b.p == nil {
		return
	}
	p := b.p
	b.p, b.gone = nil, who
	if b.mark != nil {
		b.mark.drop()
	}
	if poison && !b.pinned.Load() {
		d := unsafe.Slice((*byte)(p), b.n)
		for i := range d {
			d[i] = 0xff // NaN in every float type
		}
	}
	if b.class != plain {
		if b.pinned.Load() {
			pool.Buffers.Forget(b.class)
		} else {
			pool.Buffers.Put(p, b.class)
		}
	}
}

// disown turns pool memory into plain Go memory, when no scope will release it.
func (b *buffer) disown() {
	if b.class != plain {
		pool.Buffers.Forget(b.class)
		b.class = plain
		if b.mark != nil {
			b.mark.leavePool()
		}
	}
	b.home = nil
}

var poison = os.Getenv("FATHOM_POISON") == "1"
