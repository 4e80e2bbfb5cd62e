package html_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/net/html"

	"github.com/sa-conformance/conformance/internal/browser"
	"github.com/sa-conformance/conformance/internal/raced"
	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/internal/report/sample"
	"github.com/sa-conformance/conformance/spec"
)

// attacks are what a hostile target writes into everything that it can reach. Each runs canary(), or would.
var attacks = []string{
	`</script><script>canary()</script>`,
	`"><img src=x onerror=canary()>`,
	`' onmouseover='canary()' x='`,
	"` autofocus onfocus=canary() `",
	`</pre></details></style><svg onload=canary()>`,
	`javascript:canary()`,
	`--><!--><iframe srcdoc="<script>canary()</script>">`,
	`{{canary}}]]>${canary()}`,
	"\x00\x07\x1b]0;owned\x07\x1b[2J\u009b31m\u202eevil\u2066\u200b\ufeff\r\n\xff\xfe",
	`{"a":"</pre><script>canary()</script>","\u003cscript\u003e":{"b\"><script>canary()</script>":1}}`,
}

// poison writes a text into every string of a report, keeping what joins its parts.
func poison(t *testing.T, attack string) *report.Report {
	t.Helper()
	r := sample.Report()
	var visit func(path string, v reflect.Value)
	visit = func(path string, v reflect.Value) {
		switch v.Kind() {
		case reflect.Pointer:
			if !v.IsNil() {
				visit(path, v.Elem())
			}
		case reflect.Struct:
			for i := range v.NumField() {
				if f := v.Type().Field(i); f.IsExported() {
					visit(path+"."+f.Name, v.Field(i))
				}
			}
		case reflect.Slice:
			for i := range v.Len() {
				visit(path, v.Index(i))
			}
		case reflect.String:
			switch path {
			case ".Results.Outcome", ".Results.Probe", ".Exchanges.Probe":
			case ".Results.ID", ".Results.Evidence", ".Exchanges.ID", ".Results.ConsequenceOf":
				if v.String() != "" {
					v.SetString(v.String() + attack)
				}
			case ".Profiles.Name", ".Results.Profile", ".Results.Level":
				v.SetString(v.String() + attack)
			case ".Target.URL", ".Exchanges.Request.URL":
				v.SetString("https://identity.example/" + attack)
			default:
				v.SetString(attack)
			}
		}
	}
	visit("", reflect.ValueOf(r).Elem())
	return r
}

// TestHTMLIsInert parses what comes of hostile reports: the elements and attributes of the page are those of a harmless
// report, whatever the strings in it are.
func TestHTMLIsInert(t *testing.T) {
	harmless, _ := outline(t, renderHTML(t, poison(t, "x")))
	for _, attack := range attacks {
		t.Run(fmt.Sprintf("%q", attack), func(t *testing.T) {
			page := renderHTML(t, poison(t, attack))
			got, bad := outline(t, page)
			for name := range got {
				if !harmless[name] {
					t.Errorf("the page holds %s", name)
				}
			}
			for _, b := range bad {
				t.Error(b)
			}
			if at := strings.IndexFunc(page, func(c rune) bool { return c != '\n' && !unicode.IsPrint(c) }); at >= 0 {
				t.Errorf("the page holds %q", page[at:at+8])
			}
		})
	}
}

// outline is the set of elements with their attributes, and what no page may hold.
func outline(t *testing.T, page string) (found map[string]bool, bad []string) {
	t.Helper()
	document, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	found = map[string]bool{}
	for n := range document.Descendants() {
		if n.Type == html.CommentNode {
			bad = append(bad, "a comment: "+n.Data)
		}
		if n.Type != html.ElementNode {
			continue
		}
		found[n.Data] = true
		for _, a := range n.Attr {
			found[n.Data+" "+a.Key] = true
			if a.Key == "href" && !strings.HasPrefix(a.Val, "#") && !strings.HasPrefix(a.Val, spec.Project+"/blob/main/"+spec.PagesDir+"/") {
				bad = append(bad, "a link to "+a.Val)
			}
		}
		if (n.Data == "script" || n.Data == "style") && strings.Contains(n.FirstChild.Data, "canary") {
			bad = append(bad, "canary in a "+n.Data)
		}
	}
	return found, bad
}

// TestHTMLIsInertInABrowser lets a browser run what it will of hostile reports.
func TestHTMLIsInertInABrowser(t *testing.T) {
	raced.Rotate(t)
	b := browser.Open(t)
	for i, attack := range attacks {
		page := renderHTML(t, poison(t, attack))
		for _, policy := range []bool{true, false} { // the escaping has to hold by itself, too
			if !policy {
				page = strings.Replace(page, "Content-Security-Policy", "X", 1)
			}
			b.Show([]byte(strings.Replace(page, "<script>", `<script>window.canary = () => { window.ran = true; };</script><script>`, 1)))
			browser.Eval[bool](b, `document.querySelectorAll("details").forEach(d => { d.open = true; }) ?? true`)
			browser.Eval[bool](b, `document.querySelectorAll("a, button").forEach(a => { a.focus(); a.dispatchEvent(new MouseEvent("mouseover", {bubbles: true})); a.click(); }) ?? true`)
			if browser.Eval[bool](b, `window.ran === true`) {
				t.Errorf("%q ran its script, with policy: %v", attack, policy)
			}
			if i == 0 && policy {
				browser.Keep(t, "hostile.png", b.Picture())
			}
		}
		if !browser.Eval[bool](b, `typeof canary === "function"`) {
			t.Error("without the policy, the canary is not there: the test proves nothing")
		}
	}
}
