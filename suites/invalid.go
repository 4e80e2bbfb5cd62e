package suites

import (
	"net/http"
	"slices"
	"strings"

	"github.com/onsi/gomega/types"

	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/probe"
	"github.com/sa-conformance/conformance/suites/evidence"
	. "github.com/sa-conformance/conformance/suites/matcher"
	"github.com/sa-conformance/conformance/suites/scenario"
)

func refusing(s *check.Suite) {
	refusingMembers(s)
	refusingText(s)
	refusingNames(s)
	refusingMediaTypes(s)
	refusingDuplicates(s)
	s.Section(scenario.RefusingTitle, scenario.Everything(), func() {
		s.Must("create.rejects.error-body", func(ev *exchange.Evidence) {
			Expect(refusals(ev)).To(Each(HaveErrorBody(s.Contract)))
		})
		s.Must("create.rejects.error-code", func(ev *exchange.Evidence) {
			Expect(refusals(ev)).To(Each(HaveFittingErrorCode()))
		})
		s.Must("create.rejects.no-echo", func(ev *exchange.Evidence) {
			refused := refusals(ev)
			if !slices.ContainsFunc(refused, func(e *exchange.Exchange) bool { return e.Request.Header.Get("Authorization") != "" }) {
				ev.Observe("does not apply: no request shows the credential that it carried")
			}
			Expect(refused).To(Each(NotEchoCredential()))
		})
		s.Must("create.rejects.nothing-created", func(ev *exchange.Evidence) {
			refusals(ev)
			Expect(evidence.FinalList(ev)).To(ListNoAccountNamed(evidence.Labelled(ev, scenario.MalformedLabel), scenario.ToldOf(malformedCreates(ev))...))
		})
	})
}

func refusingMembers(s *check.Suite) {
	members := func() []scenario.WrongCreate {
		return append(scenario.MissingMembers(s.Contract), scenario.NullMembers(s.Contract)...)
	}
	s.Section(scenario.RefusingTitle, scenario.MalformedCreate("members", members), func() {
		s.Must("create.rejects.missing-members", func(ev *exchange.Evidence) {
			Expect(ev.Every("missing ")).To(Each(beRefused()))
		})
		s.Must("create.rejects.null-members", func(ev *exchange.Evidence) {
			Expect(ev.Every("null ")).To(Each(beRefused()))
		})
	})
	s.Section(scenario.RefusingTitle, scenario.MalformedCreate("types", func() []scenario.WrongCreate { return scenario.WrongTypes(s.Contract) }), func() {
		s.Must("create.rejects.wrong-types", func(ev *exchange.Evidence) {
			Expect(ev.Every("wrong-type ")).To(Each(beRefused()))
		})
	})
}

// refusals are the responses with 4xx to the creates of the malformed families; a target that refused nothing has none to
// judge.
func refusals(ev *exchange.Evidence) []*exchange.Exchange {
	var found []*exchange.Exchange
	for _, e := range evidence.LastCreates(ev, malformed) {
		if e.Answered() && e.Status()/100 == 4 && HasErrorCode(e.Status()) {
			found = append(found, e)
		}
	}
	if len(found) == 0 {
		evidence.Inconclusive("nothing was refused")
	}
	return found
}

func malformed(e *exchange.Exchange) bool {
	return strings.HasPrefix(e.Probe, scenario.MalformedProbes)
}

// malformedCreates are all creates of the malformed families, repetitions included. Some of them may be accepted.
func malformedCreates(ev *exchange.Evidence) []*exchange.Exchange {
	return ev.Where(func(e *exchange.Exchange) bool { return e.Operation == probe.CreateOperation && malformed(e) })
}

func refusingText(s *check.Suite) {
	s.Section(scenario.RefusingTitle, scenario.MalformedCreate("text", scenario.BrokenTexts), func() {
		s.Must("create.rejects.empty-body", func(ev *exchange.Evidence) {
			Expect(ev.At("empty")).To(beRefused())
		})
		s.Must("create.rejects.blank-body", func(ev *exchange.Evidence) {
			Expect(ev.At("blank")).To(beRefused())
		})
		s.Should("create.rejects.not-json", func(ev *exchange.Evidence) {
			Expect(ev.Every("not-json ")).To(Each(beRefused()))
		})
		s.Must("create.rejects.other-language", func(ev *exchange.Evidence) {
			Expect(append(ev.Every("language "), ev.At("not-json yaml"))).To(Each(beRefused()))
		})
		s.Must("create.rejects.truncated", func(ev *exchange.Evidence) {
			Expect(ev.Every("truncated ")).To(Each(beRefused()))
		})
		s.Must("create.rejects.other-roots", func(ev *exchange.Evidence) {
			Expect(ev.Every("root ")).To(Each(beRefused()))
		})
		s.Should("create.rejects.trailing-data", func(ev *exchange.Evidence) {
			Expect(ev.Every("trailing ")).To(Each(beRefused()))
		})
		s.Should("create.rejects.utf-16", func(ev *exchange.Evidence) {
			Expect(ev.At("utf-16")).To(beRefused())
		})
		s.Should("create.rejects.invalid-utf-8", func(ev *exchange.Evidence) {
			Expect(ev.At("invalid utf-8")).To(beRefused())
		})
		s.Should("create.rejects.byte-order-mark", func(ev *exchange.Evidence) {
			Expect(ev.At("byte order mark")).To(beRefused())
		})
		s.Must("create.rejects.deep-nesting", func(ev *exchange.Evidence) {
			Expect(ev.At("deep nesting")).To(beRefused())
		})
		s.Must("create.rejects.huge-number", func(ev *exchange.Evidence) {
			Expect(ev.At("huge number")).To(beRefused())
		})
	})
}

