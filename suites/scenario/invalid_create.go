package scenario

import (
	"context"
	"strings"

	"github.com/sa-conformance/conformance/fixtures"
	"github.com/sa-conformance/conformance/internal/probe"
)

const (
	// MalformedLabel begins the label of every name and mark in a create that must be refused, and of no other: a create
	// that may be accepted is labelled otherwise.
	MalformedLabel = "malformed-"
	// MalformedProbes begins the name of every probe of malformed creates.
	MalformedProbes = "create.malformed."

	RefusingTitle = "Refusing a malformed create"
)

// WrongCreate is a create that is wrong in one way.
type WrongCreate struct {
	Step string
	// label becomes part of the name that body is given.
	label string
	body  func(name string) []byte
	// bent makes the body of attempts that have content of all kinds but for what is wrong; nil if body does.
	Bent func(name string, groups []string) []byte
	// mediaType is what stands in Content-Type: nil for application/json, empty for no header.
	mediaType []string
}

// MalformedCreate sends a family of attempts, some at a time, none of which depends on another.
func MalformedCreate(family string, attempts func() []WrongCreate) probe.Probe {
	return probe.Probe{Name: MalformedProbes + family, Run: func(ctx context.Context, s *probe.Session) {
		var requests []attempt
		for _, a := range attempts() {
			requests = append(requests, attempt{a.Step, a.request(s)})
		}
		sendAll(ctx, s, requests)
	}}
}

func (a WrongCreate) request(s *probe.Session) probe.Request {
	var request probe.Request
	if a.Bent != nil {
		request = s.CreateRequest(a.Bent(richName(s, a.label), s.Target().Groups))
	} else {
		request = s.CreateRequest(a.body(s.Name(a.label)))
	}
	switch {
	case a.mediaType == nil:
	case len(a.mediaType) == 0:
		request.Header.Del("Content-Type")
	default:
		request.Header["Content-Type"] = a.mediaType
	}
	return request
}

// fill is the body of a fixture whose name is malformed in some other way than by its name.
func fill(file string) func(string) []byte {
	return func(name string) []byte { return fixtures.Fill(file, fixtures.Values{Name: name, Mark: name}) }
}

const DuplicatesPrefix = "duplicate "

// DuplicateNames sends bodies in which a member name occurs twice, and reads the list if an account came of it.
// RFC 8259 section 4 leaves open what a parser makes of them, so that the accounts may be created.
func DuplicateNames() probe.Probe {
	return probe.Probe{Name: MalformedProbes + "duplicates", Run: func(ctx context.Context, s *probe.Session) {
		var created []string
		control := s.CreateRequest(fixtures.Fill("good/grouped.json", fixtures.Values{Name: s.Name("duplicate-control"), Groups: s.Target().Groups}))
		if e := s.Send(ctx, "control", control); e.Success() && e.AccountID() != "" {
			created = append(created, e.AccountID())
		}
		for _, file := range fixtures.Names("bad/duplicates") {
			member, _, _ := strings.Cut(file, ".")
			e := s.Create(ctx, DuplicatesPrefix+member, fixtures.Fill("bad/duplicates/"+file, fixtures.Values{
				Name: s.Name("duplicate-first"), Mark: s.Name("duplicate-second"), Groups: s.Target().Groups,
			}))
			if id := e.AccountID(); e.Success() && id != "" {
				created = append(created, id)
			}
		}
		if len(created) > 0 {
			s.ListWith(ctx, "list", created...)
		}
	}}
}
