package probe

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/tracking"
)

// Invented notes that the suite made up an id, which belongs to no account: requests may be addressed to it. It returns
// the id.
func (s *Session) Invented(id string) string {
	s.run.owners.Invent(id)
	return id
}

// guard says why a request must not be sent, because it could change an account that is not the run's own; "" if it may.
// It looks at the method and the path alone, so that it holds for whoever sends, and whatever built the request.
func (r *Run) guard(ctx context.Context, cleaning bool, request Request) string {
	if safe(request.Method) {
		return ""
	}
	organization, id, dots := Addressed(request.Path)
	switch {
	case id == "" && request.Method == http.MethodPost:
		return "" // a create
	case dots:
		return "the request was not sent, since its path holds a dot segment and could lead to any account"
	case id == "" && r.owners.IsFree(organization):
		return "" // the accounts of no organization
	case id == "":
		return "the request could change accounts that are not of this run, and was not sent"
	}
	account := r.owners.StandingOf(id)
	c := account.Claim
	if c != nil && account.State == tracking.Unproven {
		c.Proving.Do(func() { r.prove(ctx, c, id) })
		account = r.owners.StandingOf(id)
	}
	if c != nil && account.State == tracking.Owned && !cleaning { // the clean-up has read the list already
		if r.owners.Open(id) {
			c.Looking.Do(func() { r.readOwnership(ctx, c, id) })
		}
		account = r.owners.StandingOf(id)
	}
	if c != nil && r.owners.Contradicted(id) {
		r.askAgain(ctx, c, id)
		account = r.owners.StandingOf(id)
	}
	switch {
	case account.Free || account.Claim != nil && account.State == tracking.Owned:
		return ""
	case account.Reason != "":
		return "the request was not sent, since the account is not of this run: " + account.Reason
	case account.Claim != nil:
		return "the request was not sent, since no list and no response shows that the account is of this run"
	}
	return "the request was not sent, since this run did not create the account"
}

// Addressed finds in a path the organization and the account that a request could change, as a server might that undoes
// escapes and takes no notice of case or of slashes too many. Dots is set if there are dot segments in it.
func Addressed(address string) (organization, id string, dots bool) {
	raw := tracking.Path(address)
	for range 3 {
		plain, err := url.PathUnescape(raw)
		if err != nil || plain == raw {
			break
		}
		raw = plain
	}
	var segments []string
	for segment := range strings.FieldsFuncSeq(raw, func(c rune) bool { return c == '/' || c == '\\' }) {
		if segment == "." || segment == ".." {
			dots = true
			continue
		}
		segments = append(segments, segment)
	}
	at := slices.IndexFunc(segments, func(s string) bool { return strings.EqualFold(s, "serviceaccounts") })
	if at < 0 {
		return "", "", dots
	}
	if at > 0 {
		organization = segments[at-1]
	}
	if at+1 < len(segments) {
		id = segments[at+1]
	}
	return organization, id, dots
}

// readList reads a list as a stream and gives each account in it to do, more than once if the list is read again; begin is
// called before the first.
func (s *Session) readList(ctx context.Context, step, collection string, begin func(), do func(*tracking.Listed)) (*exchange.Exchange, tracking.Listing) {
	request := s.ListRequest()
	request.Path = collection
	return s.readListAs(ctx, step, request, begin, do)
}

// readListAs is survey with a request for a list.
func (s *Session) readListAs(ctx context.Context, step string, request Request, begin func(), do func(*tracking.Listed)) (*exchange.Exchange, tracking.Listing) {
	var l tracking.Listing
	request.scan = func(body io.Reader) (foreign string) {
		begin()
		l.Read(body, func(item *tracking.Listed) {
			if reason := s.run.learnFromItem(item); reason != "" {
				foreign = reason
			}
			do(item)
		})
		return foreign
	}
	e := s.Send(ctx, step, request)
	switch {
	case !e.Answered():
		l = tracking.Listing{Fault: e.Failure.Message}
	case !e.Success():
		l = tracking.Listing{Fault: fmt.Sprintf("it got %d", e.Status())}
	default:
		l.More = paged(e)
	}
	return e, l
}

