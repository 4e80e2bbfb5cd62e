package certificate

import (
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/spec"
)

// matrixFiles are the template and the style of the page.
//
//go:embed matrix
var matrixFiles embed.FS

// Entry is a bundle on the page, as it was verified.
type Entry struct {
	File string
	// Verification is nil if the file is no bundle; Fault says why.
	Verification *Verification
	Fault        string
	// Sound is set if the bundle is valid, whatever its date.
	Sound bool
	// Refused are reasons of whoever publishes the page why the bundle does not count, beside those of Verification.
	Refused []string
	// Link is the page of the certificate; "" if there is none.
	Link string
}

// Style is the style of the page, for pages beside it.
func Style() ([]byte, error) {
	style, err := matrixFiles.ReadFile("matrix/style.css")
	if err != nil {
		return nil, fmt.Errorf("reading the style of the page: %w", err)
	}
	return style, nil
}

// matrixPage is all that the template shows.
type matrixPage struct {
	Policy    string
	Style     template.CSS
	Made      string
	Suite     string
	Columns   []matrixColumn
	Valid     int
	Groups    []matrixGroup
	Contested []matrixPoint
}

// matrixColumn is an implementation.
type matrixColumn struct {
	Number                                  int
	File, Target, Host, Version, Link       string
	Verdict, Profiles, Set, Suite, From, To string
	// KeyID is the beginning of that of the key that signed; Identity and Issuer say who signed without a key.
	KeyID, Identity, Issuer string
	// State is valid, past, unsigned or invalid; Words says so.
	State, Words string
	Problems     []string
	results      map[string]report.Result
	appeals      map[string]Appealed
	words        map[string]string // of what is not re-judgeable
}

// matrixGroup is the requirements of a profile.
type matrixGroup struct {
	Profile string
	Rows    []matrixRow
	// Split counts the requirements on which implementations differ.
	Split int
}

type matrixRow struct {
	ID, Level, Statement string
	Cells                []matrixCell
}

type matrixCell struct{ Kind, Glyph, Words, State string }

// matrixPoint is a contested requirement, or one that somebody appeals.
type matrixPoint struct {
	ID, Statement string
	Readings      []string
	Observed      []matrixReading
}

type matrixReading struct {
	Column   matrixColumn
	Observed string
	Appeal   *Appeal
}

// Matrix writes a page for a browser: implementations by requirement, with style and without script, and without
// references to anything outside but the links of appeals. What bundles hold is text on it: the template escapes it, and
// Printable shows what is invisible.
func Matrix(w io.Writer, entries []Entry, suite string, now time.Time) error {
	t, err := template.New("page.html").Funcs(template.FuncMap{"show": shortly, "address": address}).ParseFS(matrixFiles, "matrix/page.html")
	if err != nil {
		return fmt.Errorf("reading the template of the page: %w", err)
	}
	style, err := Style()
	if err != nil {
		return err
	}
	sum := sha256.Sum256(style)
	p := matrixPage{
		Style: template.CSS(style), Made: now.UTC().Format("2 January 2006 15:04 UTC"), Suite: suite,
		Policy: "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'",
	}
	for i, e := range entries {
		column := e.column(i + 1)
		if column.State == "valid" {
			p.Valid++
		}
		p.Columns = append(p.Columns, column)
	}
	p.rows()
	if err := t.Execute(w, p); err != nil {
		return fmt.Errorf("rendering the page: %w", err)
	}
	return nil
}

