package main

import (
	"fmt"
	"html"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"

	"github.com/fathom-ml/fathom/site"
)

type serveCommand struct {
	Addr        string `help:"Address to listen on." default:"127.0.0.1:8765" placeholder:"HOST:PORT"`
	NoBrowser   bool   `help:"Do not open a browser."`
	AllowRemote bool   `help:"Take an address that other machines reach. Nothing can be edited then."`
	AllowEdit   bool   `help:"Let those who come from other machines edit and run code of their own here."`
}

// Run serves the book until it is interrupted.
func (c *serveCommand) Run(s streams) error {
	dir, err := os.Getwd()
	if err != nil {
		return err
	}
	server, err := site.NewServer(site.Options{Addr: c.Addr, AllowRemote: c.AllowRemote, AllowEdit: c.AllowEdit, Dir: dir})
	if err != nil {
		return err
	}
	fmt.Fprintln(s.out, server.URL())
	fmt.Fprintln(s.out, "The address lets in once. Press Ctrl-C to stop.")
	if !c.NoBrowser {
		if remove := openBrowser(server.URL()); remove != nil {
			defer remove()
		}
	}
	ctx, stop := interruptible()
	defer stop()
	return server.Serve(ctx)
}

// openBrowser opens the address by way of a file that nobody else can read, so that the token stands in no command line.
func openBrowser(url string) (remove func()) {
	dir, err := os.MkdirTemp("", "fathom-") // 0700
	if err != nil {
		return nil
	}
	remove = func() { os.RemoveAll(dir) }
	file := filepath.Join(dir, "open.html")
	page := fmt.Sprintf(`<!DOCTYPE html><meta http-equiv="refresh" content="0; url=%s"><title>Fathom</title>`, html.EscapeString(url))
	if err := os.WriteFile(file, []byte(page), 0o600); err != nil {
		return remove
	}
	var cmd *exec.Cmd
	switch runtime.GOOS {
	case "darwin":
		cmd = exec.Command("open", file)
	case "windows":
		cmd = exec.Command("rundll32", "url.dll,FileProtocolHandler", file)
	default:
		cmd = exec.Command("xdg-open", file)
	}
	if cmd.Start() == nil {
		go cmd.Wait()
	}
	return remove
}
