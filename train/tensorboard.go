package train

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"math"
	"os"
	"path/filepath"
	"time"

	"github.com/fathom-ml/fathom/nn"
)

// BoardOption is an option of [TensorBoard].
type BoardOption func(o *boardOptions)

type boardOptions struct {
	histograms bool
	every      int
}

// Histograms writes how the values of each parameter are spread, after each epoch.
func Histograms() BoardOption { return func(o *boardOptions) { o.histograms = true } }

// BoardEvery writes the loss after every n updates only.
func BoardEvery(n int) BoardOption { return func(o *boardOptions) { o.every = max(n, 1) } }

// TensorBoard writes an event file into a folder, which TensorBoard shows: the loss ("loss") and the learning rate ("lr") over the updates, and the figures
// of the run over the epochs.
func TensorBoard(dir string, opts ...BoardOption) Callback {
	o := boardOptions{every: 1}
	for _, f := range opts {
		f(&o)
	}
	var file *os.File
	var log *EventWriter
	return Callback{
		Name: "tensorboard",
		Begin: func(r *Run) (err error) {
			if err = os.MkdirAll(dir, 0o777); err != nil {
				return fmt.Errorf("train: TensorBoard: %w", err)
			}
			host, _ := os.Hostname()
			name := fmt.Sprintf("events.out.tfevents.%d.%s.%d.%d", time.Now().Unix(), host, os.Getpid(), r.Step)
			if file, err = os.Create(filepath.Join(dir, name)); err != nil {
				return fmt.Errorf("train: TensorBoard: %w", err)
			}
			log, err = NewEventWriter(file)
			return err
		},
		Step: func(r *Run) error {
			if r.Step%o.every != 0 {
				return nil
			}
			return log.Scalars(r.Step, map[string]float64{"loss": r.Loss, "lr": r.Optimizer.LR()})
		},
		Epoch: func(r *Run) error {
			if err := log.Scalars(r.Epoch, r.Values); err != nil || !o.histograms {
				return err
			}
			for _, p := range nn.Parameters(r.Model) {
				if p.HasValue() {
					if err := log.Histogram(r.Epoch, p.Path, p.Value().Detach().Float64s()); err != nil {
						return err
					}
				}
			}
			return nil
		},
		End: func(r *Run, err error) error {
			if file == nil {
				return nil
			}
			if err := file.Close(); err != nil {
				return fmt.Errorf("train: TensorBoard: %w", err)
			}
			return nil
		},
	}
}

// EventWriter writes TensorBoard's event files: records with a length, checksums (CRC-32C, masked) and an Event in the form of protocol buffers.
type EventWriter struct {
	w   io.Writer
	now func() time.Time
}

// NewEventWriter begins an event file.
func NewEventWriter(w io.Writer) (*EventWriter, error) {
	e := &EventWriter{w, time.Now}
	return e, e.event(0, bytesField(nil, 3, []byte("brain.Event:2")))
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func masked(b []byte) uint32 {
	c := crc32.Checksum(b, castagnoli)
	return (c>>15 | c<<17) + 0xa282ead8
}

// The fields of protocol buffers.
func varint(b []byte, v uint64) []byte { return binary.AppendUvarint(b, v) }
func tag(b []byte, field, wire int) []byte {
	return varint(b, uint64(field)<<3|uint64(wire))
}
func doubleField(b []byte, field int, v float64) []byte {
	return binary.LittleEndian.AppendUint64(tag(b, field, 1), math.Float64bits(v))
}
func bytesField(b []byte, field int, v []byte) []byte {
	return append(varint(tag(b, field, 2), uint64(len(v))), v...)
}
func doublesField(b []byte, field int, vs []float64) []byte {
	var packed []byte
	for _, v := range vs {
		packed = binary.LittleEndian.AppendUint64(packed, math.Float64bits(v))
	}
	return bytesField(b, field, packed)
}

// event writes one record.
func (e *EventWriter) event(step int, what []byte) error {
	data := doubleField(nil, 1, float64(e.now().UnixNano())/1e9)
	data = varint(tag(data, 2, 0), uint64(step))
	data = append(data, what...)
	record := binary.LittleEndian.AppendUint64(nil, uint64(len(data)))
	record = binary.LittleEndian.AppendUint32(record, masked(record))
	record = append(record, data...)
	record = binary.LittleEndian.AppendUint32(record, masked(data))
	if _, err := e.w.Write(record); err != nil {
		return fmt.Errorf("train: TensorBoard: %w", err)
	}
	return nil
}

// Scalars writes named numbers at a step.
func (e *EventWriter) Scalars(step int, values map[string]float64) error {
	var summary []byte
	for _, name := range sorted(values) {
		v := bytesField(nil, 1, []byte(name))
		v = binary.LittleEndian.AppendUint32(tag(v, 2, 5), math.Float32bits(float32(values[name])))
		summary = bytesField(summary, 1, v)
	}
	return e.event(step, bytesField(nil, 5, summary))
}

// Histogram writes how values are spread at a step, in 30 bins of equal width. Those that are not finite are left out.
func (e *EventWriter) Histogram(step int, name string, values []float64) error {
	const bins = 30
	least, most, sum, squares, n := math.Inf(1), math.Inf(-1), 0.0, 0.0, 0.0
	for _, v := range values {
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			least, most, sum, squares, n = min(least, v), max(most, v), sum+v, squares+v*v, n+1
		}
	}
	if n == 0 {
		return nil
	}
	limits, counts := make([]float64, bins), make([]float64, bins)
	for i := range limits {
		limits[i] = least + (most-least)*float64(i+1)/bins
	}
	limits[bins-1] = math.Nextafter(most, math.Inf(1))
	for _, v := range values {
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			i := 0
			if most > least {
				i = min(int((v-least)/(most-least)*bins), bins-1)
			}
			counts[i]++
		}
	}
	var h []byte
	for i, v := range []float64{least, most, n, sum, squares} {
		h = doubleField(h, i+1, v)
	}
	h = doublesField(doublesField(h, 6, limits), 7, counts)
	v := bytesField(bytesField(nil, 1, []byte(name)), 5, h)
	return e.event(step, bytesField(nil, 5, bytesField(nil, 1, v)))
}
