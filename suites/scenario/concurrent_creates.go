package scenario

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"

	"github.com/sa-conformance/conformance/fixtures"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/probe"
)

const (
	TogetherProbe = "many.together"
	AlikeProbe    = "many.alike"

	// Together is how many creates are sent at once.
	Together = 20
	grouped  = 3 // creates at once into one group
)

// ManyCreates asks for many accounts at the same time, and reads the list until all that were answered are in it.
func ManyCreates() probe.Probe {
	return probe.Probe{Name: TogetherProbe, Run: func(ctx context.Context, s *probe.Session) {
		var answers []*exchange.Exchange
		for n := range bursts(s) {
			prefix := "create-"
			if n > 0 {
				prefix = fmt.Sprintf("create-%d-", n+1)
			}
			answers = append(answers, atOnce(ctx, s, prefix, func() [][]byte {
				var bodies [][]byte
				for i := range Together {
					bodies = append(bodies, manyBody(s, i))
				}
				return bodies
			})...)
			if slices.ContainsFunc(answers, func(e *exchange.Exchange) bool { return !e.Success() }) {
				break
			}
		}
		overcome(ctx, s, answers)
		s.ListWith(ctx, "list", ToldOf(answers)...)
	}}
}

// manyBody is one of the bodies that are sent together: of every four one has no content, and the others have tags, a description and
// a group.
func manyBody(s *probe.Session, i int) []byte {
	file := []string{"minimal", "tags-several", "description-unicode", "groups-one"}[i%4]
	values := fixtures.Values{Name: s.Name("many"), Mark: s.Mark(), Groups: oneGroup(s)}
	if file == "groups-one" && len(values.Groups) == 0 {
		file = "minimal"
	}
	return fixtures.Fill("good/"+file+".json", values)
}

// bursts is how often many accounts are asked for. If a check failed before, it is more often: what goes wrong now and then
// need not go wrong in one burst.
func bursts(s *probe.Session) int {
	if s.Repeated() {
		return 4
	}
	return 1
}

// AlikeCreates asks at the same time for two accounts of one name, then for several in one group.
func AlikeCreates() probe.Probe {
	return probe.Probe{Name: AlikeProbe, Run: func(ctx context.Context, s *probe.Session) {
		answers := atOnce(ctx, s, "same-", func() [][]byte {
			twin := fixtures.Minimal(s.Name("many-same"))
			return [][]byte{twin, twin}
		})
		if !slices.ContainsFunc(answers, (*exchange.Exchange).Success) { // both may have met other creates of the run
			overcome(ctx, s, answers[:1])
		}
		if group := oneGroup(s); len(group) > 0 {
			answers = append(answers, atOnce(ctx, s, "grouped-", func() [][]byte {
				var bodies [][]byte
				for range grouped {
					bodies = append(bodies, fixtures.Fill("good/grouped.json", fixtures.Values{Name: s.Name("many-grouped"), Groups: group}))
				}
				return bodies
			})...)
		}
		s.ListWith(ctx, "list", ToldOf(answers)...)
	}}
}

// crowded is how many creates meet in any case if they are sent together; fewer may miss each other.
const crowded = 8

// atOnce sends a burst of creates. If one of them is answered with a server error, bursts with other names follow, more of
// them if they are small: a single error may be that of a gateway in front, and a fault where creates meet repeats. The
// responses are those of the second burst with an error, or of the last one without.
func atOnce(ctx context.Context, s *probe.Session, prefix string, bodies func() [][]byte) []*exchange.Exchange {
	answers := burst(ctx, s, prefix, bodies())
	again := 5
	if len(answers) >= crowded {
		again = 1
	}
	for failed := failing(answers); failed && again > 0 && ctx.Err() == nil; again-- {
		if answers = burst(ctx, s, prefix, bodies()); failing(answers) {
			break
		}
	}
	return answers
}

// failing reports whether a create of a burst was answered with a server error.
func failing(answers []*exchange.Exchange) bool {
	return slices.ContainsFunc(answers, func(e *exchange.Exchange) bool { return e.Answered() && e.Status()/100 == 5 })
}

// overcome sends the creates again that were refused with 409, one at a time: a target may refuse one of several creates
// at once, and must not refuse one that meets no other. It puts the last responses in the place of the first.
func overcome(ctx context.Context, s *probe.Session, answers []*exchange.Exchange) {
	for i, e := range answers {
		if e.Answered() && e.Status() == http.StatusConflict {
			answers[i] = s.Create(ctx, e.Step, e.Request.Body)
		}
	}
}

// burst sends one create for each body, all at the same time. A connection that is dropped counts against the target if none
// is dropped that carries one request at a time; otherwise the network may be the cause, and the create is sent again.
func burst(ctx context.Context, s *probe.Session, prefix string, bodies [][]byte) []*exchange.Exchange {
	answers := make([]*exchange.Exchange, len(bodies))
	var wg sync.WaitGroup
	barrier := probe.NewBarrier(len(bodies))
	send := func(i int, once bool) {
		request := s.CreateRequest(bodies[i])
		if request.Once = once; once {
			request.Together = barrier
		}
		answers[i] = s.Send(ctx, fmt.Sprintf("%s%02d", prefix, i+1), request)
	}
	for i := range bodies {
		wg.Go(func() { send(i, true) })
	}
	wg.Wait()
	if slices.ContainsFunc(answers, (*exchange.Exchange).BrokenOff) && !s.Steady(ctx, "alone-"+prefix) {
		for i, e := range answers {
			if e.BrokenOff() {
				wg.Go(func() { send(i, false) })
			}
		}
		wg.Wait()
	}
	return answers
}

// ToldOf are the ids of the accounts that the responses tell of.
func ToldOf(answers []*exchange.Exchange) []string {
	told := []string{}
	for _, e := range answers {
		if id := e.AccountID(); e.Success() && id != "" {
			told = append(told, id)
		}
	}
	return told
}
