package page_test

import (
	"strings"
	"testing"

	"github.com/sa-conformance/conformance/internal/ui/page"
)

// Every asset is there, refers to nothing outside, and pages have no inline script or style, which their policy would refuse.
func TestAssets(t *testing.T) {
	t.Parallel()
	pages, err := page.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"ui.css", "ui.js", "icon.svg"} {
		data, kind, ok := pages.Asset(name)
		if !ok || kind == "" || len(data) == 0 {
			t.Errorf("there is no %s", name)
		}
		text := strings.ReplaceAll(string(data), "http://www.w3.org/2000/svg", "")
		for _, outside := range []string{"http://", "https://", "@import", "url("} {
			if strings.Contains(text, outside) {
				t.Errorf("%s refers to %s", name, outside)
			}
		}
	}
	if _, _, ok := pages.Asset("frame.html"); ok {
		t.Error("a template is an asset")
	}
	text, err := pages.Render("message", map[string]any{
		"Title": "<b>", "Nav": "", "CSRF": "", "Version": "", "Current": "", "Going": false,
		"Main": map[string]string{"Found": "a<script>alert(1)</script>\u202e", "Do": "b", "Back": "javascript:alert(1)"},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"<b>", "<script>", "style=", "onclick", "\u202e", `href="javascript:`} {
		if strings.Contains(string(text), bad) {
			t.Errorf("the page holds %q: %s", bad, text)
		}
	}
	for name, data := range map[string]any{"nothing": nil, "message": struct{}{}} {
		if _, err := pages.Render(name, data); err == nil {
			t.Errorf("%s is rendered", name)
		}
	}
	if len(page.Names()) < 10 {
		t.Errorf("%d pages", len(page.Names()))
	}
}
