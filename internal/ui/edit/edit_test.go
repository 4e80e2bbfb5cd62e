package edit_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sa-conformance/conformance/internal/config"
	"github.com/sa-conformance/conformance/internal/ui/edit"
)

const file = `# Known failures. Ask the platform team.

- requirement: create.status.created
  reason: the gateway # until its release
  owner: platform
  expires: 2027-01-31

# of the token team
- requirement: token.form.jwt
  reason: "x"
  owner: tokens
  expires: 2027-02-01
`

func TestPutKeepsTheRest(t *testing.T) {
	w := edit.Waiver{Requirement: "create.status.created", Reason: "a \"new\" gateway: #7", Owner: "platform", Expires: "2027-03-01", WithFollowers: true}
	got, err := edit.Put([]byte(file), 3, w)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Replace(strings.Replace(file, "the gateway # until its release", `"a \"new\" gateway: #7"`, 1), "owner: platform\n  expires: 2027-01-31\n",
		"owner: \"platform\"\n  expires: 2027-03-01\n  with-followers: true\n", 1)
	if d := cmp.Diff(want, string(got)); d != "" {
		t.Error(d)
	}
	all, err := config.ParseWaivers(got)
	if err != nil || len(all) != 2 || all[0].Reason != `a "new" gateway: #7` || !all[0].WithFollowers {
		t.Errorf("%v %+v", err, all)
	}
	lines := edit.Diff([]byte(file), got)
	marks := ""
	for _, l := range lines {
		marks += l.Mark
	}
	if !strings.Contains(marks, "-") || !strings.Contains(marks, "+") || strings.Contains(marks, "@") {
		t.Errorf("%q", marks)
	}
	if edit.Diff(got, got) != nil {
		t.Error("a file is different from itself")
	}
}

func TestAddAndRemove(t *testing.T) {
	w := edit.Waiver{Requirement: "auth.missing.refused", Reason: "r", Owner: "o", Expires: "2027-03-01", Message: "- x: {\u202e\n[", Ticket: "T-1", Intermittent: true}
	for _, before := range []string{"", "[]\n", file, strings.TrimSuffix(file, "\n"), "# nothing yet\n"} {
		got, err := edit.Put([]byte(before), 0, w)
		if err != nil {
			t.Fatalf("%q: %v", before, err)
		}
		all, err := config.ParseWaivers(got)
		if last := all[len(all)-1]; err != nil || last.Requirement != w.Requirement || !last.Intermittent || last.Ticket != "T-1" {
			t.Errorf("%q: %v: %s", before, err, got)
		}
	}
	got, err := edit.Remove([]byte(file), 9)
	if err != nil || strings.Contains(string(got), "token.form.jwt") || !strings.Contains(string(got), "# of the token team") {
		t.Errorf("%v: %s", err, got)
	}
	if _, err := edit.Remove([]byte(file), 4); err == nil {
		t.Error("an entry that is not there was removed")
	}
	if _, err := edit.Put([]byte(file), 0, edit.Waiver{Requirement: "create.status.created", Reason: "again", Owner: "o", Expires: "2027-01-01"}); err == nil {
		t.Error("a failure has two waivers")
	}
	if _, err := edit.Put([]byte("[{requirement: a.b, reason: r, owner: o, expires: 2027-01-01}]\n"), 1, w); err == nil {
		t.Error("a list on one line was cut")
	}
}

func TestCheck(t *testing.T) {
	today := time.Date(2026, 11, 28, 13, 0, 0, 0, time.UTC)
	good := edit.Waiver{Requirement: "a.b.c", Reason: "r", Owner: "o", Expires: "2026-11-28"}
	if got := good.Check(today); len(got) > 0 {
		t.Error(got)
	}
	for name, change := range map[string]func(*edit.Waiver){
		"no reason": func(w *edit.Waiver) { w.Reason = " " }, "over": func(w *edit.Waiver) { w.Expires = "2026-11-27" },
		"no day": func(w *edit.Waiver) { w.Expires = "soon" }, "long": func(w *edit.Waiver) { w.Reason = strings.Repeat("x", 3000) },
		"no date": func(w *edit.Waiver) { w.Expires = "" },
	} {
		w := good
		if change(&w); len(w.Check(today)) != 1 {
			t.Errorf("%s: %q", name, w.Check(today))
		}
	}
}
