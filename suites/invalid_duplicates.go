package suites

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/onsi/gomega/types"

	"github.com/sa-conformance/conformance/fixtures"
	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/probe"
	"github.com/sa-conformance/conformance/suites/matcher"
)

const duplicatesPrefix = "duplicate "

// duplicateNames sends bodies in which a member name occurs twice, and reads the list if an account came of it.
// RFC 8259 section 4 leaves open what a parser makes of them, so that the accounts may be created.
func duplicateNames() probe.Probe {
	return probe.Probe{Name: malformedProbes + "duplicates", Run: func(ctx context.Context, s *probe.Session) {
		var created []string
		control := s.CreateRequest(fixtures.Fill("good/grouped.json", fixtures.Values{Name: s.Name("duplicate-control"), Groups: s.Target().Groups}))
		if e := s.Send(ctx, "control", control); e.Success() && e.AccountID() != "" {
			created = append(created, e.AccountID())
		}
		for _, file := range fixtures.Names("bad/duplicates") {
			member, _, _ := strings.Cut(file, ".")
			e := s.Create(ctx, duplicatesPrefix+member, fixtures.Fill("bad/duplicates/"+file, fixtures.Values{
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

func refusingDuplicates(s *check.Suite) {
	s.Section(refusingTitle, duplicateNames(), func() {
		s.Must("create.rejects.duplicate-names", func(ev *exchange.Evidence) {
			Expect(ev.Every(duplicatesPrefix)).To(matcher.Each(beReadOnceAs(ev)))
		})
	})
}

// beReadOnceAs accepts a refusal of any kind, and an account that is in the list as it is in the response, its name one of
// those that were sent.
func beReadOnceAs(ev *exchange.Evidence) types.GomegaMatcher {
	return matcher.By(func(e *exchange.Exchange) *matcher.Mismatch {
		switch {
		case e.Status()/100 == 4:
			return nil
		case e.Status() != http.StatusCreated:
			return &matcher.Mismatch{Expected: "a 4xx, or 201 with one reading of the body", Seen: "status " + http.StatusText(e.Status())}
		case e.AccountID() == "":
			inconclusive("%s was answered without an id", e.ID)
		}
		list := ev.At("list")
		if document, _ := list.Document(); !list.Success() || !isArray(document) {
			inconclusive("%s is not a list", list.ID)
		}
		stored, position := list.Listed(e.AccountID())
		if position < 0 {
			return &matcher.Mismatch{Expected: "the account in the list", Seen: "an account that is not listed"}
		}
		return oneReading(ev, e, stored)
	})
}

// contradicted reports whether the list contradicts the response to a plain create in a member: then it is no sign of two
// readings if it contradicts others too.
func contradicted(ev *exchange.Evidence, pointer string) bool {
	control := ev.Sent("control")
	stored, position := ev.At("list").Listed(control.AccountID())
	if !control.Success() || position < 0 {
		return false
	}
	answered, _ := control.Member(pointer)
	listed, _ := exchange.Lookup(stored, pointer)
	if pointer == "/spec/groupIDs" {
		return !slices.Equal(groupSet(answered), groupSet(listed))
	}
	return answered != listed
}

func oneReading(ev *exchange.Evidence, e *exchange.Exchange, stored map[string]any) *matcher.Mismatch {
	name := e.Text("/metadata/name")
	if !strings.Contains(string(e.Request.Body), string(quoted(name))) {
		return &matcher.Mismatch{Expected: "one of the names that were sent", Seen: matcher.Show(name), Pointer: "/metadata/name"}
	}
	if listed, _ := exchange.Lookup(stored, "/metadata/name"); listed != name && !contradicted(ev, "/metadata/name") {
		return &matcher.Mismatch{
			Expected: "the name of the response, " + matcher.Show(name) + ", in the list", Seen: matcher.Show(listed), Pointer: "/metadata/name",
		}
	}
	answered, _ := e.Member("/spec/groupIDs")
	listed, _ := exchange.Lookup(stored, "/spec/groupIDs")
	if !slices.Equal(groupSet(answered), groupSet(listed)) && !contradicted(ev, "/spec/groupIDs") {
		return &matcher.Mismatch{
			Expected: "the groups of the response, " + matcher.Show(answered) + ", in the list", Seen: matcher.Show(listed), Pointer: "/spec/groupIDs",
		}
	}
	return nil
}

// groupSet is a set of group ids as sorted text; null and absence are empty, and other requirements' business.
func groupSet(value any) []string {
	items, _ := value.([]any)
	var set []string
	for _, item := range items {
		if text, ok := item.(string); ok {
			set = append(set, strings.ToLower(text))
		}
	}
	slices.Sort(set)
	return slices.Compact(set)
}

func isArray(document any) bool {
	_, ok := document.([]any)
	return ok
}
