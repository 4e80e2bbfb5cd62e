package suites

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/onsi/gomega/types"

	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/suites/evidence"
	. "github.com/sa-conformance/conformance/suites/matcher"
	"github.com/sa-conformance/conformance/suites/scenario"
)

func tokenLife(s *check.Suite) {
	authenticated := HaveStatus(http.StatusOK, http.StatusForbidden, http.StatusNotFound)
	refused := HaveStatus(http.StatusUnauthorized)
	s.Section("Life of the access token", scenario.AccountLife(), func() {
		s.Must("life.list.authenticates", func(ev *exchange.Evidence) {
			evidence.Account(ev, "create")
			Expect(ev.Every("works-create")).To(Each(authenticated))
		})
		s.Should("life.list.confined", func(ev *exchange.Evidence) {
			if mayNotList(ev.At("works-create")) {
				ev.Observe("does not apply: the account may not list at all")
				return
			}
			Expect(ev.At("works-create")).To(listOnly(evidence.Account(ev, "create").AccountID()))
		})
		s.Must("life.list.token-absent", func(ev *exchange.Evidence) {
			if mayNotList(ev.At("works-create")) {
				ev.Observe("does not apply: the account may not list at all")
				return
			}
			Expect(ev.At("works-create")).To(ListNoToken())
		})
		s.Must("life.userinfo.authenticates", func(ev *exchange.Evidence) {
			Expect(ev.At("claims-create")).To(HaveStatus(http.StatusOK))
		})
		s.Must("life.userinfo.subject", func(ev *exchange.Evidence) {
			id := evidence.Account(ev, "create").AccountID()
			Expect(evidence.Success(ev, "claims-create")).To(HaveMember("/sub", BeSameID(id)))
		})
		s.Should("life.create.refused", func(ev *exchange.Evidence) {
			e := ev.At("powerless")
			if e.Success() {
				evidence.Inconclusive("%s got %d: an account without groups may create here", e.ID, e.Status())
			}
			Expect(e).To(HaveStatus(http.StatusForbidden, http.StatusNotFound))
		})
		s.Should("life.rotate.own", func(ev *exchange.Evidence) {
			Expect(ev.At("rotate-own")).To(HaveStatus(http.StatusOK))
		})
		s.Must("life.rotate.differs", func(ev *exchange.Evidence) {
			Expect(answers(slices.DeleteFunc(evidence.Grants(ev), func(g evidence.Grant) bool { return g.Step == "neighbour" }))).To(DifferIn(evidence.TokenPointer))
		})
		s.Must("life.rotate.new-works", func(ev *exchange.Evidence) {
			Expect(ev.Every("works-rotate")).To(Each(authenticated))
		})
		s.Must("life.rotate.old-refused", func(ev *exchange.Evidence) {
			Expect(ev.Every("refused-rotate")).To(Each(refused))
		})
		s.Must("life.rotate.old-stays-refused", func(ev *exchange.Evidence) {
			Expect(later(ev, "again-rotate")).To(Each(refused))
		})
		s.Must("life.delete.refused", func(ev *exchange.Evidence) {
			Expect(ev.Every("refused-delete")).To(Each(refused))
		})
		s.Must("life.delete.stays-refused", func(ev *exchange.Evidence) {
			Expect(later(ev, "again-delete")).To(Each(refused))
		})
		s.Must("life.delete.everywhere", func(ev *exchange.Evidence) {
			Expect(ev.Every("dead-")).To(Each(refused))
		})
	})
}

// mayNotList reports whether a list was refused to somebody who is known: with 404, if the target hides what it refuses (RFC
// 9110 section 15.5.4).
func mayNotList(e *exchange.Exchange) bool {
	return e.Status() == http.StatusForbidden || e.Status() == http.StatusNotFound
}

// later are the uses of tokens that had been refused before. A target that is out of order accepts nothing by it.
func later(ev *exchange.Evidence, prefix string) []*exchange.Exchange {
	uses := slices.DeleteFunc(ev.Every(prefix), func(e *exchange.Exchange) bool { return e.Answered() && e.Status() >= 500 })
	if len(uses) == 0 {
		evidence.Inconclusive("every later use of the token met a server error")
	}
	return uses
}

func answers(tokens []evidence.Grant) []*exchange.Exchange {
	var found []*exchange.Exchange
	for _, g := range tokens {
		found = append(found, g.Exchange)
	}
	return found
}

// listOnly accepts a list that holds one account, which has the given id. Its message tells nothing of others.
func listOnly(id string) types.GomegaMatcher {
	return By(func(e *exchange.Exchange) *Mismatch {
		document, _ := e.Document()
		items, ok := document.([]any)
		if !e.Success() || !ok {
			evidence.Inconclusive("%s is not a list", e.ID)
		}
		others := 0
		for _, item := range items {
			found, _ := exchange.Lookup(item, "/metadata/id")
			if text, _ := found.(string); !strings.EqualFold(text, id) {
				others++
			}
		}
		if others == 0 && len(items) == 1 {
			return nil
		}
		return &Mismatch{
			Expected: "the account " + Show(id) + " alone", Seen: "a list of " + strconv.Itoa(len(items)) + ", others among them: " + strconv.Itoa(others),
			Exchange: e.ID,
		}
	})
}
