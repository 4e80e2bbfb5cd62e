package spec

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// requirements is the source of the catalogue.
func requirements(t *testing.T) []byte {
	t.Helper()
	data, err := os.ReadFile("requirements.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestLoadCatalogue(t *testing.T) {
	catalogue, err := LoadCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	all := catalogue.All()
	if len(all) == 0 || len(all) != catalogue.Len() {
		t.Errorf("All() has %d, Len() is %d", len(all), catalogue.Len())
	}
	for _, want := range all {
		if got, ok := catalogue.Find(want.ID); !ok || !cmp.Equal(want, got) {
			t.Errorf("Find(%q) = %v, %v", want.ID, got, ok)
		}
	}
	if _, ok := catalogue.Find("nowhere"); ok {
		t.Error("Find(nowhere) found something")
	}
	sum := sha256.Sum256(requirements(t))
	if got, want := catalogue.Digest(), "sha256:"+hex.EncodeToString(sum[:]); got != want {
		t.Errorf("Digest() = %q, want %q", got, want)
	}
}

// The embedded catalogue is read without resolving its citations; here they are resolved.
func TestCitationsResolve(t *testing.T) {
	if _, err := ParseCatalogue(requirements(t), contract(t)); err != nil {
		t.Error(err)
	}
}

// Every RFC that is cited, and every other document, is listed in SOURCES.md.
func TestSources(t *testing.T) {
	sources, err := os.ReadFile("SOURCES.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, rfc := range regexp.MustCompile(`RFC \d+|OpenID Connect Discovery 1\.0|Fetch standard`).FindAllString(string(requirements(t))+string(openapiYAML), -1) {
		if !strings.Contains(string(sources), rfc) {
			t.Errorf("%s is not in SOURCES.md", rfc)
		}
	}
}

// one is an entry in which parts can be replaced.
const one = `- id: create.status.created
  level: MUST
  statement: A create gets 201.
  citation: openapi.yaml#/info/version; RFC 9110 section 15.3.2
  profile: core
  breaks: Answer with 200.
`

func TestParseCatalogue(t *testing.T) {
	catalogue, err := ParseCatalogue([]byte(one+`
- id: create.token.one-time
  level: SHOULD
  statement: A token is shown once.
  citation: RFC 6749 appendix A.1
  profile: token
  breaks: List it.
  needs: [group, other-organization, expired-token]
  contested: [one, another]
  follows: [create.status.created, "create.*"]
`), contract(t))
	if err != nil {
		t.Fatal(err)
	}
	want := Requirement{
		ID: "create.token.one-time", Level: Should, Statement: "A token is shown once.",
		Citation: "RFC 6749 appendix A.1", Profile: Token, Breaks: "List it.",
		Needs:     []Need{NeedGroup, NeedOtherOrganization, NeedExpiredToken},
		Contested: []string{"one", "another"},
		Follows:   []string{"create.status.created", "create.*"},
		Since:     FirstSet,
	}
	got, _ := catalogue.Find(want.ID)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	explained := map[string]bool{}
	for _, id := range []string{"create.status.created", "create.token.one-time", "list.status.ok"} {
		explained[id] = got.ExplainedBy(id)
	}
	if diff := cmp.Diff(map[string]bool{"create.status.created": true, "create.token.one-time": false, "list.status.ok": false}, explained); diff != "" {
		t.Error(diff)
	}
	first := catalogue.All()[0]
	if diff := cmp.Diff([]string{"openapi.yaml#/info/version", "RFC 9110 section 15.3.2"}, first.Citations()); diff != "" {
		t.Error(diff)
	}
}

func TestParseCatalogueRefuses(t *testing.T) {
	with := func(old, new string) string { return strings.Replace(one, old, new, 1) }
	more := func(line string) string { return one + "  " + line + "\n" }
	const name = "line 1: create.status.created: "
	tests := map[string]struct{ data, want string }{
		"nothing":        {"", "parsing the catalogue: it is empty"},
		"broken YAML":    {"- [", "parsing the catalogue: yaml: line 1"},
		"a mapping":      {"a: b", "parsing the catalogue: line 1: not a list of requirements"},
		"an empty list":  {"[]", "parsing the catalogue: line 1: not a list of requirements"},
		"two documents":  {one + "---\n" + one, "parsing the catalogue: more than one document"},
		"a word":         {"- word", "line 1: an entry without an id: not a requirement"},
		"unknown key":    {more("severity: high"), name + `line 7: the key "severity" is unknown`},
		"repeated key":   {more("level: MUST"), name + `unmarshal errors: line 7: mapping key "level" already defined at line 2`},
		"wrong type":     {more("needs: {}"), name + "unmarshal errors: line 7: cannot unmarshal !!map into []spec.Need"},
		"no id":          {with("id: create.status.created", "id: ''"), "line 1: an entry without an id: it has no id"},
		"two words":      {with("create.status.created", "create.status"), "line 1: create.status: the id is not made of words, area.topic.promise"},
		"capital":        {with("create.status", "create.Status"), "line 1: create.Status.created: the id is not made"},
		"level":          {with("MUST", "MAY"), name + `the level "MAY" is not MUST or SHOULD`},
		"profile":        {with("core", "corps"), name + `the profile "corps" is unknown`},
		"no statement":   {with("  statement: A create gets 201.\n", ""), name + "it has no statement"},
		"no period":      {with("201.", "201"), name + "the statement is not a sentence that ends with a period"},
		"breaks":         {with("200.", "200"), name + "the breaks is not a sentence"},
		"lost citation":  {with("/info/version", "/info/verse"), name + `the citation "openapi.yaml#/info/verse" points at nothing`},
		"whole citation": {with("/info/version", ""), name + `the citation "openapi.yaml#" points at nothing`},
		"lost section":   {with("RFC 9110 section 15.3.2", "contract section 8"), name + `the citation "contract section 8" names no section of contract.md`},
		"section form":   {with("RFC 9110 section 15.3.2", "contract section 3.1"), name + `the citation "contract section 3.1" is neither`},
		"why":            {more("why: because"), name + "the why is not a sentence"},
		"RFC alone":      {with(" section 15.3.2", ""), name + `the citation "RFC 9110" is neither`},
		"empty citation": {with("; RFC 9110 section 15.3.2", "; "), name + `the citation "openapi.yaml#/info/version;" points at nothing`},
		"need":           {more("needs: [luck]"), name + `the need "luck" is unknown`},
		"need twice":     {more("needs: [group, group]"), name + `the need "group" is named twice`},
		"one reading":    {more("contested: [one]"), name + "a contested point has at least two readings"},
		"empty reading":  {more("contested: [one, ' ']"), name + "a reading of the contested point is empty"},
		"since":          {more("since: 2026-13"), name + `since "2026-13" is not the name of a set`},
		"too early":      {more("since: 2026-10"), name + `since "2026-10" is not the name of a set`},
		"bad pattern":    {more("follows: ['create.[']"), name + `the pattern "create.[" in follows is malformed`},
		"lost pattern":   {more("follows: ['delete.*']"), name + `the pattern "delete.*" in follows matches no id`},
		"follows itself": {more("follows: [create.status.created]"), name + "it follows itself"},
		"a taken id":     {one + one, "line 7: create.status.created: the id is taken by line 1"},
		"order":          {one + with("create.status", "audit.status"), "line 7: audit.status.created: it belongs before create.status.created"},
	}
	c := contract(t)
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := ParseCatalogue([]byte(test.data), c)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("ParseCatalogue() = %v, want %q", err, test.want)
			}
		})
	}
}

