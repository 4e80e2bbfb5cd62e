package evidence

import (
	"github.com/onsi/gomega/types"

	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/probe"
	. "github.com/sa-conformance/conformance/suites/matcher"
)

// Naming are the exchanges that name accounts of the run: its creates, and lists that tell more of them. Without a list
// that was read before the first create nobody can say which accounts there were.
func Naming(ev *exchange.Evidence) []*exchange.Exchange {
	before := ev.Where(func(e *exchange.Exchange) bool {
		return e.Probe == probe.Setup && e.Step == probe.Before && e.Success()
	})
	found := ev.Where(func(e *exchange.Exchange) bool {
		return e.Foreign != "" || e.Operation == probe.CreateOperation && e.Success() && e.AccountID() != ""
	})
	switch {
	case len(found) == 0:
		Inconclusive("no response to a create named an account")
	case len(before) == 0 && foreignOf(found) == nil:
		Inconclusive("no list could be read before the first create")
	}
	return found
}

// NameNoEarlierAccount accepts exchanges none of which names an account as made by the run that was there before it.
func NameNoEarlierAccount() types.GomegaMatcher {
	return By(func(family []*exchange.Exchange) *Mismatch {
		foreign := foreignOf(family)
		if foreign == nil {
			return nil
		}
		var lines []string
		for _, e := range foreign {
			lines = append(lines, e.ID+": "+e.Foreign)
		}
		return &Mismatch{Expected: "the id of an account that was not there before", Seen: FirstLines(lines), Exchange: foreign[0].ID}
	})
}

func foreignOf(family []*exchange.Exchange) (found []*exchange.Exchange) {
	for _, e := range family {
		if e.Foreign != "" {
			found = append(found, e)
		}
	}
	return found
}
