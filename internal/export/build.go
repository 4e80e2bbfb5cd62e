package export

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/sa-conformance/conformance/internal/report"
)

// placeholder is what a report shows in the place of a secret.
var placeholder = regexp.MustCompile(`\[redacted:[^\[\]\s]{1,60}\]`)

// shortestID is the number of characters from which an id is looked for in addresses and bodies.
const shortestID = 8

// mostEvidence is the number of exchanges of other evidence up to which they are part of the script.
const mostEvidence = 6

// Build makes the script of the failure of a requirement. The error says in one line why there is none.
func Build(r *report.Report, id string) (*Script, error) {
	at := slices.IndexFunc(r.Results, func(x report.Result) bool { return x.ID == id })
	if at < 0 {
		return nil, fmt.Errorf("the report has no requirement %s", report.Printable(id))
	}
	result := r.Results[at]
	card := report.CardOf(r, result)
	switch {
	case !result.Outcome.Broke():
		return nil, fmt.Errorf("%s did not fail: its outcome is %s", report.Printable(id), report.Printable(string(result.Outcome)))
	case len(card.Exchanges) == 0:
		return nil, fmt.Errorf("the report holds no request that shows the failure of %s; write it with --out", report.Printable(id))
	}
	b := &builder{report: r, variables: map[string]string{}, names: map[string]int{}, inputs: map[string]bool{}}
	check := checkOf(result)
	failing := failingOf(card.Exchanges, check)
	for _, e := range conversation(r, card, failing) {
		if err := b.add(e, e.ID == failing.ID); err != nil {
			return nil, err
		}
	}
	s := &Script{ID: report.Printable(id), Statement: report.Printable(result.Statement), Target: report.Printable(r.Target.URL), failing: len(b.steps) - 1}
	last := &b.steps[s.failing]
	last.Notes = notes(result)
	switch {
	case check == nil:
	case check.Statuses == nil:
		last.Check = check
	case failing.Response == nil || !allows(check.Statuses, failing.Response.Status): // or else it is about another one
		last.Check, last.Status = check, 0
		if failing.Response != nil {
			check.Seen = failing.Response.Status
		}
	}
	b.cleanUp()
	s.Steps = b.steps
	s.Inputs = append([]Input{{BaseURL, "the address of the target", report.Printable(r.Target.URL)}}, b.given...)
	return s, nil
}

// failingOf is the exchange that shows a failure: the last of the evidence, if it is about a status the last one with another.
func failingOf(evidence []report.Exchange, check *Check) report.Exchange {
	if check != nil && check.Statuses != nil {
		for _, e := range slices.Backward(evidence) {
			if e.Response != nil && !allows(check.Statuses, e.Response.Status) {
				return e
			}
		}
	}
	return evidence[len(evidence)-1]
}

// conversation lists the exchanges that lead to a failure, it last: of its conversation, what succeeded in changing something,
// and evidence, if there is little of it.
func conversation(r *report.Report, card report.Card, failing report.Exchange) (list []report.Exchange) {
	evidence := card.Exchanges
	if len(evidence) > mostEvidence {
		evidence = nil
	}
	seen := map[string]int{}
	for _, e := range r.Exchanges {
		if e.ID == failing.ID || e.StartedAt.After(failing.StartedAt) || e.Request.BodyTruncated {
			continue
		}
		isEvidence := slices.ContainsFunc(evidence, func(x report.Exchange) bool { return x.ID == e.ID })
		changed := e.Probe == failing.Probe && e.Request.Method != http.MethodGet && e.Response != nil && e.Response.Status/100 == 2
		if !isEvidence && !changed {
			continue
		}
		if step := e.Probe + "/" + e.Step; isEvidence && !changed {
			if i, again := seen[step]; again { // it was read until something appeared
				list[i] = e
				continue
			}
			seen[step] = len(list)
		}
		list = append(list, e)
	}
	slices.SortStableFunc(list, func(x, y report.Exchange) int { return x.StartedAt.Compare(y.StartedAt) })
	return append(list, failing)
}

type builder struct {
	report    *report.Report
	steps     []Step
	given     []Input
	variables map[string]string // from a text to the variable that stands for it
	names     map[string]int
	inputs    map[string]bool
	accounts  []account
}

type account struct {
	variable, id string
	url          string
	deleted      bool
}

func (b *builder) add(e report.Exchange, failing bool) error {
	b.credential(e)
	step := Step{Name: report.Printable(e.ID), Method: report.Printable(e.Request.Method), URL: b.text(e.Request.URL)}
	for _, line := range e.Request.Headers {
		name, value, _ := strings.Cut(line, ": ")
		switch http.CanonicalHeaderKey(name) {
		case "Content-Length", "User-Agent", "Accept-Encoding", "Traceparent", "Transfer-Encoding", "Host", "Connection":
			continue
		}
		step.Headers = append(step.Headers, Header{name, b.text(value)})
	}
	raw, binary, ok := printed(e.Curl)
	switch {
	case e.Request.BodyTruncated || !ok:
		return fmt.Errorf("the body of %s is longer than a report holds; its curl line sends it again", report.Printable(e.ID))
	case binary:
		step.Raw = raw
	case e.Request.BodyBytes > 0:
		text := b.text(e.Request.Body)
		step.Body = &text
	}
	b.delete(e)
	if e.Response != nil && e.Response.Status/100 == 2 {
		b.capture(e, &step, failing)
	}
	b.steps = append(b.steps, step)
	return nil
}

