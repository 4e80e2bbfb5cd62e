package report

import (
	"slices"
	"strings"
)

// Card is one failure with all that explains it: the model of a failure in every format.
type Card struct {
	Result
	// Warning is set for a failed SHOULD that leaves the verdict alone.
	Warning bool
	// Exchanges is the evidence; the last one shows the failure best.
	Exchanges []Exchange
	// Trace names the exchange that shows the failure best, for the target's operators.
	Trace TraceContext
	// Curl is a shell line that sends that exchange's request again; "" if there is none.
	Curl string
	// Rerun is the command that judges just this requirement again; "" if there is none.
	Rerun string
	// SameCause lists the ids of other failures that are likely to have the same cause, which is not one of them.
	SameCause []string
	// Consequences are the results that this failure explains, in catalogue order.
	Consequences []Result
}

// Cards returns a card for every failure that is not the consequence of another: those that break a MUST, by
// themselves or by a consequence, before the warnings; within each in catalogue order. A failure of a profile that was
// not asked for has no card, for it does not count.
func Cards(r *Report) []Card {
	asked := CountedResults(r)
	var cards []Card
	position := map[string]int{}
	for _, result := range asked {
		if result.Outcome.Broke() && !Explained(result, asked) {
			position[result.ID] = len(cards)
			cards = append(cards, CardOf(r, result))
		}
	}
	for _, result := range asked {
		if at, ok := position[result.ConsequenceOf]; ok && Explained(result, asked) {
			cards[at].Consequences = append(cards[at].Consequences, result)
		}
	}
	slices.SortStableFunc(cards, func(a, b Card) int {
		switch strict := r.Configuration.Strict; {
		case a.breaks(strict) == b.breaks(strict):
			return 0
		case a.breaks(strict):
			return -1
		default:
			return 1
		}
	})
	return cards
}

// breaks reports whether the failure or what follows from it keeps the target from being conformant.
func (c Card) breaks(strict bool) bool {
	return !c.Warning && !c.Waived() || slices.ContainsFunc(c.Consequences, func(r Result) bool {
		return r.Outcome.Broke() && !IsWarning(r, strict) && !r.Waived()
	})
}

// CardOf is the card of one failure, without consequences.
func CardOf(r *Report, result Result) Card {
	c := Card{Result: result, Warning: IsWarning(result, r.Configuration.Strict), Rerun: Rerun(r, result)}
	for _, id := range result.Evidence {
		if i := slices.IndexFunc(r.Exchanges, func(e Exchange) bool { return e.ID == id }); i >= 0 {
			c.Exchanges = append(c.Exchanges, r.Exchanges[i])
		}
	}
	if n := len(c.Exchanges); n > 0 {
		c.Trace, c.Curl = TraceOf(c.Exchanges[n-1]), c.Exchanges[n-1].Curl
	}
	if result.Outcome.Broke() {
		c.SameCause = sameCause(result, CountedResults(r))
	}
	return c
}

// Note is what the message says beyond what was expected and seen.
func (c Card) Note() string {
	line := func(text string) string { return strings.ReplaceAll(text, "\n", " | ") } // as a message has it
	message := line(c.Message)
	if c.Expected+c.Seen != "" && strings.Contains(message, line(c.Expected)) && strings.Contains(message, line(c.Seen)) {
		return ""
	}
	return c.Message
}

// CountedResults returns the results that count: scored, and of the profiles that were asked for or of a team.
func CountedResults(r *Report) []Result {
	return slices.DeleteFunc(slices.Clone(r.Results), func(result Result) bool { return !r.Shows(result) })
}

// Ours returns the results that count for the verdict.
func Ours(r *Report) []Result {
	return slices.DeleteFunc(slices.Clone(r.Results), func(result Result) bool { return !r.Counts(result) })
}

// Explained reports whether a result is the consequence of a failure that has a card.
func Explained(result Result, among []Result) bool {
	return result.ConsequenceOf != "" && result.ConsequenceOf != result.ID &&
		slices.ContainsFunc(among, func(r Result) bool {
			return r.ID == result.ConsequenceOf && r.Outcome.Broke() && r.ConsequenceOf == ""
		})
}
