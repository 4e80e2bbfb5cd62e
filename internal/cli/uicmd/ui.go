// Package uicmd holds the command ui: it connects the pages of internal/ui to the commands behind them. The pages themselves know no
// command.
package uicmd

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os/exec"
	"runtime"
	"time"

	"github.com/spf13/cobra"

	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/cli/outcome"
	"github.com/sa-conformance/conformance/internal/ui"
)

// uiFlags are the flags of "conformance ui".
type uiFlags struct {
	addr, dir, waivers, config string
	noBrowser                  bool
}

func UiCommand(a *app.App) *cobra.Command {
	var f uiFlags
	cmd := &cobra.Command{
		Use:   "ui",
		Short: "Set up, watch and inspect runs in a browser, on this machine alone",
		Long: `Serves a web interface on loopback until a signal stops it, and opens the browser. The address that it prints lets one
browser in, once. Credentials that are typed there stay in memory.

A run is what "conformance run" does; stopping it, or this program, deletes what it created. With --dir every run is kept in a
directory of its own; with --waivers the file of waivers can be changed. See docs/ui.md.

Exit codes: 0 stopped by a signal, 2 the command or its configuration is wrong, 4 the server failed.`,
		Example: "  conformance ui --dir runs --waivers waivers.yaml",
		Args:    app.NoArguments,
		RunE:    func(cmd *cobra.Command, _ []string) error { return runUI(cmd.Context(), a, f) },
	}
	s := cmd.Flags()
	s.SortFlags = false
	s.StringVar(&f.addr, "addr", "127.0.0.1:0", "`ADDRESS` of loopback to listen on; port 0 picks a free one")
	_ = s.SetAnnotation("addr", app.Elsewhere, []string{"ui-addr"}) // of a flag that is there
	s.StringVar(&f.dir, "dir", "", "`DIR` that runs are kept in (default: in memory)")
	s.StringVar(&f.waivers, "waivers", "", "`FILE` of waivers to judge by and to change")
	s.StringVar(&f.config, "config", "", "configuration `FILE` (default: conformance.yaml if it exists)")
	s.BoolVar(&f.noBrowser, "no-browser", false, "only print the address")
	return cmd
}

func runUI(ctx context.Context, a *app.App, f uiFlags) error {
	host, _, err := net.SplitHostPort(f.addr)
	if ip := net.ParseIP(host); err != nil || host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return app.Wrong("%s: %s is not an address of loopback; write 127.0.0.1:8080, or port 0 for a free one", a.Source("addr"), app.Shown(f.addr))
	}
	if f.waivers != "" {
		if _, err := uiWaivers(a, f.waivers); err != nil {
			return err
		}
	}
	var listening net.ListenConfig
	listener, err := listening.Listen(ctx, "tcp", f.addr)
	if err != nil {
		return app.Wrong("%s: cannot listen on %s: %s; choose another address, or port 0 for a free one", a.Source("addr"), app.Shown(f.addr), app.Cause(err))
	}
	app.BoundWindow()
	defer app.OutlivePipes()()
	address := listener.Addr().String()
	s, err := ui.New(&uiBackend{App: a, config: f.config}, ui.Options{Address: address, Dir: f.dir, Waivers: f.waivers, Version: a.Build.Version, Now: time.Now})
	if err != nil {
		return app.Broken("%v", err)
	}
	server := &http.Server{Handler: s.Handler(), ReadHeaderTimeout: 10 * time.Second, ErrorLog: nil}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	url := "http://" + address + s.Path()
	if _, err := io.WriteString(a.Out, url+"\n"); err != nil {
		return a.Written(err)
	}
	if !f.noBrowser && outcome.Watched(a) {
		openBrowser(ctx, url)
	}
	a.PrintErr("conformance: serving on this machine until interrupted; the address lets one browser in, once\n")
	select {
	case err := <-failed:
		s.Close()
		return app.Broken("the server stopped: %v", err)
	case <-ctx.Done():
	}
	a.PrintErr("conformance: stopping; what runs created is deleted first\n")
	s.Close()
	if err := server.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
		return app.Broken("stopping the server: %v", err)
	}
	return nil
}

// openBrowser asks the system to open an address. If it cannot, the address was printed.
func openBrowser(ctx context.Context, url string) {
	words := map[string][]string{"darwin": {"open"}, "windows": {"rundll32", "url.dll,FileProtocolHandler"}}[runtime.GOOS]
	if words == nil {
		words = []string{"xdg-open"}
	}
	if cmd := exec.CommandContext(ctx, words[0], append(words[1:], url)...); cmd.Start() == nil { //nolint:gosec // an address of ours
		go func() { _ = cmd.Wait() }()
	}
}
