package ui_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/sa-conformance/conformance/internal/browser"
	"github.com/sa-conformance/conformance/internal/raced"
)

// TestWholeWay goes the way of a vendor: set up, check, run, inspect a failure, run it again, waive it, compare runs, certify the
// mended target. On each page axe-core finds nothing, and no page, log or file holds a credential.
func TestWholeWay(t *testing.T) {
	raced.Rotate(t)
	t.Parallel()
	runs, waivers := filepath.Join(t.TempDir(), "runs"), filepath.Join(t.TempDir(), "waivers.yaml")
	s := begin(t, "--dir", runs, "--waivers", waivers)
	red, good := target(t, "metadata-name-decorated", false, nil), target(t, "", true, nil)

	s.looks("setup")
	s.Do(chromedp.KeyEvent("\t"))
	if focus := browser.Eval[string](s.Tab, `document.activeElement.textContent + ", " + getComputedStyle(document.activeElement).outlineStyle`); focus != "Skip to the content, solid" {
		t.Errorf("the first key leads to %s", focus)
	}
	s.fill(map[string]string{"kind": "address", "url": "http://127.0.0.1:1", "organization": "x"})
	s.click("#setup button.main", ".problem")
	if got := s.text(".problem"); !strings.Contains(got, "is not a UUID") {
		t.Errorf("the problem is %q", got)
	}
	s.fill(red.fields())
	s.click("#check-first", "form button.main")
	if got := s.text("#findings"); !strings.Contains(got, "the token is accepted") || !strings.Contains(got, "organization") {
		t.Errorf("the doctor found %s", got)
	}
	s.looks("check")
	s.visit("/", "#setup")
	if got := s.text("#token-help"); !strings.Contains(got, "kept in memory") || browser.Eval[string](s.Tab, `document.getElementById("token").value`) != "" {
		t.Errorf("the field of the token says %q", got)
	}
	s.fill(map[string]string{"only": "create.metadata.name create.status.created create.token.present"})
	s.click("#setup button.main", "h1.verdict")
	if got := s.text("#failures"); !strings.Contains(got, "create.metadata.name") || strings.Contains(got, "create.status.created") {
		t.Errorf("the failures are %s", got)
	}
	s.looks("result")

	s.click("#failures .actions a", "#evidence-title")
	if got := s.text(".side mark"); !strings.Contains(got, `"name":`) {
		t.Errorf("marked is %q", got)
	}
	for selector, want := range map[string]string{
		".curl": "curl -sS", ".citations": "resourceMetadata", ".prose": "a Kubernetes label value of 1 to 63 characters", ".sides": "Request", ".found": "Expected", ".beliefs": "account",
	} {
		if got := s.text(selector); !strings.Contains(got, want) {
			t.Errorf("%s shows %q, which lacks %q", selector, got, want)
		}
	}
	s.looks("requirement")
	s.click(".exchange h3 a", "h1.statement")
	s.looks("exchange")
	s.visit("/runs/2/exchanges", ".conversation")
	s.looks("exchanges")
	s.visit("/runs/2/requirements/create.metadata.name", "#evidence-title")
	s.click(".actions form button.main", "h1.verdict")
	if got := browser.Eval[string](s.Tab, `location.pathname + document.querySelector(".counts").textContent`); !strings.HasPrefix(got, "/runs/3") || !strings.Contains(got, "1 failed") {
		t.Errorf("again: %s", got)
	}

	s.visit("/runs/2/requirements/create.metadata.name", "#evidence-title")
	s.click(`a[href^="/waivers?"]`, "#form")
	s.fill(map[string]string{"reason": "the gateway decorates names", "owner": "platform", "expires": "2001-01-01"})
	s.click("#form button.main", ".problem")
	s.fill(map[string]string{"expires": "2199-12-31"})
	s.click("#form button.main", ".diff")
	if _, err := os.Stat(waivers); err == nil || !strings.Contains(s.text(".diff .added"), "create.metadata.name") {
		t.Errorf("written before it was shown (%v): %s", err, s.text(".diff"))
	}
	s.looks("preview")
	s.click("button.main", "table")
	s.looks("waivers")
	if text, err := os.ReadFile(waivers); err != nil || !strings.Contains(string(text), "owner: \"platform\"") {
		t.Errorf("%v: %s", err, text)
	}
	s.visit("/runs/2", "h1.verdict")
	if got := s.text(".tags"); !strings.Contains(got, "waived by platform until 2199-12-31") {
		t.Errorf("the failure is %q", got)
	}
	s.visit("/history", "table")
	s.looks("history")
	s.click("button.main", "h1")
	s.Do(chromedp.WaitVisible(chromedp.CSS("dl.facts")))
	s.looks("compare")

	s.visit("/", "#setup")
	fields := good.fields()
	fields["only"], fields["profile"] = "", "core"
	s.fill(fields)
	s.click("#setup button.main", "h1.verdict")
	if got := s.text("h1"); got != "conformant" {
		t.Fatalf("the mended target is %s: %s", got, s.text("#failures"))
	}
	s.visit("/certify", "#make")
	if got := s.text("main"); !strings.Contains(got, "Nothing is missing.") {
		t.Errorf("missing: %s", s.text(".missing"))
	}
	prefix := filepath.Join(t.TempDir(), "vendor")
	s.fill(map[string]string{"prefix": prefix})
	s.click("main form .plain", "p.gate")
	bundle := filepath.Join(filepath.Dir(prefix), "certificate.zip")
	browser.Eval[bool](s.Tab, `(document.getElementById("bundle").value = `+quote(bundle)+`) !== ""`)
	s.click("#make button.main", "p.gate")
	if got := s.text("p.gate"); !strings.Contains(got, "is written, valid until") {
		t.Errorf("%s %s", got, s.text(".problem"))
	}
	s.click("#verify button", ".verified")
	if got := s.text("#step4 ~ p.gate, section[aria-labelledby=step4] p.gate"); got != "The certificate is valid." {
		t.Errorf("%s: %s", got, s.text(".verified"))
	}
	s.looks("certify")
	s.visit("/nowhere", "h1")
	s.looks("message")
	hold(t, s, append(red.secrets(), good.secrets()...), runs, s.dir, filepath.Dir(prefix), filepath.Dir(waivers))
}

// hold looks for secrets in the source of every page, in what was printed, and in every file of the directories.
func hold(t *testing.T, s session, secrets []string, dirs ...string) {
	t.Helper()
	texts := map[string]string{"standard output": s.stdout.String(), "standard error": s.stderr.String()}
	pages := browser.EvalLater[map[string]string](s.Tab, `(async () => {
		const seen = {}, queue = ["/", "/runs/1", "/check/1", "/runs/2", "/runs/3", "/runs/4", "/runs/2/exchanges", "/history", "/waivers", "/certify", "/runs/2/events", "/runs/2/files/json",
			"/runs/2/files/html", "/runs/2/exchanges/1", "/runs/2/exchanges/2", "/runs/2/requirements/create.metadata.name"];
		for (const path of queue) seen[path] = await (await fetch(path)).text();
		return seen;
	})()`)
	if len(pages) < 10 {
		t.Errorf("%d pages", len(pages))
	}
	for name, text := range pages {
		texts[name] = text
	}
	for _, dir := range dirs {
		err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			text, err := os.ReadFile(path)
			texts[path] = string(text)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range texts {
		for _, secret := range secrets {
			if strings.Contains(text, secret) {
				t.Errorf("%s holds a credential", name)
			}
		}
	}
}
