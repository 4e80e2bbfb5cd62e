package registry

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/sa-conformance/conformance/internal/certificate"
	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/spec"
)

var today = time.Date(2027, 1, 5, 9, 30, 0, 0, time.UTC)

// attack is markup for every context, and characters that do not show.
const attack = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>]]>&{{.}}`![x](https://x.example/i.png)|\u202e\x1b[2J\n# Accepted"

// reviewed is a review of an honest submission.
func reviewed(t *testing.T, name string) *Review {
	t.Helper()
	_, public, err := certificate.GenerateKey(certificate.Ed25519)
	must(t, err)
	key, err := parseKey(public)
	must(t, err)
	s, err := parseSubmission([]byte(strings.ReplaceAll(honest, "acme", name)))
	must(t, err)
	results := []report.Result{
		{ID: "create.header.location", Level: spec.Should, Profile: spec.Core, Statement: "A create tells where the account is.", Outcome: report.Fail},
		{ID: "create.status.created", Level: spec.Must, Profile: spec.Core, Statement: "A create with the least body gets 201 Created.", Outcome: report.Pass},
	}
	r := &Review{Name: name, Path: "submissions/" + name, Submission: &s, key: key, Verification: &certificate.Verification{
		SHA256: strings.Repeat("5f", 32), Signature: certificate.Valid, KeyID: key.ID, Complete: true, Reproduces: true, Judged: report.Conformant,
		NotRejudgeable: []certificate.Unjudged{{ID: "token.signature.verifies", Level: spec.Must, Was: report.Pass, Reason: "needs the live token"}},
		Notes:          []string{"a proxy was between the suite and the target"},
		Appeals:        []certificate.Appealed{{Appeal: certificate.Appeal{Requirement: "contested.id.form", Reading: "Ids are opaque.", Reasons: "So it says."}}},
		Report:         &report.Report{Profiles: []report.Profile{{Name: spec.Core}}, Results: results},
		Claims: &certificate.Claims{
			Format: 2, Verdict: report.Conformant, Profiles: []spec.Profile{spec.Core}, Set: report.Set{Name: "2026-12"}, RunID: "run-" + name,
			Target: certificate.Target{URL: s.Target, Version: "7.1", Tells: "acmed 7"}, Suite: report.Suite{Version: "v1.4.0"}, Challenge: "5f0c2a9be417d3c8",
			NotOffered: []certificate.NotOffered{{Need: spec.NeedExpiredToken, Requirements: []string{"auth.expired.refused"}}},
			ValidFrom:  today.AddDate(0, -1, 0), ValidUntil: today.AddDate(0, 2, 0),
		},
	}}
	r.Verification.Timestamp = &certificate.Timestamp{Time: today.AddDate(0, -1, 0), Authority: "CN=tsa.example", Trusted: true}
	r.Verification.Runs = &certificate.Runs{Number: 5, Against: 4, Witnessed: 3, Verdicts: map[string]int{"conformant": 1, "non-conformant": 2, "broken off": 1}}
	r.Verification.Witness = &certificate.Witnessed{
		KeyID: strings.Repeat("ab", 32), Trusted: true, Held: true, Vantage: "Frankfurt", Number: 5, Exchanges: 612, Repeats: 9, Started: today.AddDate(0, -1, 0), Ended: today.AddDate(0, -1, 0),
	}
	r.add(CheckStructure, Met, "submission.yaml, certificate.zip")
	r.add(CheckKey, Met, "confirmed: it is the identity "+name)
	return r
}

// sampled is one review of each standing, all with hostile texts if there is one.
func sampled(t *testing.T, hostile string) (*Registry, []*Review) {
	t.Helper()
	valid, expired, revoked, refused, nameless := reviewed(t, "acme"), reviewed(t, "beta"), reviewed(t, "gamma"), reviewed(t, "delta"), reviewed(t, "x")
	expired.Verification.Claims.ValidUntil = today.AddDate(0, 0, -1)
	expired.add(CheckDate, Failed, "it has expired"+hostile)
	revoked.Revoked = &Revocation{Run: "run-gamma", Since: "2027-01-02", Reason: "the key was lost" + hostile}
	revoked.add(CheckRevocation, Failed, "revoked since 2027-01-02"+hostile)
	refused.add(CheckSignature, Failed, "not valid"+hostile)
	nameless.Name = "<script>" + hostile
	nameless.add(CheckStructure, Failed, "the name of the directory"+hostile)
	all := []*Review{valid, expired, revoked, refused, nameless}
	if hostile != "" {
		for _, r := range all {
			s, v, c := r.Submission, r.Verification, r.Verification.Claims
			s.Vendor, s.Product, s.Version, s.Contact, c.Target.Version, c.Target.Tells = hostile, hostile, hostile, hostile, hostile, hostile
			c.Target.URL, c.Set.Name, c.RunID, c.Suite.Version, c.Challenge = "https://"+hostile, hostile, hostile, hostile, hostile
			c.Profiles, c.NotOffered[0].Need = []spec.Profile{spec.Profile(hostile)}, spec.Need(hostile)
			v.Notes[0], v.NotRejudgeable[0].Reason, v.NotRejudgeable[0].ID, v.Appeals[0].Reading = hostile, hostile, hostile, hostile
			v.Report.Results[0].ID, v.Report.Results[0].Statement = hostile, hostile
			v.Timestamp.Authority, v.Witness.Vantage, v.Witness.KeyID, v.Runs.Verdicts = hostile, hostile, hostile, map[string]int{hostile: 2}
			r.add(CheckVersion, Met, hostile)
		}
	}
	return &Registry{Rules: Rules{Name: "Certified implementations" + hostile}}, all
}

func siteOf(t *testing.T, hostile string) map[string][]byte {
	t.Helper()
	r, reviews := sampled(t, hostile)
	files, err := r.Site(reviews, "v1.5.0", today)
	must(t, err)
	again, err := r.Site(reviews, "v1.5.0", today)
	must(t, err)
	site := map[string][]byte{}
	for i, f := range files {
		if !bytes.Equal(f.Data, again[i].Data) {
			t.Errorf("%s is not the same twice", f.Name)
		}
		if site[f.Name] != nil {
			t.Errorf("%s is written twice", f.Name)
		}
		site[f.Name] = f.Data
	}
	return site
}

// The files of a site are known by name: no text of a submission is part of one.
func TestSiteFiles(t *testing.T) {
	var names []string
	for name := range siteOf(t, attack) {
		names = append(names, name)
	}
	slices.Sort(names)
	want := "badges/acme.json badges/acme.svg badges/beta.json badges/beta.svg badges/delta.json badges/delta.svg badges/gamma.json badges/gamma.svg " +
		"certificates/acme.html certificates/beta.html certificates/delta.html certificates/gamma.html " +
		"feed.atom index.html index.json index.schema.json keys/acme.pub.pem keys/beta.pub.pem keys/gamma.pub.pem matrix.html"
	if got := strings.Join(names, " "); got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}

// No page refers to anything outside, and hostile texts are texts in each context.
func TestSiteEscapes(t *testing.T) {
	plain := siteOf(t, "")
	tags := regexp.MustCompile(`<[a-zA-Z/!][^>]*>`)
	reference := regexp.MustCompile(`(?:href|src)="([^"]*)"`)
	for name, data := range siteOf(t, attack) {
		text := string(data)
		if bytes.ContainsAny(data, "\x1b\u202e\x00") {
			t.Errorf("%s has a character that does not show", name)
		}
		switch {
		case strings.HasSuffix(name, ".json"):
			if !json.Valid(data) || strings.Contains(text, "<script") {
				t.Errorf("%s: %s", name, text)
			}
			continue
		case strings.HasSuffix(name, ".pem"):
			continue
		case strings.HasSuffix(name, ".svg"), strings.HasSuffix(name, ".atom"):
			for d := xml.NewDecoder(bytes.NewReader(data)); ; {
				if _, err := d.Token(); errors.Is(err, io.EOF) {
					break
				} else if err != nil {
					t.Fatalf("%s: %v", name, err)
				}
			}
		}
		if hostile, honest := len(tags.FindAllString(text, -1)), len(tags.FindAllString(string(plain[name]), -1)); hostile > honest+8 { // of the one check more
			t.Errorf("%s has %d tags, and %d without hostile texts", name, hostile, honest)
		}
		if strings.Contains(text, "<script") || strings.Contains(text, "<img") {
			t.Errorf("%s holds markup of a submission", name)
		}
		for _, m := range reference.FindAllStringSubmatch(text, -1) {
			if !regexp.MustCompile(`^(#main|(\.\./)?[a-z]+(/[a-z]+)?(\.[a-z]+)+)$`).MatchString(m[1]) {
				t.Errorf("%s refers to %q", name, m[1])
			}
		}
	}
}