// credential gives the credential of a request its variable.
func (b *builder) credential(e report.Exchange) {
	name := strings.ToLower(report.Variable(e.Identity))
	for _, line := range e.Request.Headers {
		header, value, _ := strings.Cut(line, ": ")
		found := placeholder.FindString(value)
		if !strings.EqualFold(header, "Authorization") || found == "" || b.variables[found] != "" || name == "token" {
			continue
		}
		b.variables[found] = b.input(name, "the credential of the identity "+e.Identity)
	}
}

// input makes a variable that the user gives.
func (b *builder) input(name, meaning string) string {
	if !b.inputs[name] {
		b.inputs[name] = true
		b.given = append(b.given, Input{Name: name, Meaning: report.Printable(meaning)})
	}
	return name
}

// capture takes id and token of an account from a response.
func (b *builder) capture(e report.Exchange, step *Step, failing bool) {
	var body struct {
		Metadata struct {
			ID string `json:"id"`
		} `json:"metadata"`
		Status struct {
			AccessToken string `json:"accessToken"`
		} `json:"status"`
	}
	if json.Unmarshal([]byte(e.Response.Body), &body) != nil || e.Request.Method != http.MethodPost {
		return
	}
	if id := body.Metadata.ID; len(id) >= shortestID && b.variables[id] == "" && e.Operation == "createServiceAccount" {
		name := b.fresh("account_id")
		b.variables[id] = name
		step.Captures = append(step.Captures, Capture{name, "/metadata/id"})
		address, _, _ := strings.Cut(e.Request.URL, "?")
		b.accounts = append(b.accounts, account{variable: name, id: id, url: address})
	}
	if token := body.Status.AccessToken; placeholder.MatchString(token) && b.variables[token] == "" && !failing {
		name := b.fresh("access_token")
		b.variables[token] = name
		step.Captures = append(step.Captures, Capture{name, "/status/accessToken"})
	}
	if len(step.Captures) > 0 {
		step.Status = e.Response.Status
	}
}

func (b *builder) fresh(name string) string {
	if b.names[name]++; b.names[name] > 1 {
		return name + "_" + strconv.Itoa(b.names[name])
	}
	return name
}

// delete notes which account a request deleted.
func (b *builder) delete(e report.Exchange) {
	if e.Request.Method != http.MethodDelete || e.Response == nil || e.Response.Status/100 != 2 {
		return
	}
	for i, a := range b.accounts {
		b.accounts[i].deleted = a.deleted || strings.HasSuffix(e.Request.URL, "/"+a.id)
	}
}

// cleanUp deletes the accounts that the steps leave.
func (b *builder) cleanUp() {
	for _, a := range b.accounts {
		if a.deleted {
			continue
		}
		token := b.input(strings.ToLower(report.Variable("operator")), "the credential of the identity operator")
		b.steps = append(b.steps, Step{
			Name: "clean-up/" + a.variable, Method: http.MethodDelete,
			URL:     append(b.text(a.url+"/"), Part{Variable: a.variable}),
			Headers: []Header{{"Authorization", Text{{Literal: "Bearer "}, {Variable: token}}}},
		})
	}
}

// text puts variables in the place of the address of the target, of secrets, and of ids that are captured.
func (b *builder) text(s string) (t Text) {
	if rest, ok := strings.CutPrefix(s, b.report.Target.URL); ok && b.report.Target.URL != "" {
		t, s = append(t, Part{Variable: BaseURL}), rest
	}
	for s != "" {
		from, to, name := len(s), len(s), ""
		if m := placeholder.FindStringIndex(s); m != nil {
			from, to, name = m[0], m[1], b.secret(s[m[0]:m[1]])
		}
		for _, a := range b.accounts {
			if i := strings.Index(s, a.id); i >= 0 && i < from {
				from, to, name = i, i+len(a.id), a.variable
			}
		}
		if from > 0 {
			t = append(t, Part{Literal: s[:from]})
		}
		if name != "" {
			t = append(t, Part{Variable: name})
		}
		s = s[to:]
	}
	return t
}

// secret is the variable of a placeholder. One that no response gave is the user's to give.
func (b *builder) secret(found string) string {
	if b.variables[found] == "" {
		b.variables[found] = b.input(b.fresh("secret"), "what the report shows as "+found)
	}
	return b.variables[found]
}

// checkOf makes a check of what was expected, nil if no tool could test it.
func checkOf(result report.Result) *Check {
	if spans := spansOf(result.Expected); spans != nil && result.Pointer == "" {
		return &Check{Statuses: spans}
	}
	if _, ok := jsonPath(result.Pointer); !ok || result.Pointer == "" {
		return nil
	}
	var value any
	if json.Unmarshal([]byte(result.Expected), &value) == nil && !placeholder.MatchString(result.Expected) {
		switch value.(type) {
		case string, float64, bool:
			return &Check{Pointer: result.Pointer, Equals: result.Expected}
		}
	}
	if result.Expected == "a member "+result.Pointer {
		return &Check{Pointer: result.Pointer}
	}
	return nil
}
