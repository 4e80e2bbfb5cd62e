package html_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/sa-conformance/conformance/internal/browser"
	"github.com/sa-conformance/conformance/internal/raced"
	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/internal/report/sample"
)

// TestHTMLInABrowser uses the page as a person would.
func TestHTMLInABrowser(t *testing.T) {
	raced.Rotate(t)
	b := browser.Open(t)
	r := failing(t)
	b.Show([]byte(renderHTML(t, r)))
	results := len(r.Results)

	t.Run("filter by outcome", func(t *testing.T) {
		b := b.In(t)
		b.Do(chromedp.Click(chromedp.CSS(`#filter input[value="fail"]`)))
		failures := 0
		for _, x := range r.Results {
			if x.Outcome == report.Fail && x.Level == "MUST" {
				failures++
			}
		}
		if got := browser.Eval[int](b, `document.querySelectorAll("details.r:not([hidden])").length`); got != failures || got == 0 {
			t.Errorf("%d requirements show, want %d", got, failures)
		}
		want := fmt.Sprintf("Showing %d of %d requirements", failures, results)
		if got := browser.Eval[string](b, `document.querySelector("#shown[aria-live=polite]").textContent`); got != want {
			t.Errorf("announced %q, want %q", got, want)
		}
		b.Do(chromedp.Click(chromedp.CSS(`#filter [type=reset]`)), chromedp.WaitVisible(chromedp.CSS(`details.r[data-o="pass"]`)))
		if got := browser.Eval[int](b, `document.querySelectorAll("details.r:not([hidden])").length`); got != results {
			t.Errorf("after the reset %d requirements show, want %d", got, results)
		}
	})

	t.Run("filter by words, level and profile", func(t *testing.T) {
		b := b.In(t)
		b.Do(chromedp.SendKeys(chromedp.CSS(`#words`), "CREATIONTIME metadata"))
		shown := browser.Eval[[]string](b, `[...document.querySelectorAll("details.r:not([hidden])")].map(x => x.textContent.toLowerCase())`)
		if len(shown) == 0 || len(shown) == results {
			t.Errorf("%d requirements show", len(shown))
		}
		for _, text := range shown {
			if !strings.Contains(text, "creationtime") || !strings.Contains(text, "metadata") {
				t.Errorf("shows %s", text)
			}
		}
		browser.Eval[bool](b, `((words, level, profile) => {
			words.value = ""; level.value = "SHOULD"; profile.value = "token";
			return level.dispatchEvent(new Event("input", {bubbles: true}));
		})(...document.querySelectorAll("#words, #level, #profile"))`)
		if other := browser.Eval[int](b, `document.querySelectorAll("details.r:not([hidden]):not([data-l=SHOULD][data-p=token])").length`); other != 0 {
			t.Errorf("%d others show", other)
		}
		b.Do(chromedp.Click(chromedp.CSS(`#filter [type=reset]`)))
	})

	t.Run("open a failure", func(t *testing.T) {
		b := b.In(t)
		if marked := browser.Eval[string](b, `document.querySelector(".card details[open] mark").textContent`); !strings.Contains(marked, `"metadata"`) {
			t.Errorf("marked: %s", marked)
		}
		if curl := browser.Eval[int](b, `document.querySelectorAll(".card:first-of-type details[open] .curl").length`); curl == 0 {
			t.Error("the first card has no line that sends its request again")
		}
		id := report.Cards(r)[0].ID
		b.Do(chromedp.Click(chromedp.CSS(fmt.Sprintf(`.matrix a[href="#r-%s"]`, id))), chromedp.WaitVisible(chromedp.CSS(fmt.Sprintf(`[id="r-%s"]`, id))))
		if focus := browser.Eval[string](b, `document.activeElement.tagName + document.activeElement.textContent`); !strings.HasPrefix(focus, "SUMMARY") || !strings.Contains(focus, id) {
			t.Errorf("the focus is on %s", focus)
		}
		evidence := fmt.Sprintf(`[id="r-%s"] .ev`, id)
		b.Do(chromedp.Click(chromedp.CSS(evidence)), chromedp.WaitVisible(chromedp.CSS(fmt.Sprintf(`[id="r-%s"] .conversation pre`, id))))
		if got := browser.Eval[string](b, fmt.Sprintf(`document.querySelector('%s').getAttribute("aria-expanded")`, evidence)); got != "true" {
			t.Errorf("aria-expanded is %s", got)
		}
		b.Do(chromedp.Click(chromedp.CSS(evidence)), chromedp.WaitNotPresent(chromedp.CSS(fmt.Sprintf(`[id="r-%s"] .conversation`, id))))
	})

	t.Run("a bar of the waterfall leads to its exchange", func(t *testing.T) {
		b := b.In(t)
		first := browser.Eval[string](b, `document.querySelector(".bars rect").dataset.x`)
		b.Do(chromedp.Click(chromedp.CSS(`.bars rect`)), chromedp.WaitVisible(chromedp.CSS(`#`+first)))
	})

	t.Run("themes", func(t *testing.T) {
		b := b.In(t)
		const background = `getComputedStyle(document.body).backgroundColor`
		b.Dark(false)
		light := browser.Eval[string](b, background)
		b.Dark(true)
		dark := browser.Eval[string](b, background)
		if light == dark {
			t.Errorf("both themes have %s behind", light)
		}
		b.Do(chromedp.Click(chromedp.CSS(`#theme`)))
		if got := browser.Eval[string](b, background); got != light {
			t.Errorf("after the button %s is behind, want %s", got, light)
		}
		b.Do(chromedp.Click(chromedp.CSS(`#theme`)))
		b.Dark(false)
		browser.Eval[bool](b, `localStorage.clear() ?? delete document.documentElement.dataset.theme`)
	})

	t.Run("paper", func(t *testing.T) {
		pdf := b.In(t).PDF()
		if !bytes.HasPrefix(pdf, []byte("%PDF-")) || len(pdf) < 50_000 {
			t.Errorf("%d bytes of PDF", len(pdf))
		}
		browser.Keep(t, "report.pdf", pdf)
	})

	b.Do(chromedp.EmulateViewport(1280, 1360))
	b.Show([]byte(renderHTML(t, r)))
	picture := b.Picture()
	browser.Keep(t, "light.png", picture)
	if sample.Update() {
		if err := os.WriteFile(filepath.Join("..", "..", "..", "docs", "report.png"), picture, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// TestHTMLWithoutScript opens what links lead to with nothing but the browser's own means.
func TestHTMLWithoutScript(t *testing.T) {
	raced.Rotate(t)
	b := browser.Open(t)
	page := renderHTML(t, sample.Report())
	from, to := strings.Index(page, "<script>"), strings.Index(page, "</script>")
	b.Show([]byte(page[:from] + page[to:]))
	b.Do(chromedp.Click(chromedp.CSS(`.matrix a[href="#r-create.metadata.name"]`)), chromedp.WaitVisible(chromedp.CSS(`[id="r-create.metadata.name"]`)))
	b.Do(chromedp.Click(chromedp.CSS(`[id="r-create.metadata.name"] .ev`)), chromedp.WaitVisible(chromedp.CSS(`#run .conversation pre`)))
	if browser.Eval[bool](b, `[...document.querySelectorAll("form, button")].some(x => x.checkVisibility())`) {
		t.Error("controls show that do nothing")
	}
}