// What is refused is named with the reasons, and what it claims is repeated nowhere.
func TestRefusedClaimsNothing(t *testing.T) {
	site := siteOf(t, "")
	for _, name := range []string{"index.json", "feed.atom", "certificates/delta.html", "badges/delta.svg", "index.html"} {
		if strings.Contains(string(site[name]), "identity.delta.example") || strings.Contains(string(site[name]), "run-delta") {
			t.Errorf("%s repeats what a refused submission claims", name)
		}
	}
	for name, want := range map[string]string{
		"badges/acme.json": `"message":"conformant · 2026-12","color":"brightgreen"`, "badges/beta.json": `"message":"expired · 2026-12","color":"lightgrey"`,
		"badges/gamma.json": `"message":"revoked · 2026-12","color":"red"`, "badges/delta.json": `"label":"delta","message":"not accepted","color":"red"`,
		"certificates/gamma.html": "revoked since 2027-01-02", "certificates/beta.html": "It was valid once", "matrix.html": `<a href="certificates/acme.html">`,
	} {
		if !strings.Contains(string(site[name]), want) {
			t.Errorf("%s does not have %s: %s", name, want, site[name])
		}
	}
}

// The pages, the index and the review say what stands behind a certificate beside the signer's word, gaps in the runs included.
func TestBacking(t *testing.T) {
	whole, alone, contradicted := reviewed(t, "acme"), reviewed(t, "beta"), reviewed(t, "gamma")
	whole.Verification.Runs.Verdicts, whole.Verification.Runs.Witnessed = map[string]int{"conformant": 1, "non-conformant": 4}, 5
	alone.Verification.Witness, alone.Verification.Timestamp, alone.Verification.Runs = nil, nil, nil
	contradicted.Verification.Witness.Problems, contradicted.Verification.Timestamp.Trusted = []string{"it saw another run"}, false
	gaps := reviewed(t, "delta")
	for _, test := range []struct {
		review                      *Review
		short, witness, stamp, runs string
		witnessed, stamped, whole   bool
	}{
		{whole, "witness, timestamp, all runs", "held the run itself, from Frankfurt: 612 exchanges", "2026-12-05T09:30:00Z, by CN=tsa.example", "conformant 1, non-conformant 4", true, true, true},
		{alone, "the signer’s word", "none: who answered", "none: the time", "not told", false, false, false},
		{contradicted, "the signer’s word", "it contradicts the certificate: it saw another run", "which this registry does not know", "by the signer's word", false, false, false},
		{gaps, "witness, timestamp", "held", "2026", "gaps: 1 did not end, 2 that the witness saw are not in the chain", true, true, false},
	} {
		b := test.review.Backing()
		if b.Short() != test.short || !strings.HasPrefix(b.Witness, test.witness) || !strings.Contains(b.Timestamp, test.stamp) || !strings.Contains(b.Runs, test.runs) {
			t.Errorf("%s: %q %+v", test.review.Name, b.Short(), b)
		}
		if b.Witnessed != test.witnessed || b.Timestamped != test.stamped || b.Whole != test.whole {
			t.Errorf("%s: %+v", test.review.Name, b)
		}
		test.review.backed(nil)
		for i, met := range []bool{test.witnessed, test.stamped, test.whole} {
			if c := test.review.Checks[2+i]; (c.State == Met) != met || c.State == Failed {
				t.Errorf("%s: %+v", test.review.Name, c)
			}
		}
	}
	site := siteOf(t, "")
	for name, want := range map[string]string{
		"index.html": "<td>witness, timestamp</td>", "index.json": `"missing": 2`, "certificates/acme.html": "2 that the witness saw are not in the chain",
	} {
		if !strings.Contains(string(site[name]), want) {
			t.Errorf("%s lacks %s: %s", name, want, site[name])
		}
	}
	alone.backed(demanded([]string{"the signature of a witness is required, and the bundle has none", "a timestamp of an authority is required", "the chain of runs is required, and the bundle has none"}))
	for _, c := range alone.Checks[5:] {
		if c.State != Failed {
			t.Errorf("%+v", c)
		}
	}
}

