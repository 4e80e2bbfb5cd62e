package probe

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/sa-conformance/conformance/internal/exchange"
)

// SweepTarget is what an earlier run may have left behind.
type SweepTarget struct {
	// Prefix begins the names of its accounts, and Texts are other texts that only they carry.
	Prefix string
	Texts  []string
	// IDs maps the accounts that answers told of to the paths that they were created at.
	IDs map[string]string
	// Collections are the paths that creates were addressed to.
	Collections []string
	// Made are those of them in which a create succeeded, Open those of creates of which the outcome is not known.
	Made, Open []string
	// Run is its id. Alive counts the accounts whose token worked when they were deleted and no list showed them.
	Run   string
	Alive int
	// Since is when it began, Last when it did something last.
	Since, Last time.Time
	// Told holds for each create that succeeded, and of which no response named the account, the texts by which it can be told.
	Told [][]string
	// Unanswered holds for each create that the target may still be at the texts by which its account can be told.
	Unanswered [][]string
}

// Found is an account of an earlier run.
type Found struct {
	Name, ID, Collection string
	// Gone is set once a list no longer holds it.
	Gone bool
}

// SweepResult tells what a sweep found and what of it is left.
type SweepResult struct {
	Found []Found
	// Unreadable says why the list of the organization could not be read; "" if it could, or if nothing can be there.
	Unreadable string
	// Unclear says what the sweep cannot know.
	Unclear []string
	// Verified is set if the last list that was read holds nothing that was sought.
	Verified bool
	// Newcomers counts the accounts of the time of the runs that are not known to be theirs. They may be those of others.
	// Settled is set if the lists show nothing that was sought, be there newcomers or not.
	Newcomers int
	Settled   bool
	// Unseen counts the unanswered creates that no list shows; a target may still be at them.
	Unseen int
}

// plain is the path of a collection that may be listed.
var plain = regexp.MustCompile(`^/api/v1/organizations/[0-9A-Fa-f-]{36}/serviceaccounts$`)

// otherCollections picks the collections of other organizations, each once.
func otherCollections(all []string, own string) []string {
	var others []string
	for _, collection := range all {
		same := func(known string) bool { return strings.EqualFold(known, collection) }
		if plain.MatchString(collection) && !same(own) && !slices.ContainsFunc(others, same) {
			others = append(others, collection)
		}
	}
	return others
}

// Sweep removes what earlier runs left: the accounts of the list that carry a name or a text of theirs, or an id that one
// of them was told, and that are not older than it. It touches nothing in a list that it cannot read. With dry it only
// looks.
func (r *Run) Sweep(ctx context.Context, sought []SweepTarget, dry bool) SweepResult {
	s := &sweeper{cleaner: r.newCleaner(), targets: sought, dry: dry}
	var others, made, open []string
	for _, o := range sought {
		for _, texts := range o.Unanswered {
			r.tracker.addUncertain(uncertainCreate{texts: texts, unanswered: true})
		}
		for _, texts := range o.Told {
			r.tracker.addUncertain(uncertainCreate{texts: texts, told: true})
		}
		others, made, open = append(others, o.Collections...), append(made, o.Made...), append(open, o.Open...)
	}
	own := Accounts(r.target.Organization)
	views := []view{s.sweep(ctx, own)}
	if fault := views[0].fault; fault != "" && (among(own, made) || among(own, open)) {
		s.result.Unreadable = fault
	}
	for _, collection := range otherCollections(others, own) {
		v := s.sweep(ctx, collection)
		views = append(views, v)
		if v.fault != "" && among(collection, made) {
			s.result.Unclear = append(s.result.Unclear, "the list of another organization in which a create succeeded could not be read: "+v.fault)
		}
	}
	return s.conclude(ctx, views)
}

// among reports whether a collection is one of several.
func among(collection string, all []string) bool {
	return slices.ContainsFunc(all, func(other string) bool { return strings.EqualFold(other, collection) })
}

