package metric

import (
	"cmp"
	"math"
	"slices"
)

// Box is a rectangle in an image: its corners, its class, and, of a detection, its score.
type Box struct {
	Class          int
	Score          float64
	X1, Y1, X2, Y2 float64
}

// Area is the area, 0 if a side is negative.
func (b Box) Area() float64 { return max(b.X2-b.X1, 0) * max(b.Y2-b.Y1, 0) }

// IoU is the area that both boxes cover over the area that one of them covers (13.4).
func (b Box) IoU(c Box) float64 {
	both := Box{X1: max(b.X1, c.X1), Y1: max(b.Y1, c.Y1), X2: min(b.X2, c.X2), Y2: min(b.Y2, c.Y2)}.Area()
	if union := b.Area() + c.Area() - both; union > 0 {
		return both / union
	}
	return 0
}

// Interpolation is how a curve of precision over recall becomes a number.
type Interpolation int

// The ways. In all of them the precision at a recall is the greatest at that recall or beyond.
const (
	Area      Interpolation = iota // the area under the curve (VOC since 2010)
	Points11                       // the mean at recalls 0, 0.1, ..., 1 (VOC 2007)
	Points101                      // the mean at recalls 0, 0.01, ..., 1 (COCO)
)

// MAP is the mean average precision of detections (Everingham et al., 2010): for each class, detections in the order of their scores take, of the boxes of that
// class in their image that are not taken yet, the one with which they overlap most, if the overlap reaches a threshold, as in COCO; precision and recall follow.
type MAP struct {
	thresholds []float64
	how        Interpolation
	found      map[int][]match // of each class
	truths     map[int]float64
}

type match struct {
	score float64
	right []bool // at each threshold
}

// NewMAP returns a mean average precision at the given overlaps, 0.5 if none is given; the value is the mean over them. COCO's is
// NewMAP(metric.Points101, 0.5, 0.55, ..., 0.95).
func NewMAP(how Interpolation, overlaps ...float64) *MAP {
	if len(overlaps) == 0 {
		overlaps = []float64{0.5}
	}
	return &MAP{thresholds: overlaps, how: how, found: map[int][]match{}, truths: map[int]float64{}}
}

// Add takes in the detections and the true boxes of one image.
func (m *MAP) Add(detections, truths []Box) {
	for _, t := range truths {
		m.truths[t.Class]++
	}
	sorted := slices.Clone(detections)
	slices.SortStableFunc(sorted, func(a, b Box) int { return cmp.Compare(b.Score, a.Score) })
	taken := make([][]bool, len(m.thresholds))
	for k := range taken {
		taken[k] = make([]bool, len(truths))
	}
	for _, d := range sorted {
		f := match{d.Score, make([]bool, len(m.thresholds))}
		for k, least := range m.thresholds {
			best := -1
			for i, t := range truths {
				if t.Class == d.Class && !taken[k][i] {
					if o := d.IoU(t); o >= least && (best < 0 || o > d.IoU(truths[best])) {
						best = i
					}
				}
			}
			if best >= 0 {
				taken[k][best], f.right[k] = true, true
			}
		}
		m.found[d.Class] = append(m.found[d.Class], f)
	}
}

// Class is the average precision of one class, the mean over the thresholds; NaN if it has no true box.
func (m *MAP) Class(class int) float64 {
	sum := 0.0
	for k := range m.thresholds {
		sum += m.average(class, k)
	}
	return sum / float64(len(m.thresholds))
}

func (m *MAP) average(class, k int) float64 {
	all := m.truths[class]
	if all == 0 {
		return math.NaN()
	}
	found := slices.Clone(m.found[class])
	slices.SortStableFunc(found, func(a, b match) int { return cmp.Compare(b.score, a.score) })
	var recall, precision []float64
	hits := 0.0
	for i, f := range found {
		if f.right[k] {
			hits++
		}
		recall, precision = append(recall, hits/all), append(precision, hits/float64(i+1))
	}
	for i := len(precision) - 2; i >= 0; i-- {
		precision[i] = max(precision[i], precision[i+1])
	}
	if m.how == Area {
		sum, before := 0.0, 0.0
		for i, r := range recall {
			sum += (r - before) * precision[i]
			before = r
		}
		return sum
	}
	points := map[Interpolation]int{Points11: 10, Points101: 100}[m.how]
	sum := 0.0
	for p := range points + 1 {
		at, _ := slices.BinarySearch(recall, float64(p)/float64(points)-1e-12)
		if at < len(precision) {
			sum += precision[at]
		}
	}
	return sum / float64(points+1)
}

// Value is the mean over the classes that have true boxes, NaN if there are none.
func (m *MAP) Value() float64 {
	sum, n := 0.0, 0.0
	for c := range m.truths {
		sum, n = sum+m.Class(c), n+1
	}
	return ratio(sum, n)
}

// Merge adds the images of another one with the same thresholds.
func (m *MAP) Merge(o *MAP) {
	for c, f := range o.found {
		m.found[c] = append(m.found[c], f...)
	}
	for c, n := range o.truths {
		m.truths[c] += n
	}
}

// Reset forgets all.
func (m *MAP) Reset() { *m = *NewMAP(m.how, m.thresholds...) }