func TestIndexSatisfiesItsSchema(t *testing.T) {
	schema := schemaOf(t, "index")
	for _, hostile := range []string{"", attack} {
		index := siteOf(t, hostile)["index.json"]
		instance, err := jsonschema.UnmarshalJSON(bytes.NewReader(index))
		must(t, err)
		if err := schema.Validate(instance); err != nil {
			t.Error(err)
		}
	}
	bad, err := jsonschema.UnmarshalJSON(strings.NewReader(`{"$schema": "index.schema.json", "format": 1, "name": "R", "asOf": "2027-01-05T09:30:00Z", "suite": "x",
		"certificates": [{"name": "a", "state": "refused", "reasons": ["x"], "verdict": "conformant"}]}`))
	must(t, err)
	if schema.Validate(bad) == nil {
		t.Error("the schema takes a verdict of what is refused")
	}
}

// The feed has an entry for each certificate that stands or stood, the newest event first, of the time of the event.
func TestFeed(t *testing.T) {
	var read struct {
		Updated string `xml:"updated"`
		Entry   []struct {
			ID      string `xml:"id"`
			Title   string `xml:"title"`
			Updated string `xml:"updated"`
		} `xml:"entry"`
	}
	must(t, xml.Unmarshal(siteOf(t, "")["feed.atom"], &read))
	got := read.Updated
	for _, e := range read.Entry {
		got += "; " + e.Updated + " " + e.Title
		if !regexp.MustCompile(`^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`).MatchString(e.ID) {
			t.Errorf("the id %s", e.ID)
		}
	}
	if want := "2027-01-04T09:30:00Z; 2027-01-04T09:30:00Z Acme Identity 7.1 of Acme Corp: expired; 2027-01-02T00:00:00Z Acme Identity 7.1 of Acme Corp: revoked; " +
		"2026-12-05T09:30:00Z Acme Identity 7.1 of Acme Corp: valid"; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}