func refusingNames(s *check.Suite) {
	s.Section(scenario.RefusingTitle, scenario.MalformedCreate("names", scenario.BrokenNames), func() {
		s.Must("create.rejects.name-empty", func(ev *exchange.Evidence) {
			Expect(ev.At("empty")).To(beRefused())
		})
		s.Must("create.rejects.name-length", func(ev *exchange.Evidence) {
			Expect(ev.Every("length ")).To(Each(beRefused()))
		})
		s.Must("create.rejects.name-edges", func(ev *exchange.Evidence) {
			Expect(ev.Every("edge ")).To(Each(beRefused()))
		})
		s.Must("create.rejects.name-characters", func(ev *exchange.Evidence) {
			Expect(ev.Every("character ")).To(Each(beRefused()))
		})
	})
}

func refusingMediaTypes(s *check.Suite) {
	s.Section(scenario.RefusingTitle, scenario.MalformedCreate("media-type", scenario.OtherMediaTypes), func() {
		s.Should("create.rejects.media-type-missing", func(ev *exchange.Evidence) {
			Expect(ev.At("missing")).To(beRefused())
		})
		s.Should("create.rejects.media-type-other", func(ev *exchange.Evidence) {
			Expect(ev.Every("other ")).To(Each(beRefused()))
		})
		s.Should("create.rejects.media-type-malformed", func(ev *exchange.Evidence) {
			Expect(ev.At("malformed")).To(beRefused())
		})
	})
}

func refusingDuplicates(s *check.Suite) {
	s.Section(scenario.RefusingTitle, scenario.DuplicateNames(), func() {
		s.Must("create.rejects.duplicate-names", func(ev *exchange.Evidence) {
			Expect(ev.Every(scenario.DuplicatesPrefix)).To(Each(beReadOnceAs(ev)))
		})
	})
}

// beReadOnceAs accepts a refusal of any kind, and an account that is in the list as it is in the response, its name one of
// those that were sent.
func beReadOnceAs(ev *exchange.Evidence) types.GomegaMatcher {
	return By(func(e *exchange.Exchange) *Mismatch {
		switch {
		case e.Status()/100 == 4:
			return nil
		case e.Status() != http.StatusCreated:
			return &Mismatch{Expected: "a 4xx, or 201 with one reading of the body", Seen: "status " + http.StatusText(e.Status())}
		case e.AccountID() == "":
			evidence.Inconclusive("%s was answered without an id", e.ID)
		}
		list := ev.At("list")
		if document, _ := list.Document(); !list.Success() || !isArray(document) {
			evidence.Inconclusive("%s is not a list", list.ID)
		}
		stored, position := list.Listed(e.AccountID())
		if position < 0 {
			return &Mismatch{Expected: "the account in the list", Seen: "an account that is not listed"}
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

func oneReading(ev *exchange.Evidence, e *exchange.Exchange, stored map[string]any) *Mismatch {
	name := e.Text("/metadata/name")
	if !strings.Contains(string(e.Request.Body), string(scenario.Quoted(name))) {
		return &Mismatch{Expected: "one of the names that were sent", Seen: Show(name), Pointer: "/metadata/name"}
	}
	if listed, _ := exchange.Lookup(stored, "/metadata/name"); listed != name && !contradicted(ev, "/metadata/name") {
		return &Mismatch{
			Expected: "the name of the response, " + Show(name) + ", in the list", Seen: Show(listed), Pointer: "/metadata/name",
		}
	}
	answered, _ := e.Member("/spec/groupIDs")
	listed, _ := exchange.Lookup(stored, "/spec/groupIDs")
	if !slices.Equal(groupSet(answered), groupSet(listed)) && !contradicted(ev, "/spec/groupIDs") {
		return &Mismatch{
			Expected: "the groups of the response, " + Show(answered) + ", in the list", Seen: Show(listed), Pointer: "/spec/groupIDs",
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

// beRefused accepts the statuses with which the contract lets a malformed create be refused.
func beRefused() types.GomegaMatcher { return HaveStatus(400, 413, 415, 422) }