// address is what a link leads to, without anything but visible ASCII; "" if an appeal may not have that link.
func address(link string) string {
	u, ok := parseLink(link)
	if !ok {
		return ""
	}
	var b strings.Builder
	for _, c := range []byte(u.String()) {
		if c <= ' ' || c >= 0x7f {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// longestText is the number of characters up to which a text of a bundle is shown.
const longestText = 1000

func shortly(text string) string {
	runes := []rune(report.Printable(text))
	if len(runes) > longestText {
		return string(runes[:longestText]) + "…"
	}
	return string(runes)
}

func (e Entry) column(number int) matrixColumn {
	c := matrixColumn{Number: number, File: e.File, Link: e.Link, State: "invalid", Words: "not valid", Host: e.File}
	v := e.Verification
	if v == nil {
		c.Problems = append([]string{e.Fault}, e.Refused...)
		return c
	}
	if claims := v.Claims; claims != nil {
		c.Target, c.Version, c.Verdict, c.Set = claims.Target.URL, claims.Target.Version, string(claims.Verdict), claims.Set.Name
		if host := claims.Host(); host != "" {
			c.Host = host
		}
		var profiles []string
		for _, p := range claims.Profiles {
			profiles = append(profiles, string(p))
		}
		c.Profiles, c.Suite = strings.Join(profiles, ", "), claims.Suite.Version
		c.From, c.To = claims.ValidFrom.UTC().Format("2 January 2006"), claims.ValidUntil.UTC().Format("2 January 2006")
	}
	if len(v.KeyID) >= 16 {
		c.KeyID = v.KeyID[:16]
	}
	if v.Identity != nil {
		c.Identity, c.Issuer = v.Identity.Subject, v.Identity.Issuer
	}
	c.Problems = append(v.problems(), e.Refused...)
	if !e.Sound { // what it claims is not repeated
		c.Verdict, c.Profiles, c.Set, c.From = "", "", "", ""
		return c
	}
	switch {
	case v.Date != "":
		c.State, c.Words = "past", "past its date"
		if !strings.HasPrefix(v.Date, "it has expired") {
			c.Words = "not valid today"
		}
		c.Problems = append(c.Problems, v.Date)
	case v.Signature == Unsigned:
		c.State, c.Words = "unsigned", "not signed"
	default:
		c.State, c.Words = "valid", "valid"
	}
	c.results, c.appeals, c.words = map[string]report.Result{}, map[string]Appealed{}, map[string]string{}
	for _, result := range v.Report.Results {
		if v.Report.Counts(result) {
			c.results[result.ID] = result
		}
	}
	for _, a := range v.Appeals {
		c.appeals[a.Requirement] = a
	}
	for _, u := range v.NotRejudgeable {
		c.words[u.ID] = u.Reason
	}
	return c
}

// problems are the reasons why a bundle is not valid, whatever its date.
func (v *Verification) problems() (all []string) {
	if v.Signature != Valid {
		all = append(all, "signature: "+strings.TrimSuffix(v.Signature+": "+v.SignatureProblem, ": "))
	}
	for _, p := range v.Evidence {
		all = append(all, "evidence: "+p.String())
	}
	if !v.Reproduces {
		all = append(all, "verdict: it does not reproduce: "+v.VerdictProblem)
	}
	for _, condition := range v.Conditions {
		all = append(all, "condition: "+condition)
	}
	if v.ChallengeProblem != "" {
		all = append(all, "challenge: "+v.ChallengeProblem)
	}
	const most = 5
	if more := len(all) - most; more > 1 {
		all = append(all[:most], fmt.Sprintf("and %d more", more))
	}
	return all
}

// rows turns the columns into lines, by profile and id.
func (p *matrixPage) rows() {
	known := map[string]report.Result{}
	appealed := map[string]bool{}
	var ids []string
	for _, c := range p.Columns {
		for id, result := range c.results {
			if _, ok := known[id]; !ok {
				ids = append(ids, id)
			}
			known[id] = result
		}
		for id := range c.appeals {
			appealed[id] = true
		}
	}
	slices.Sort(ids)
	for _, profile := range spec.Profiles() {
		g := matrixGroup{Profile: string(profile)}
		for _, id := range ids {
			if known[id].Profile != profile {
				continue
			}
			row := matrixRow{ID: id, Level: string(known[id].Level), Statement: known[id].Statement}
			kinds := map[string]bool{}
			for _, c := range p.Columns {
				cell := c.cell(id)
				row.Cells = append(row.Cells, cell)
				if _, ok := c.results[id]; ok {
					kinds[cell.Kind] = true
				}
			}
			if len(kinds) > 1 {
				g.Split++
			}
			g.Rows = append(g.Rows, row)
		}
		if len(g.Rows) > 0 {
			p.Groups = append(p.Groups, g)
		}
	}
	for _, id := range ids {
		if len(known[id].Contested) == 0 && !appealed[id] {
			continue
		}
		point := matrixPoint{ID: id, Statement: known[id].Statement, Readings: known[id].Contested}
		for _, c := range p.Columns {
			result, ok := c.results[id]
			if !ok {
				continue
			}
			reading := matrixReading{Column: c, Observed: result.Message}
			if reading.Observed == "" {
				reading.Observed = strings.ReplaceAll(string(result.Outcome), "-", " ")
			}
			if a, ok := c.appeals[id]; ok {
				reading.Appeal = &a.Appeal
			}
			point.Observed = append(point.Observed, reading)
		}
		p.Contested = append(p.Contested, point)
	}
}

func (c matrixColumn) cell(id string) matrixCell {
	result, ok := c.results[id]
	if !ok {
		if c.State == "invalid" {
			return matrixCell{"none", "", "the bundle is not valid", c.State}
		}
		return matrixCell{"none", "", "not part of this certificate", c.State}
	}
	cell := matrixCell{State: c.State, Kind: string(result.Outcome), Words: strings.ReplaceAll(string(result.Outcome), "-", " ")}
	if result.Outcome == report.Fail && result.Level == spec.Should {
		cell.Kind, cell.Words = "warning", "fails (SHOULD)"
	}
	switch cell.Kind {
	case "pass":
		cell.Glyph = "✓"
	case "fail":
		cell.Glyph = "✕"
	case "warning":
		cell.Glyph = "!"
	case "unstable":
		cell.Glyph = "~"
	case "inconclusive":
		cell.Glyph = "?"
	default:
		cell.Kind, cell.Glyph = "not-tested", "–"
	}
	if c.words[id] != "" {
		cell.Kind, cell.Glyph = cell.Kind+" word", cell.Glyph+"*"
		cell.Words += ", on the word of the signer: " + c.words[id]
	}
	return cell
}
