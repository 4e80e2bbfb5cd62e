package states

import (
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sa-conformance/conformance/internal/mutant"
	"github.com/sa-conformance/conformance/internal/mutant/generate"
	"github.com/sa-conformance/conformance/internal/reference"
)

// everywhere are defects that a check of every response, or of the whole run, finds.
func everywhere(generated func(where, what, when string) *mutant.Layer) []*mutant.Defect {
	return []*mutant.Defect{
		mutant.Defective("userinfo-unchallenged-at-times", "leaves out the challenge of every second 401 of the userinfo endpoint", "a client that logs in when it is challenged gives up now and then",
			generated("userinfo response 401, WWW-Authenticate", "dropped", "every second time"), "contract.every.challenge"),
		mutant.Defective("rotate-unknown-conflict", "answers a rotation of an unknown account with 404 and the error of a conflict", "clients try for ever what is gone", mutant.OnResponse(func(_ *http.Request, a *mutant.Response) {
			if a.Status == http.StatusNotFound {
				a.Fail(http.StatusNotFound, "conflict")
			}
		}, mutant.Rotate), "contract.every.error"),
		mutant.Defective("tokenless-with-markup", "issues no token to an account whose description has markup", "an account that nobody can use",
			generated("create response /status/accessToken", "emptied", "when the description has markup or quotes"), "token.every.formed"),
		mutant.Defective("lines-undeleted", "deletes no account whose description has several lines, and says it did", "who was dismissed is still there",
			generated("delete", "answered and not done", "when the description has several lines"), "state.deletion.listed"),
		mutant.Defective("empty-description-dropped-at-times", "leaves every second empty description out of the response to an update", "a client that compares what it sent with what it got finds a difference now and then",
			emptyDescriptionsAtTimes(), "state.liberty.kept"),
		mutant.Defective("met-updates-mixed", "leaves the name of one and the rest of the other of two updates that meet", "two people who change an account leave what neither of them wanted",
			metUpdatesMixed(), "state.concurrent.ordered"),
		mutant.Defective("double-slash-open", "lists for everybody whose path has a slash too many", "whoever reaches the service is inside", mutant.OnRequest(func(known reference.Credentials, r *http.Request) *http.Request {
			if !strings.Contains(r.URL.Path, "//") || mutant.BearerOf(r) != "" {
				return r
			}
			return mutant.WithBearer(mutant.WithPath(r, strings.ReplaceAll(r.URL.Path, "//", "/")), known.Token)
		}), "state.credential.refused"),
		mutant.Defective("own-groups-taken", "lets the token of an account put the account into another group", "a machine gives itself the rights of another one",
			ownUpdates(), "state.own-groups.kept"),
		mutant.Defective("refusal-dated-locally", "sends the Date of a 403 with another zone", "caches and logs have times that nobody can read", mutant.OnResponse(func(_ *http.Request, a *mutant.Response) {
			if a.Status == http.StatusForbidden {
				a.Fields.Set("Date", time.Now().UTC().Format(time.RFC1123Z))
			}
		}), "headers.date.form"),
		mutant.Defective("list-fails-at-times", "answers every fifth list with 500", "every client needs retries, and some have none",
			generated("list response 200", "status 500", "every fifth time"), "state.request.steady"),
	}
}

// emptyDescriptionsAtTimes shows an empty description in every second response to an update that sent one, and leaves it out of the
// others: each alone is lawful.
func emptyDescriptionsAtTimes() *mutant.Layer {
	return mutant.PerServer(func() *mutant.Layer {
		var count atomic.Int64
		return mutant.Around(func(_ reference.Credentials, next http.Handler, r *http.Request) *mutant.Response {
			document, _ := generate.DocumentOf(r)
			a := mutant.Ask(next, r)
			if mutant.Lookup(document, "/metadata/description") != any("") || a.Status != http.StatusOK {
				return a
			}
			shown := any(mutant.Gone())
			if count.Add(1)%2 == 0 {
				shown = ""
			}
			a.Edit(func(account any) any { return mutant.Edited(account, "/metadata/description", mutant.Always(shown)) })
			return a
		}, mutant.Update)
	})
}

// metUpdatesMixed writes the name of another update of the account that is under way into what is kept. Each update takes meetingTime,
// so that two of them meet.
func metUpdatesMixed() *mutant.Layer {
	return mutant.PerServer(func() *mutant.Layer {
		var mu sync.Mutex
		underWay := map[string]map[*http.Request]any{} // the names that updates ask for, by account
		first := map[string]any{}
		return mutant.Around(func(known reference.Credentials, next http.Handler, r *http.Request) *mutant.Response {
			document, ok := generate.DocumentOf(r)
			id, name := mutant.AccountOf(r), mutant.Lookup(document, "/metadata/name")
			if !ok || mutant.BearerOf(r) != known.Token {
				return mutant.Ask(next, r)
			}
			mu.Lock()
			if underWay[id] == nil {
				underWay[id] = map[*http.Request]any{}
			}
			underWay[id][r] = name
			mu.Unlock()
			time.Sleep(meetingTime)
			a := mutant.Ask(next, r)
			mu.Lock()
			delete(underWay[id], r)
			other := first[id] // the name that the other one of the two asked for, which is done
			if len(underWay[id]) > 0 {
				first[id], other = name, nil
			} else {
				delete(first, id)
			}
			mu.Unlock()
			if other != nil && other != name && a.Status == http.StatusOK {
				mutant.Edited(document, "/metadata/name", mutant.Always(other))
				mutant.Forward(next, known, r.WithContext(mutant.ContextOf(r)), http.MethodPut, r.URL.Path, document)
			}
			return a
		}, mutant.Update)
	})
}

// ownUpdates lets the token of an account update the account.
func ownUpdates() *mutant.Layer {
	return mutant.PerServer(func() *mutant.Layer {
		issued := &mutant.Store[string]{} // accounts by token
		return mutant.Chain(mutant.OnRequest(func(known reference.Credentials, r *http.Request) *http.Request {
			if account, ok := issued.Get(mutant.BearerOf(r)); ok && strings.EqualFold(account, mutant.AccountOf(r)) {
				return mutant.WithBearer(r, known.Token)
			}
			return r
		}, mutant.Update), mutant.OnSuccess(func(_ *http.Request, a *mutant.Response) {
			if token := a.TextOf("/status/accessToken"); token != "" {
				issued.Put(token, a.TextOf("/metadata/id"))
			}
		}, mutant.Create, mutant.Rotate))
	})
}

// meetingTime is how long an update takes, so that two of them meet.
const meetingTime = 40 * time.Millisecond