type sweeper struct {
	*cleaner

	targets []SweepTarget
	dry     bool
	result  SweepResult
}

// conclude says what the lists show at last, and what they hide.
func (s *sweeper) conclude(ctx context.Context, views []view) SweepResult {
	result, left := s.result, 0
	newcomers := 0
	for _, v := range views {
		left += v.there + len(v.nameless)
		newcomers += v.newcomers
		result.Newcomers += v.since
		if unclear := v.unclear(); unclear != "" {
			result.Unclear = append(result.Unclear, unclear)
		}
		if older := len(v.older); older > 0 {
			result.Unclear = append(result.Unclear, fmt.Sprintf(
				"accounts with a text of a run that are older than it by their creation time, and are not deleted: %d", older))
		}
	}
	result.Unseen = s.run.tracker.unseen()
	ever := func(string) bool { return true } // what a list showed and is deleted is known, too
	if untold := len(s.run.tracker.untold(ever)); untold > 0 && (newcomers > 0 || views[0].items == 0 || len(result.Unclear) > 0) {
		result.Unclear = append(result.Unclear, fmt.Sprintf("creates that succeeded without an id that could be used: %d; "+
			"accounts of that time that may be theirs, or somebody else's: %d", untold, newcomers))
	}
	var hidden map[string]bool
	if !s.dry {
		hidden = s.hidden(ctx)
	}
	for i := range result.Found {
		f := &result.Found[i]
		f.Gone = !s.dry && result.Unreadable == "" && !hidden[f.ID] && !slices.ContainsFunc(views, func(v view) bool {
			return slices.ContainsFunc(v.remaining, func(item listed) bool { return item.id == f.ID && nameOf(item) == f.Name })
		})
		if hidden[f.ID] {
			left++
		}
	}
	for _, o := range s.targets {
		if o.Alive > 0 {
			result.Unclear = append(result.Unclear, fmt.Sprintf("accounts of run %s that were deleted, that no list showed, and of which the "+
				"access tokens still worked: %d; they may be hidden, and not deleted", o.Run, o.Alive))
		}
	}
	result.Settled = result.Unreadable == "" && len(result.Unclear) == 0 && left == 0
	result.Verified = result.Settled && result.Newcomers == 0
	return result
}

// sweep reads a list, deletes what is sought in it, and reads it again until that is gone.
func (s *sweeper) sweep(ctx context.Context, collection string) (v view) {
	limits := s.run.limits
	var wait time.Duration // as long as this an empty list is not believed: a target may still be at a create
	if s.run.tracker.unseen() > 0 {
		wait = limits.Await
	}
	deadline, least := time.Now().Add(wait), -1
	for pause := firstPause; ; pause = min(pause*2, longestPause) {
		v = s.view(ctx, collection)
		if v.fault != "" && !v.retryable || s.dry && v.fault == "" {
			return v
		}
		if len(v.newConnection) > 0 {
			s.removeAll(ctx, v.newConnection)
			deadline, pause = time.Now().Add(deletionShare*limits.Await), 10*time.Millisecond
			continue
		}
		if left := len(v.remaining); v.fault == "" && (least < 0 || left < least) { // deletions are under way
			if least = left; left > 0 {
				deadline = time.Now().Add(deletionShare * limits.Await)
			}
		}
		settled := v.fault == "" && len(v.remaining) == 0 && s.run.tracker.unseen() == 0
		if v.fault != "" && least < 0 {
			deadline, least = time.Now().Add(limits.Await), 0
		}
		if settled || time.Now().After(deadline) || !sleep(ctx, pause) {
			return v
		}
	}
}

