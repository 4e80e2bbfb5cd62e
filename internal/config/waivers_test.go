package config

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const oneWaiver = `# known
- requirement: create.status.created
  message: "seen status 200"
  reason: the gateway rewrites it
  owner: platform
  ticket:
  expires: 2027-01-31
`

func TestParseWaivers(t *testing.T) {
	got, err := ParseWaivers([]byte(oneWaiver))
	want := []Waiver{{
		Requirement: "create.status.created", Message: "seen status 200", Reason: "the gateway rewrites it", Owner: "platform",
		Expires: time.Date(2027, 1, 31, 0, 0, 0, 0, time.UTC), Line: 2,
	}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
	for _, empty := range []string{"", "# nothing\n"} {
		if got, err := ParseWaivers([]byte(empty)); len(got) > 0 || err != nil {
			t.Errorf("%q: %v, %v", empty, got, err)
		}
	}
}

func TestParseWaiversRefuses(t *testing.T) {
	with := func(old, new string) string { return strings.Replace(oneWaiver, old, new, 1) }
	for name, test := range map[string]struct{ data, want string }{
		"no YAML":       {"- {", "line 1: this is not YAML"},
		"a mapping":     {"a: b", "line 1: this is not a list of waivers"},
		"a word":        {"- a", "line 1: a waiver is not a mapping"},
		"unknown key":   {with("ticket:", "tickets:"), `line 6: a waiver: unknown key "tickets"; there are: requirement, message`},
		"twice":         {oneWaiver + "  owner: me\n", `line 8: a waiver: "owner" is given twice, in line 5 and here`},
		"alias":         {with("platform", "&a platform"), "line 5: a waiver: anchors"},
		"empty reason":  {with(" the gateway rewrites it", ""), "line 4: a waiver, reason needs one value"},
		"no reason":     {with("  reason: the gateway rewrites it\n", ""), "line 2: a waiver has no reason"},
		"no expires":    {with("  expires: 2027-01-31\n", ""), "line 2: a waiver has no expires"},
		"empty expires": {with(" 2027-01-31", ""), "line 7: a waiver, expires needs one value"},
		"no day":        {with("2027-01-31", "2027-02-30"), "line 7: a waiver, expires: this is not a day"},
		"same failure":  {oneWaiver + oneWaiver, "line 9: the waiver of line 2 is for the same failure"},
	} {
		if _, err := ParseWaivers([]byte(test.data)); err == nil || !strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", name, err, test.want)
		}
	}
}

func TestWaiverFlags(t *testing.T) {
	const entry = "- {requirement: a.b, reason: x, owner: y, expires: 2027-01-31, "
	all, err := ParseWaivers([]byte(entry + "intermittent: true, with-followers: false}"))
	if err != nil || !all[0].Intermittent || all[0].WithFollowers {
		t.Errorf("%+v, %v", all, err)
	}
	for _, value := range []string{"intermittent: maybe", "with-followers: [true]", `intermittent: "true"`} {
		if _, err := ParseWaivers([]byte(entry + value + "}")); err == nil || !strings.Contains(err.Error(), "write true or false") {
			t.Errorf("%s: %v", value, err)
		}
	}
}
