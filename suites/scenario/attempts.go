// Package scenario holds the conversations of the sections: which requests are sent in which order, and under which steps they are
// recorded. It judges nothing.
package scenario

import (
	"context"
	"sync"

	"github.com/sa-conformance/conformance/fixtures"
	"github.com/sa-conformance/conformance/internal/probe"
)

// attempt is a request that is to be refused, and the name of its step.
type attempt struct {
	step    string
	request probe.Request
}

// attemptsAtATime is how many attempts of one conversation are under way together.
const attemptsAtATime = 8

// sendAll sends attempts that do not depend on one another.
func sendAll(ctx context.Context, s *probe.Session, attempts []attempt) {
	var wg sync.WaitGroup
	places := make(chan struct{}, attemptsAtATime)
	for _, a := range attempts {
		places <- struct{}{}
		wg.Go(func() {
			defer func() { <-places }()
			s.Send(ctx, a.step, a.request)
		})
	}
	wg.Wait()
}

// SideBySide holds parts of a conversation that do not depend on one another.
func SideBySide(parts ...func()) {
	var wg sync.WaitGroup
	for _, part := range parts {
		wg.Go(part)
	}
	wg.Wait()
}

// createAs is a good create under a name of its own, with somebody's credentials. It has content of all kinds: who is let in by
// mistake may be so for some content alone.
func createAs(s *probe.Session, as probe.Identity, label string) probe.Request {
	request := s.CreateRequest(richBody(s, label, s.Target().Groups))
	request.As = as
	return request
}

// richBody is a good body with content of all kinds, under a name of its own.
func richBody(s *probe.Session, label string, groups []string) []byte {
	return fixtures.Fill("good/rich.json", fixtures.Values{Name: richName(s, label), Mark: richText(s.Mark()), Groups: groups})
}

// richName is a new name of the greatest length, with capitals, digits and punctuation.
func richName(s *probe.Session, label string) string { return s.NameOf(label, 57) + "-A.b_9" }

// richText is a description that begins with a text.
func richText(begin string) string { return begin + ` <b>é</b> & "more" 'quotes'` }

// notJSONAs is a create whose body is not JSON, with somebody's credentials.
func notJSONAs(s *probe.Session, as probe.Identity, label string) probe.Request {
	request := createAs(s, as, label)
	name := s.Name(label)
	request.Body = fixtures.Fill("bad/not-json/yaml.txt", fixtures.Values{Name: name, Mark: name})
	return request
}

// createIn is a good create with the operator's credentials in an organization, which is put into the path as it stands.
func createIn(s *probe.Session, organization, label string) probe.Request {
	request := s.CreateRequest(fixtures.Minimal(s.Name(label)))
	request.Path = probe.Accounts(organization)
	return request
}

// Everything is the evidence of all probes together.
func Everything() probe.Probe { return probe.Probe{Name: probe.Everything} }