// view reads a list once, and enters what is sought in it.
func (s *sweeper) view(ctx context.Context, collection string) view {
	var v view
	e, l := s.readList(ctx, "list", collection, func() { v = view{} }, func(item *listed) {
		switch {
		case !slices.ContainsFunc(s.targets, func(o SweepTarget) bool { return o.matches(item) }):
			if slices.ContainsFunc(s.targets, func(o SweepTarget) bool { return o.told(item) }) {
				v.older = append(v.older, *item)
			}
			if slices.ContainsFunc(s.targets, func(o SweepTarget) bool { return o.during(item.created) }) {
				v.newcomers++
			}
			if slices.ContainsFunc(s.targets, func(o SweepTarget) bool { return item.created.After(o.Since) && o.during(item.created) }) {
				v.since++
			}
			return
		case item.id == "":
			v.nameless = append(v.nameless, *item)
		default:
			v.there++
		}
		s.run.tracker.see(item)
		v.remaining = append(v.remaining, *item)
	})
	v.listing, v.closed, v.retryable = l, e.Answered() && e.Status()/100 == 4, mayRead(e)
	if l.fault != "" { // half of a list is no ground for a deletion
		return view{listing: l, closed: v.closed, retryable: v.retryable}
	}
	for i := range v.remaining {
		item := &v.remaining[i]
		if s.take(item, collection) && !s.dry {
			s.run.owners.markOwned(item.id)
			v.newConnection = append(v.newConnection, account{id: item.id, name: item.name, collection: collection})
		}
	}
	return v
}

// take notes what was not seen before. It reports whether that can be deleted.
func (s *sweeper) take(item *listed, collection string) bool {
	if slices.ContainsFunc(s.result.Found, func(f Found) bool { return f.ID == item.id && f.Name == nameOf(*item) }) {
		return false
	}
	s.result.Found = append(s.result.Found, Found{Name: nameOf(*item), ID: item.id, Collection: collection})
	return unfit(item.id) == ""
}

// matches reports whether an account of a list is one that is sought. One that is older than the run is not, unless the
// target's clock may be behind, and the journal names its id and the text that it has.
func (o SweepTarget) matches(item *listed) bool {
	if o.older(item) {
		return o.named(item) && anyOf(item.marks, o.Texts) && !item.created.Before(o.Since.Add(-mostBehind))
	}
	return o.told(item) || o.named(item) && !item.created.IsZero()
}

func (o SweepTarget) older(item *listed) bool {
	return !item.created.IsZero() && item.created.Before(o.Since.Add(-skew))
}

// told reports whether an account has a text of the run.
func (o SweepTarget) told(item *listed) bool {
	return len(o.Prefix) >= len("conf-x-") && hasPrefixFold(item.name, o.Prefix) || anyOf(item.marks, o.Texts) || anyOf(item.texts, o.Texts)
}

// named reports whether the journal names the id of an account.
func (o SweepTarget) named(item *listed) bool {
	for id := range o.IDs {
		if item.id != "" && canonical(id) == canonical(item.id) {
			return true
		}
	}
	return false
}

// hasPrefixFold reports whether a name begins with a prefix, in letters of either case: a run names accounts in capitals, too.
func hasPrefixFold(name, prefix string) bool {
	return len(name) >= len(prefix) && strings.EqualFold(name[:len(prefix)], prefix)
}

// during reports whether something was created in the time of the run.
func (o SweepTarget) during(created time.Time) bool {
	return created.IsZero() || !created.Before(o.Since.Add(-skew)) && !created.After(o.Last.Add(skew))
}

// marksOf are the texts of an account of a list that a create decides: its name, its description, the values of its tags.
func marksOf(account any) []string {
	name, _ := exchange.Lookup(account, "/metadata/name")
	description, _ := exchange.Lookup(account, "/metadata/description")
	found := []any{name, description}
	tags, _ := exchange.Lookup(account, "/metadata/tags")
	list, _ := tags.([]any)
	for _, tag := range list {
		value, _ := exchange.Lookup(tag, "/value")
		found = append(found, value)
	}
	var marks []string
	for _, mark := range found {
		if text, ok := mark.(string); ok && text != "" {
			marks = append(marks, text)
		}
	}
	return marks
}