func TestParseCatalogueCollects(t *testing.T) {
	circle := ""
	for _, ids := range [][2]string{{"a.a.a", "a.a.b"}, {"a.a.b", "a.a.c"}, {"a.a.c", "a.a.a"}, {"a.a.d", "a.a.a"}} {
		circle += strings.Replace(one, "create.status.created", ids[0], 1) + "  follows: [" + ids[1] + "]\n"
	}
	_, err := ParseCatalogue([]byte(circle+"- level: MAY\n"), contract(t))
	want := []string{
		"line 1: a.a.a: it follows itself",
		"line 8: a.a.b: it follows itself",
		"line 15: a.a.c: it follows itself",
		"line 29: an entry without an id: it has no id",
		`line 29: an entry without an id: the level "MAY" is not MUST or SHOULD`,
		`line 29: an entry without an id: the profile "" is unknown`,
		"line 29: an entry without an id: it has no statement",
		"line 29: an entry without an id: it has no breaks",
		`line 29: an entry without an id: the citation "" is neither "openapi.yaml#/…" nor "contract section N" nor "RFC N section M"`,
	}
	if err == nil {
		t.Fatal("no error")
	}
	if diff := cmp.Diff(want, strings.Split(err.Error(), "\n")); diff != "" {
		t.Error(diff)
	}
}

// A MUST that is broken decides the verdict: it follows from no SHOULD, so that it names none.
func TestAMustFollowsNoShould(t *testing.T) {
	t.Parallel()
	catalogue, err := LoadCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range catalogue.All() {
		for _, pattern := range r.Follows {
			if r.Level == Must && !slices.ContainsFunc(catalogue.All(), func(other Requirement) bool {
				ok, err := path.Match(pattern, other.ID)
				return ok && err == nil && other.Level == Must && other.ID != r.ID
			}) {
				t.Errorf("%s follows from %s, which is no MUST", r.ID, pattern)
			}
		}
	}
}
