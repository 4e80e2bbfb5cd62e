// Package browser drives a headless browser in the tests of pages. No program has it: only tests may import it.
package browser

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// patience bounds a step. A machine that runs all tests at once takes its time.
const patience = 90 * time.Second

// Tab is a tab of a browser, in a test: what goes wrong with it ends the test.
type Tab struct {
	t   *testing.T
	ctx context.Context
}

// Open starts a browser. Without one installed the test is skipped, but for CI, which has to install it.
func Open(t *testing.T) Tab {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	switch {
	case path == "" && os.Getenv("CI") != "":
		t.Fatal("no browser is installed; .ci/run installs chromium")
	case path == "":
		t.Skip("no browser is installed; apt-get install chromium")
	}
	allocator, stop := chromedp.NewExecAllocator(t.Context(), append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("hide-scrollbars", true),
	)...)
	ctx, closeTab := chromedp.NewContext(allocator)
	t.Cleanup(func() { _ = chromedp.Cancel(ctx); closeTab(); stop() })
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(1280, 900)); err != nil {
		t.Fatalf("starting %s: %v", path, err)
	}
	return Tab{t: t, ctx: ctx}
}

// Window opens another window of the same browser, with the same cookies.
func (tab Tab) Window() Tab {
	tab.t.Helper()
	ctx, closeTab := chromedp.NewContext(tab.ctx)
	tab.t.Cleanup(closeTab)
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(1280, 900)); err != nil { // without a timeout, which would end the window
		tab.t.Fatal(err)
	}
	return Tab{t: tab.t, ctx: ctx}
}

// Show loads a page from a file.
func (tab Tab) Show(page []byte) {
	tab.t.Helper()
	file := filepath.Join(tab.t.TempDir(), "page.html")
	if err := os.WriteFile(file, page, 0o600); err != nil {
		tab.t.Fatal(err)
	}
	tab.Do(chromedp.Navigate("file://" + file))
}

// In is the same tab for a part of a test.
func (tab Tab) In(t *testing.T) Tab { return Tab{t: t, ctx: tab.ctx} }

// Do takes steps, within a time that a slow machine needs too.
func (tab Tab) Do(steps ...chromedp.Action[chromedp.Void]) {
	tab.t.Helper()
	ctx, cancel := context.WithTimeout(tab.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		tab.t.Fatal(err)
	}
}

// Dark shows the page as a system with a dark theme does, or as one with a light theme.
func (tab Tab) Dark(on bool) {
	tab.t.Helper()
	value := map[bool]string{true: "dark", false: "light"}[on]
	tab.Do(func(ctx context.Context, _ *chromedp.Target) (v chromedp.Void, err error) {
		_, err = chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: value}},
		})
		return v, err
	})
}

// Eval is the value of a JavaScript expression on the page.
func Eval[T any](tab Tab, expression string) T {
	tab.t.Helper()
	ctx, cancel := context.WithTimeout(tab.ctx, patience)
	defer cancel()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		tab.t.Fatalf("%s: %v", expression, err)
	}
	return value
}

// Picture takes a picture of what the window shows.
func (tab Tab) Picture() []byte {
	tab.t.Helper()
	picture, err := chromedp.Run(tab.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		tab.t.Fatal(err)
	}
	return picture
}

// PDF is the page as it is printed.
func (tab Tab) PDF() []byte {
	tab.t.Helper()
	pdf, err := chromedp.Run(tab.ctx, chromedp.PrintToPDF())
	if err != nil {
		tab.t.Fatal(err)
	}
	return pdf
}

// Keep leaves a file for a person to look at, in the directory CONFORMANCE_LOOK, where one asked for it.
func Keep(t *testing.T, name string, data []byte) {
	t.Helper()
	if dir := os.Getenv("CONFORMANCE_LOOK"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// EvalLater is the value that the promise of a JavaScript expression comes to.
func EvalLater[T any](tab Tab, expression string) T {
	tab.t.Helper()
	ctx, cancel := context.WithTimeout(tab.ctx, patience)
	defer cancel()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		tab.t.Fatalf("%.200s: %v", expression, err)
	}
	return value
}
