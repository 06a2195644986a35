package main

import (
	"io"
	"os"
	"os/exec"

	"github.com/charmbracelet/x/vt"
	"github.com/creack/pty"
)

const cols, rows = 100, 50

// command is what runs in the terminal.
var command = []string{"run", "6.6", "--data-set", "digits", "--set", "epochs=20"}

// terminal is the last screen of a run in a terminal.
func terminal(bin, root string) ([]byte, error) {
	screen := vt.NewEmulator(cols, rows)
	defer screen.Close()
	go io.Copy(io.Discard, screen) // answers that the program did not ask for
	if err := play(screen, bin, root); err != nil {
		return nil, err
	}
	return shoot(write(screen))
}

// play runs the command in a pseudo-terminal of the size of w and copies what it writes.
func play(w io.Writer, bin, root string) error {
	cmd := exec.Command(bin, command...)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "TERM=xterm-256color", "COLORTERM=truecolor", "NO_COLOR=")
	tty, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: rows, Cols: cols})
	if err != nil {
		return err
	}
	defer tty.Close()
	io.Copy(w, tty) // ends with an error when the program has closed its side
	return cmd.Wait()
}