// readBefore reads the list of a collection once, before the first create in it is sent. If that create is brief, so is this.
func (r *Run) readBefore(ctx context.Context, collection string, brief bool) {
	if !tracking.Plain.MatchString(collection) && collection != Accounts(r.target.Organization) {
		collection = Accounts(r.target.Organization) // an odd spelling; what matters is when the run began
	}
	before := r.owners.EarlierOf(collection)
	before.Once.Do(func() {
		setup := &Session{run: r, probe: Setup}
		pause := firstPause
		for tries := range beforeTries {
			var found []tracking.Listed
			request := setup.ListRequest()
			request.Path, request.Brief = collection, brief
			e, l := setup.readListAs(ctx, Before, request, func() { found = found[:0] }, func(item *tracking.Listed) {
				if item.Id == "" {
					return // nobody could ask for it by an id
				}
				found = append(found, tracking.Listed{Id: item.Id, Created: item.Created, Marks: r.owners.Own(item.Marks)})
			})
			r.owners.Start(e)
			if l.Unclear() != "" || l.Fault != "" {
				r.owners.Mentioned(e)
			}
			for i := range found {
				r.owners.WasThere(&found[i])
			}
			if l.Fault == "" {
				r.owners.Mu.Lock()
				before.Known = l.Unclear() == ""
				r.owners.Mu.Unlock()
				return
			}
			mute := kindOf(e) == exchange.Timeout && tries+1 >= muteTries
			if mute || e.Answered() && e.Status()/100 == 4 || brief && kindOf(e) == exchange.Busy || unsent(e) || nobody(e) || !sleep(ctx, pause) {
				return
			}
			pause *= 2
		}
	})
}

// Before is the step, of the run's own needs, that reads the list before the first create.
const Before = "accounts-before"

// beforeTries is how often a list is read that is to be known before the first create.
// muteTries is the same if no response comes in time.
const beforeTries, muteTries = 3, 2

// paged reports whether a list says that there is more of it elsewhere (RFC 8288).
func paged(e *exchange.Exchange) bool {
	links := strings.ToLower(strings.ReplaceAll(strings.Join(e.Response.Header.Values("Link"), ","), `"`, ""))
	return strings.Contains(links, "rel=next")
}

// prove looks in the list whether an account carries a text of the run.
func (r *Run) prove(ctx context.Context, c *tracking.Claim, id string) {
	setup := &Session{run: r, probe: Setup}
	deadline := time.Now().Add(r.limits.Await)
	for pause := firstPause; ; pause = min(2*pause, longestPause) {
		found := false
		e, l := setup.readList(ctx, "whose-account", c.Collection, func() {}, func(item *tracking.Listed) {
			if tracking.Canonical(item.Id) == tracking.Canonical(id) {
				found = true
			}
		})
		if found || l.Fault != "" && e.Answered() || unsent(e) || time.Now().Add(pause).After(deadline) || !sleep(ctx, pause) {
			return // what the list says of the account was learnt when it was read
		}
	}
}

// readOwnership reads the list before an account is changed for the first time that no list has shown: a target may have left it
// out of the list that was read before the first create, and show now that it is older than the run. The account is
// changed if the list shows nothing of it.
func (r *Run) readOwnership(ctx context.Context, c *tracking.Claim, id string) {
	r.ownershipReads.mu.Lock()
	defer r.ownershipReads.mu.Unlock()
	if c.Collection == "" || r.ownershipReads.futile >= mostFutileReads || !r.owners.Open(id) {
		return // the list shows nothing, or another look has shown the account meanwhile
	}
	setup := &Session{run: r, probe: Setup}
	_, l := setup.readList(ctx, "whose-account", c.Collection, func() {}, func(*tracking.Listed) {})
	switch {
	case l.Fault != "":
		r.ownershipReads.futile = mostFutileReads
	case r.owners.Open(id) && !r.owners.Contradicted(id):
		r.ownershipReads.futile++
	}
}

// ownershipReads counts the reads of a list that showed nothing of the account in question.
type ownershipReads struct {
	mu     sync.Mutex
	futile int
	// refuted is set once a list refuted that an account is the run's own.
	refuted bool
}

// mostFutileReads is after how many of them there are no more: a credential may see itself alone.
const mostFutileReads = 10

// contradictedAgain is how long a list is read again to find out whether an account is the run's own once lists refuted
// another one: the target answers creates with ids of others.
const contradictedAgain = 200 * time.Millisecond

// askAgain reads the list until it no longer contradicts that an account is the run's own: reads may be behind writes, and
// the response to another create with the same name may be on its way.
func (r *Run) askAgain(ctx context.Context, c *tracking.Claim, id string) {
	r.ownershipReads.mu.Lock()
	defer r.ownershipReads.mu.Unlock()
	patience := r.limits.Await
	if r.ownershipReads.refuted {
		patience = min(patience, contradictedAgain)
	}
	setup := &Session{run: r, probe: Setup}
	deadline := time.Now().Add(patience)
	for pause := firstPause; r.owners.Contradicted(id); pause = min(2*pause, longestPause) {
		if time.Now().Add(pause).After(deadline) || !sleep(ctx, pause) {
			r.ownershipReads.refuted = true
			r.owners.Refute(id)
			r.disown(id)
			return
		}
		setup.readList(ctx, "whose-account", c.Collection, func() {}, func(*tracking.Listed) {})
	}
}
