package browser_test

import (
	"strings"
	"testing"

	"github.com/sa-conformance/conformance/internal/browser"
)

// TestLookFinds shows a page with everything that Look is there to find, and one without.
func TestLookFinds(t *testing.T) {
	t.Parallel()
	tab := browser.Open(t)
	page := func(style, body string) []byte {
		return []byte(`<!doctype html><html lang="en"><head><title>A page</title><meta name="viewport" content="width=device-width"><style>` + style +
			`</style></head><body><main><h1>A page</h1>` + body + `</main></body></html>`)
	}
	const dark = `@media (prefers-color-scheme: dark) { body { background: #111; color: #eee; } a { color: #9cf; } }`
	tab.Show(page(dark, `<p>One <a href="#x">link</a>, and <button>a button</button>.</p>`))
	browser.Wrong(tab, browser.Look(tab, "good"))
	tab.Show(page(`@keyframes turn { to { opacity: .5; } } p { animation: turn 60s infinite; } h1 { transition: color 1s; } html { scroll-behavior: smooth; }
		button { outline: none !important; } pre { overflow-x: scroll; width: 600px; }`,
		`<p>It turns.</p><button>No focus</button><button></button><div onclick="this.remove()"><a href="#x" tabindex="0" onfocus="this.blur(), document.querySelector('button').focus()">never</a></div><pre>wide</pre>`))
	text := strings.Join(browser.Look(tab, "bad"), "\n")
	for _, part := range []string{
		"bad, on a desk: button-name", "bad, by keys: the focus is not seen: <button>No focus", "bad, by keys: no key reaches <a href",
		"has the animation turn", "has a transition of color", "html scrolls smoothly", "bad, on a phone: the page is 6", "bad, in the dark theme: the page is not dark",
	} {
		if !strings.Contains(text, part) {
			t.Errorf("it lacks %q:\n%s", part, text)
		}
	}
}
