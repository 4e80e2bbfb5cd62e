package doctor

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/sa-conformance/conformance/internal/discovery"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/preflight"
	"github.com/sa-conformance/conformance/internal/probe"
)

// list asks for the list with the operator's credential; true if it was given.
func (d *doctor) list(ctx context.Context, s *probe.Session) bool {
	e := s.List(ctx, "list")
	items, isList := e.Items()
	m, mistaken := preflight.MistakeOf(e)
	switch status := e.Status(); {
	case mistaken && status == http.StatusNotFound:
		d.say("organization", Fail, m.Found, m.Do)
	case mistaken:
		d.say("credentials", Fail, m.Found, m.Do)
	case !e.Answered():
		d.say("credentials", Fail, e.Unanswered(), "try again; the target answered a moment ago")
	case status == http.StatusOK && e.Response.Truncated:
		d.say("credentials", Warn, "the token is accepted, and the list is longer than the suite reads", "name an organization with fewer accounts with --organization")
		return true
	case status == http.StatusOK && isList:
		d.accounts, d.ids, d.total = items, e.ListedIDs(), e.ListLength()
		d.say("credentials", OK, "the token is accepted, and may list", "")
		d.say("organization", OK, "it exists, with "+counted(d.total, "account"), "")
		return true
	case status == http.StatusOK:
		d.say("credentials", Fail, "the list gets 200 and is no JSON array", "check --target: something else may answer there")
	default:
		d.say("credentials", Fail, fmt.Sprintf("the list gets %d", status), "ask the operators of the target")
	}
	return false
}

// identity asks who the operator is.
func (d *doctor) identity(ctx context.Context, s *probe.Session, listed bool) {
	e := s.Send(ctx, "userinfo", discovery.UserinfoRequest(discovery.Discover(ctx, s).Userinfo, s.Operator()))
	sub := e.Text("/sub")
	if !e.Success() || sub == "" {
		d.say("identity", OK, "the target does not tell whose the token is", "")
		return
	}
	if listed && d.total == 1 && slices.Contains(d.ids, strings.ToLower(sub)) {
		d.say("identity", Warn, "the token is that of the service account "+sub+", which sees only itself",
			"if the organization has more accounts, the token may not be allowed to create; give its owner a role that may")
		return
	}
	d.say("identity", OK, "the token is that of "+sub, "")
}

// lifetime looks at the end of the operator's token.
func (d *doctor) lifetime() {
	end := d.cfg.CredentialEnd()
	left := inWords(time.Until(end))
	switch {
	case end.IsZero():
	case d.cfg.Renews():
		d.say("token", OK, fmt.Sprintf("it expires in %s, and is replaced then", left), "")
	case time.Until(end) < 15*time.Minute:
		d.say("token", Warn, fmt.Sprintf("it expires in %s", left), "get one that is valid for longer, or use --token-command, which is run again when it expires")
	default:
		d.say("token", OK, fmt.Sprintf("it expires in %s", left), "")
	}
}

// inWords is a duration in days if it has some.
func inWords(left time.Duration) string {
	if left >= 48*time.Hour {
		return counted(int(left.Hours()/24), "day")
	}
	return left.Round(time.Second).String()
}

func (d *doctor) otherOrganization(ctx context.Context, s *probe.Session) {
	const name = "other organization"
	if d.cfg.OtherOrganization == "" {
		d.say(name, Warn, "none is named: what it is needed for is not tested", "name one that exists and is closed to the token with --other-organization")
		return
	}
	request := s.ListRequest()
	request.Path = probe.Accounts(d.cfg.OtherOrganization)
	switch e := s.Send(ctx, "other-organization", request); {
	case e.Status() == http.StatusForbidden || e.Status() == http.StatusNotFound:
		d.say(name, OK, fmt.Sprintf("it is closed to the token (%d)", e.Status()), "")
	case e.Success():
		d.say(name, Fail, fmt.Sprintf("the target is at fault: it answers its list with %d, and the token has no rights there", e.Status()),
			"report it to the target's operators, as a run will; only if the token was given rights there is --other-organization wrong")
	default:
		d.say(name, Warn, fmt.Sprintf("whether it is closed to the token cannot be told (%d)", e.Status()), "")
	}
}