// A review is Markdown, and nothing of a submission is markup in it.
func TestMarkdownEscapes(t *testing.T) {
	var plain, hostile bytes.Buffer
	_, reviews := sampled(t, "")
	must(t, Markdown(&plain, reviews))
	_, reviews = sampled(t, attack)
	must(t, Markdown(&hostile, reviews))
	for line := range strings.Lines(hostile.String()) {
		if outside := outsideCode(strings.TrimSuffix(line, "\n")); strings.ContainsAny(outside, "<>[]|`\x1b\u202e") {
			t.Errorf("outside of code: %q", outside)
		}
	}
	if got, want := strings.Count(hostile.String(), "\n# ")+strings.Count(hostile.String(), "\n## "), strings.Count(plain.String(), "\n## "); got != want {
		t.Errorf("%d headings, want %d", got, want)
	}
	if !strings.HasPrefix(plain.String(), "# Review: 1 of 5 submissions accepted\n\n## `acme`: accepted\n") {
		t.Errorf("%s", plain.String())
	}
}

// outsideCode is a line of Markdown without its code spans: what stands between runs of as many backticks (CommonMark 6.1).
func outsideCode(line string) string {
	ticks := regexp.MustCompile("`+")
	for at := 0; ; {
		open := ticks.FindStringIndex(line[at:])
		if open == nil {
			return line
		}
		from, end := at+open[0], at+open[1]
		closed := -1
		for _, next := range ticks.FindAllStringIndex(line[end:], -1) {
			if next[1]-next[0] == end-from {
				closed = end + next[1]
				break
			}
		}
		if closed < 0 {
			at = end
			continue
		}
		line = line[:from] + line[closed:]
		at = from
	}
}
