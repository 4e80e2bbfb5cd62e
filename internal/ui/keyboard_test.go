package ui_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/sa-conformance/conformance/internal/browser"
	"github.com/sa-conformance/conformance/internal/raced"
)

// mostTabs bounds the keys that lead to something on a page.
const mostTabs = 80

// tabTo presses Tab until the focus is on something. The focus has to be seen there.
func (s session) tabTo(selector string) {
	s.t.Helper()
	for range mostTabs {
		s.Do(chromedp.KeyEvent(kb.Tab))
		if browser.Eval[bool](s.Tab, `document.activeElement.matches(`+quote(selector)+`)`) {
			if browser.Eval[bool](s.Tab, `getComputedStyle(document.activeElement).outlineStyle === "none"`) {
				s.t.Errorf("the focus on %s is not seen", selector)
			}
			return
		}
	}
	s.t.Fatalf("no key leads to %s on %s", selector, browser.Eval[string](s.Tab, `location.pathname`))
}

// enter presses Enter, which leads to another page, and waits for something on that.
func (s session) enter(then string) {
	s.t.Helper()
	browser.Eval[bool](s.Tab, `(document.documentElement.dataset.left = "1") === "1"`)
	s.Do(chromedp.KeyEvent(kb.Enter), see("html:not([data-left]) "+then))
}

// TestByKeyboard goes from the set-up to a failure and runs it again, by keys alone.
func TestByKeyboard(t *testing.T) {
	raced.Rotate(t)
	t.Parallel()
	s := begin(t)
	red := target(t, "metadata-name-decorated", false, nil)
	s.tabTo(`[name="kind"]:checked`)
	s.Do(chromedp.KeyEvent(kb.ArrowDown))
	until(s, `document.querySelector("[name=kind][value=reference]").checked && document.querySelector("[data-kind=address]").hidden`)
	s.Do(chromedp.KeyEvent(kb.ArrowUp))
	for _, field := range [][2]string{{"url", red.url}, {"organization", red.Organization}, {"groups", strings.Join(red.Groups, " ")}, {"token", red.Token}} {
		s.tabTo("#" + field[0])
		s.Do(chromedp.KeyEvent(field[1]))
	}
	s.tabTo("#setup details.part:not([data-kind]) > summary")
	s.Do(chromedp.KeyEvent(kb.Enter))
	s.tabTo("#only")
	s.Do(chromedp.KeyEvent("create.metadata.name"))
	s.enter("h1.verdict")
	s.tabTo("#failures .actions a")
	s.enter("#evidence-title")
	s.tabTo(".prose summary")
	s.Do(chromedp.KeyEvent(kb.Enter), see(".prose[open] ul"))
	s.tabTo(".beliefs summary")
	s.Do(chromedp.KeyEvent(kb.Enter), see(".beliefs[open] p"))
	s.visit("/runs/1/requirements/create.metadata.name", "#evidence-title")
	s.tabTo(".actions form button.main")
	s.enter("h1.verdict")
	if got := browser.Eval[string](s.Tab, `location.pathname`); got != "/runs/2" {
		t.Errorf("run again by the keyboard: %s", got)
	}
	s.visit("/runs/2/exchanges", ".conversation")
	s.tabTo(".conversation summary")
	s.Do(chromedp.KeyEvent(kb.Enter), see(".conversation[open] .rows a"))
	s.visit("/runs/2/requirements/create.metadata.name", "#evidence-title")
	s.tabTo(".exchange h3 a")
	s.enter("h1.statement")
	s.tabTo(".actions form button")
	s.enter("h1.verdict")
	if got := browser.Eval[string](s.Tab, `location.pathname`); got != "/runs/3" {
		t.Errorf("a conversation again by the keyboard: %s", got)
	}
}