// groups tells what can be told without creating an account: there is no operation that lists groups.
func (d *doctor) groups() {
	if len(d.cfg.Groups) == 0 {
		d.say("groups", Warn, "none is named: what they are needed for is not tested", "name a harmless one with --group")
		return
	}
	used := 0
	for _, group := range d.cfg.Groups {
		if slices.ContainsFunc(d.accounts, func(a any) bool { return preflight.InGroup(a, group) }) {
			used++
		}
	}
	d.say("groups", OK, fmt.Sprintf("%s named, of which %d in use; whether the rest exist cannot be told without creating, and the run will tell", counted(len(d.cfg.Groups), "group"), used), "")
}

// restricted presents the restricted token, if there is one.
func (d *doctor) restricted(ctx context.Context, s *probe.Session) {
	const name = "restricted token"
	if d.cfg.RestrictedToken == "" {
		d.say(name, OK, "none is given: the run uses the token of an account without groups", "")
		return
	}
	request := s.ListRequest()
	request.As = probe.Bearer("restricted", d.cfg.RestrictedToken)
	switch e := s.Send(ctx, "restricted", request); {
	case e.Status() == http.StatusUnauthorized:
		d.say(name, Fail, "it is refused (401): it must be good, and not allowed to create", "get a fresh one")
	case e.Success() || e.Status() == http.StatusForbidden:
		d.say(name, OK, fmt.Sprintf("it is known (%d); that it may not create, the run will tell", e.Status()), "")
	default:
		d.say(name, Warn, fmt.Sprintf("a list with it gets %d", e.Status()), "")
	}
}

// dated presents the tokens whose time is over or has not come.
func (d *doctor) dated(ctx context.Context, s *probe.Session) {
	for _, t := range []struct{ name, step, token, flag string }{
		{"expired token", "expired", d.cfg.ExpiredToken, "--expired-token-file"},
		{"not yet valid token", "not-yet-valid", d.cfg.NotYetValidToken, "--not-yet-valid-token-file"},
	} {
		if t.token == "" {
			d.say(t.name, Warn, "none is given: what it is needed for is not tested", "name one with "+t.flag)
			continue
		}
		request := s.ListRequest()
		request.As = probe.Bearer(t.step, t.token)
		switch e := s.Send(ctx, t.step, request); {
		case e.Status() == http.StatusUnauthorized:
			d.say(t.name, OK, "it is refused (401)", "")
		case e.Success():
			d.say(t.name, Fail, "it is accepted", "if its time is as its name says, the target is at fault; else give another one")
		default:
			d.say(t.name, Warn, fmt.Sprintf("a list with it gets %d", e.Status()), "")
		}
	}
}

// earlier is what the names of the accounts of runs begin with.
var earlier = regexp.MustCompile(`^conf-[0-9a-f]{8}-`)

// ofRun returns the name of an account of a list, and whether a run made it.
func ofRun(account any) (name string, made bool) {
	value, _ := exchange.Lookup(account, "/metadata/name")
	name, _ = value.(string)
	value, _ = exchange.Lookup(account, "/metadata/description")
	description, _ := value.(string)
	return name, earlier.MatchString(name) || earlier.MatchString(description)
}

// telling picks the accounts of a long list that the doctor looks at: those of runs, and one in each of the groups.
func telling(groups []string) func(account any) bool {
	var mu sync.Mutex
	shown := map[string]bool{}
	return func(account any) bool {
		mu.Lock()
		defer mu.Unlock()
		_, keep := ofRun(account)
		for _, group := range groups {
			if !shown[group] && preflight.InGroup(account, group) {
				shown[group], keep = true, true
			}
		}
		return keep
	}
}

// leftovers looks for accounts of earlier runs, or of one that is under way.
func (d *doctor) leftovers() {
	var left []string
	for _, a := range d.accounts {
		if name, ok := ofRun(a); ok {
			left = append(left, name)
		}
	}
	if len(left) == 0 {
		d.say("leftovers", OK, "there are no accounts of earlier runs", "")
		return
	}
	slices.Sort(left)
	more := ""
	if len(left) > 5 {
		more = ", …"
	}
	d.say("leftovers", Warn, counted(len(left), "account")+" of earlier runs: "+strings.Join(left[:min(len(left), 5)], ", ")+more,
		"if no run is under way, delete them: conformance sweep")
}
