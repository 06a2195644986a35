package nn_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/optim"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/tensor/random"
)

// predictor answers requests with the latest snapshot of a model that is being trained.
type predictor struct {
	net    nn.Layer
	latest atomic.Pointer[nn.Values]
}

func (p *predictor) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var rows [][]float32
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(&rows); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	var y *tensor.Tensor
	err := tensor.Try(func() { y = p.net.Forward(nn.EvalOn(p.latest.Load()), tensor.Matrix(rows)) })
	if err != nil { // misuse: a wrong shape
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	json.NewEncoder(w).Encode(y.Flatten().Float64s())
}

// Training goes on while an HTTP server answers from snapshots, which the trainer publishes between steps.
func ExampleSnapshot_serving() {
	tensor.Seed(0)
	net := nn.Sequential{nn.NewDense(16, nn.Tanh), nn.NewDense(1)}
	nn.Init(net, nn.Xavier())
	net.Forward(nn.Eval(), tensor.Ones(1, 2))
	p := &predictor{net: net}
	p.latest.Store(nn.Snapshot(net))
	server := httptest.NewServer(p)
	defer server.Close()

	opt := optim.NewAdam(nn.Parameters(net), optim.LR(0.02))
	for step := range 600 {
		X := random.Uniform(-1, 1, 64, 2)
		y := X.Sum(1)
		nn.L2Loss(net.Forward(nn.Train(), X), y).Backward()
		opt.Step(64)
		if step%50 == 49 {
			p.latest.Store(nn.Snapshot(net))
		}
	}
	ask := func(body string) {
		r, err := http.Post(server.URL, "application/json", strings.NewReader(body))
		if err != nil {
			fmt.Println(err)
			return
		}
		defer r.Body.Close()
		text, _ := io.ReadAll(r.Body)
		if r.StatusCode != http.StatusOK {
			fmt.Println(r.StatusCode, strings.TrimSpace(string(text)))
			return
		}
		var sum []float64
		json.Unmarshal(text, &sum)
		fmt.Printf("%.1f\n", sum)
	}
	ask("[[0.25, 0.25], [-0.5, 0]]")
	ask("[[1, 2, 3]]")
	ask("[[0.25, -0.25]]")
	// Output:
	// [0.5 -0.5]
	// 400 0.Weight: the parameter's shape does not fit its use: [16 2] x [16 3]; did the size of the input change?
	// [-0.0]
}

// Many clients, some of them wrong, while training goes on; the race detector looks on.
func TestServingWhileTraining(t *testing.T) {
	tensor.Seed(0)
	net := nn.Sequential{nn.NewDense(8, nn.ReLU), nn.NewBatchNorm(), nn.NewDropout(0.2), nn.NewDense(1)}
	nn.Init(net, nn.Xavier())
	net.Forward(nn.Train(), random.Normal(0, 1, 4, 2))
	p := &predictor{net: net}
	p.latest.Store(nn.Snapshot(net))
	server := httptest.NewServer(p)
	defer server.Close()
	stop := make(chan bool)
	var wg sync.WaitGroup
	var good, bad atomic.Int64
	for k := range 4 {
		wg.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-stop:
					return
				default:
				}
				body, want := "[[1, 2], [3, 4]]", http.StatusOK
				if (i+k)%3 == 0 {
					body, want = []string{"[[1, 2, 3]]", "[]", "{", "[[1, 2], [3]]"}[(i/3)%4], http.StatusBadRequest
				}
				r, err := http.Post(server.URL, "application/json", strings.NewReader(body))
				if err != nil {
					t.Error(err)
					return
				}
				io.Copy(io.Discard, r.Body)
				r.Body.Close()
				if r.StatusCode != want {
					t.Errorf("%s: status %d, want %d", body, r.StatusCode, want)
					return
				}
				if want == http.StatusOK {
					good.Add(1)
				} else {
					bad.Add(1)
				}
			}
		})
	}
	opt := optim.NewAdam(nn.Parameters(net))
	for step := 0; step < 200 || good.Load() < 20 || bad.Load() < 10; step++ {
		if t.Failed() {
			break
		}
		net.Forward(nn.Train(), random.Normal(0, 1, 16, 2)).Square().Backward()
		opt.Step(16)
		p.latest.Store(nn.Snapshot(net))
	}
	close(stop)
	wg.Wait()
}
