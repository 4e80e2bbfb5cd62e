package certificate

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/spec"
)

func claimed(target string) Claims {
	return Claims{
		Format: format, Verdict: report.Conformant, Profiles: []spec.Profile{spec.Core, spec.Token, spec.Lifecycle, spec.Hardening},
		Set: report.Set{Name: "2026-12"}, Target: Target{URL: target}, ValidUntil: time.Date(2027, 2, 3, 0, 0, 0, 0, time.UTC),
	}
}

// drawn parses a badge, and returns its width, its height and its texts.
func drawn(t *testing.T, text []byte) (width, height string, texts []string) {
	t.Helper()
	var svg struct {
		Width  string   `xml:"width,attr"`
		Height string   `xml:"height,attr"`
		Texts  []string `xml:"g>text"`
	}
	if err := xml.Unmarshal(text, &svg); err != nil {
		t.Fatal(err)
	}
	return svg.Width, svg.Height, svg.Texts
}

// A badge is about as wide as those that it stands beside, and names the target.
func TestBadge(t *testing.T) {
	badge := Badge(claimed("https://identity.example.com/prefix"))
	width, height, texts := drawn(t, badge)
	if len(width) != 3 || width > "299" || height != "20" {
		t.Errorf("it is %s by %s pixels", width, height)
	}
	if strings.Join(texts, "|") != "identity.example.com|conformant · 2026-12" {
		t.Errorf("it says %q", texts)
	}
	if title := "create service account at identity.example.com: conformant · core, token, lifecycle, hardening · set 2026-12 · until 2027-02-03"; !bytes.Contains(badge, []byte("<title>"+title+"</title>")) {
		t.Errorf("%s", badge)
	}
	long := claimed("https://" + strings.Repeat("w", 200) + ".example")
	if width, _, _ := drawn(t, Badge(long)); len(width) != 3 || width > "499" {
		t.Errorf("a long name makes it %s pixels wide", width)
	}
}

func TestBadgeOfHostileClaims(t *testing.T) {
	c := claimed(`https://x"><script>`)
	c.Profiles, c.Set.Name = append(c.Profiles, `<script>`), `"&<script>`
	for _, c.Format = range []int{firstFormat, format} {
		d := xml.NewDecoder(bytes.NewReader(Badge(c)))
		for {
			token, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			if e, ok := token.(xml.StartElement); ok && e.Name.Local == "script" {
				t.Error("it holds a script")
			}
		}
	}
}

func TestBadgeEndpoint(t *testing.T) {
	failed := claimed("https://identity.example.com")
	failed.Verdict = report.NonConformant
	withheld := claimed("https://identity.example.com:8443")
	withheld.Verdict, withheld.NotOffered = report.Incomplete, []NotOffered{{Need: spec.NeedExpiredToken}}
	for want, c := range map[string]Claims{
		"identity.example.com|conformant · 2026-12|brightgreen":                      claimed("https://identity.example.com"),
		"identity.example.com|non-conformant · 2026-12|red":                          failed,
		"identity.example.com:8443|conformant (1 not offered) · 2026-12|brightgreen": withheld,
	} {
		text, err := BadgeEndpoint(c)
		if err != nil {
			t.Fatal(err)
		}
		var got struct {
			SchemaVersion         int
			Label, Message, Color string
		}
		if err := json.Unmarshal(text, &got); err != nil {
			t.Fatal(err)
		}
		if line := got.Label + "|" + got.Message + "|" + got.Color; line != want || got.SchemaVersion != 1 {
			t.Errorf("%s, want %s", line, want)
		}
	}
}
