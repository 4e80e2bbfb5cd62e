package report

import (
	"fmt"
	"strings"
)

// FewIDs is the number of ids up to which a list names them all.
const FewIDs = 12

// group is the requirements that share a reason.
type group struct {
	Reason string
	Ids    []string
	// plain is set if the reason says all: the target answered nothing, or the operator left them out.
	Plain bool
}

// ByReason groups results by their messages, in the order of their first appearance. Messages that tell of requests
// without a response ("create.minimal/create was not answered: …; …") and differ only in which these were are one reason; of
// a target that answered nothing at all, there is one reason for everything.
func ByReason(results []Result, r *Report) []group {
	isExchange := map[string]bool{}
	for _, e := range r.Exchanges {
		isExchange[e.ID] = true
	}
	silent := ""
	if r.Stopped == "" { // else every result says why
		silent = Silence(r.Exchanges)
	}
	var groups []group
	at := map[string]int{}
	for _, r := range results {
		reason := strings.TrimSpace(r.Message)
		if reason == "" {
			reason = "no reason was given"
		}
		key, several := reason, reason
		if silent != "" && r.Outcome == Inconclusive {
			key, reason = silent, silent
		} else if n, cause := unanswered(reason, isExchange); n > 0 {
			key, several = "no response: "+cause, "a request was not answered: "+cause
			if n > 1 {
				reason, several = fmt.Sprintf("%d requests were not answered: %s", n, cause), "requests were not answered: "+cause
			}
		}
		i, ok := at[key]
		if !ok {
			i = len(groups)
			at[key] = i
			groups = append(groups, group{Reason: reason, Plain: key == silent || strings.HasPrefix(key, "left out by ")})
		}
		if groups[i].Reason != reason {
			groups[i].Reason = several
		}
		groups[i].Ids = append(groups[i].Ids, r.ID)
	}
	return groups
}

// unanswered reads a message that tells of nothing but requests without a response, and all for one cause. It returns how
// many these are; 0 of any other message.
func unanswered(message string, isExchange map[string]bool) (n int, cause string) {
	for clause := range strings.SplitSeq(message, "; ") {
		id, why, ok := strings.Cut(clause, " was not answered: ")
		if !ok || !isExchange[id] || n > 0 && why != cause {
			return 0, ""
		}
		n, cause = n+1, why
	}
	return n, cause
}

// Silence says why a target answered nothing at all; "" if it did answer, or for more than one cause.
func Silence(exchanges []Exchange) string {
	cause := ""
	for _, e := range exchanges {
		if strings.HasPrefix(e.Failure, "limit: ") { // it was not sent
			continue
		}
		if e.Response != nil || e.Failure == "" || cause != "" && e.Failure != cause {
			return ""
		}
		cause = e.Failure
	}
	if cause == "" {
		return ""
	}
	_, words, _ := strings.Cut(cause, ": ") // "kind: words"
	return "the target answered nothing: " + words
}

func (g group) Names(verbose bool) string {
	if len(g.Ids) <= FewIDs || verbose {
		return strings.Join(g.Ids, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(g.Ids[:FewIDs], ", "), len(g.Ids)-FewIDs)
}
