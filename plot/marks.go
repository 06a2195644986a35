package plot

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// marks chooses the ticks for the present frame.
func (p *panel) marks() {
	if p.Hidden {
		return
	}
	if p.right != nil {
		p.right.marks()
	}
	p.xt = ticksFor(p.x, 9, func(t []tick) bool {
		for i := 1; i < len(t); i++ {
			apart := math.Abs(p.x.at(t[i].v)-p.x.at(t[i-1].v)) * p.frame.w()
			if p.XRotate {
				if apart < 1.8*tickSize {
					return false
				}
				continue
			}
			if apart < (tickWidth(t[i])+tickWidth(t[i-1]))/2+6 {
				return false
			}
		}
		return true
	})
	p.yt = ticksFor(p.y, 9, func(t []tick) bool {
		for i := 1; i < len(t); i++ {
			if math.Abs(p.y.at(t[i].v)-p.y.at(t[i-1].v))*p.frame.h() < 1.7*tickSize {
				return false
			}
		}
		return true
	})
	if p.image() != nil { // half a cell is no place
		p.xt.marks, p.yt.marks = integers(p.xt.marks), integers(p.yt.marks)
	}
	p.xt, p.yt = own(p.xt, p.xTicks(), p.x), own(p.yt, p.yTicks(), p.y)
	if p.bareX {
		p.xt = bare(p.xt)
	}
	if p.bareY {
		p.yt = bare(p.yt)
	}
}

// own returns the ticks that the caller chose, or t.
func own(t ticks, list []Tick, s axis) ticks {
	if list == nil {
		return t
	}
	t = ticks{}
	for _, k := range list {
		if p := s.at(k.At); p >= -1e-9 && p <= 1+1e-9 {
			label := strings.TrimSpace(k.Label)
			if k.Label == "" {
				label = strconv.FormatFloat(k.At, 'g', 6, 64)
			}
			t.marks = append(t.marks, tick{v: k.At, label: label, named: k.Label != ""})
		}
	}
	return t
}

// bare returns t without labels.
func bare(t ticks) ticks {
	out := ticks{marks: slices.Clone(t.marks)}
	for i := range out.marks {
		out.marks[i].label, out.marks[i].sup = "", ""
	}
	return out
}

// below returns the room that marks need below the frame.
func (p *panel) below() float64 {
	if p.bareX {
		return tickLen + 1
	}
	h := tickSize * capHeight
	if p.XRotate {
		for _, t := range p.xt.marks {
			h = max(h, (tickWidth(t)*math.Sin(slant*math.Pi/180) + tickSize*0.7))
		}
	}
	return tickLen + tickPad + h + 1
}

// integers returns the marks at integers.
func integers(marks []tick) []tick {
	var out []tick
	for _, t := range marks {
		if t.v == math.Trunc(t.v) {
			out = append(out, t)
		}
	}
	return out
}

// margins returns the room that the present marks and names need.
func (p *panel) margins() margins {
	var m margins
	if p.bar != nil {
		m.right = p.bar.width() + barGap
	}
	if p.Title != "" {
		n := float64(len(p.titleLines()))
		m.top = titlePad + (n-1)*leading*titleSize + capHeight*titleSize + 1
	}
	if p.Hidden || p.solid != nil {
		return m
	}
	m.top = max(m.top, tickSize*capHeight/2)
	if p.yt.note != "" {
		m.top = max(m.top, tickSize+3)
		if p.Title != "" {
			m.top += tickSize + 2
		}
	}
	m.left, m.right = 2, max(m.right, 2)
	m.bottom = p.below()
	for _, t := range p.yt.marks {
		m.left = max(m.left, tickLen+tickPad+tickWidth(t))
	}
	for _, t := range p.xt.marks {
		x, half := p.x.at(t.v)*p.frame.w(), tickWidth(t)/2
		if p.XRotate {
			m.left = max(m.left, tickWidth(t)*math.Cos(slant*math.Pi/180)-x)
			continue
		}
		m.left = max(m.left, half-x)
		m.right = max(m.right, x+half-p.frame.w())
	}
	if p.right != nil {
		right := 0.0
		for _, t := range p.right.yt.marks {
			right = max(right, tickLen+tickPad+tickWidth(t))
		}
		if p.right.YLabel != "" {
			right += labelPad + 1 + labelSize*(capHeight+descent)
		}
		m.right = max(m.right, right+1)
	}
	if p.YLabel != "" {
		m.left += labelPad + labelSize*(capHeight+descent)
	}
	if p.XLabel != "" {
		m.bottom += labelPad + labelSize*(capHeight+descent)
	}
	if p.xt.note != "" && p.XLabel == "" {
		m.bottom += tickSize + 1
	}
	return m
}
