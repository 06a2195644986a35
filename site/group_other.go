//go:build !unix

package site

import "os/exec"

func group(cmd *exec.Cmd)     {}
func killGroup(cmd *exec.Cmd) { _ = cmd.Process.Kill() }
