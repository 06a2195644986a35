//go:build unix

package train_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/fathom-ml/fathom/nn"
	"github.com/fathom-ml/fathom/tensor"
	"github.com/fathom-ml/fathom/train"
)

// TestLimitChild saves under a limit on the size of files.
func TestLimitChild(t *testing.T) {
	path := os.Getenv("FATHOM_LIMIT_PATH")
	if path == "" {
		t.Skip("TestFileSizeLimit starts it")
	}
	limit := syscall.Rlimit{Cur: 3000, Max: 3000}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		t.Skip(err)
	}
	tk, net := task(0)
	net.Forward(nn.Train(), tensor.Ones(2, 2))
	fmt.Println("error:", train.SaveCheckpoint(path, net, tk.Optimizer, 9, 90))
}

// A file that must not grow as large as the checkpoint: the old one stays, and the error says why.
func TestFileSizeLimit(t *testing.T) {
	path := filepath.Join(t.TempDir(), "run.safetensors")
	tk, net := task(0)
	net.Forward(nn.Train(), tensor.Ones(2, 2))
	if err := train.SaveCheckpoint(path, net, tk.Optimizer, 1, 10); err != nil {
		t.Fatal(err)
	}
	good, _ := os.ReadFile(path)
	if len(good) < 4000 {
		t.Fatalf("the checkpoint has only %d bytes", len(good))
	}
	cmd := exec.Command(os.Args[0], "-test.run", "^TestLimitChild$", "-test.v")
	cmd.Env = append(os.Environ(), "FATHOM_LIMIT_PATH="+path)
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "file too large") {
		t.Errorf("the child: %v\n%s", err, out)
	}
	if now, _ := os.ReadFile(path); !bytes.Equal(now, good) {
		t.Error("the old checkpoint is gone")
	}
	if files, _ := os.ReadDir(filepath.Dir(path)); len(files) != 1 {
		t.Errorf("%d files are left", len(files))
	}
}
