package probe

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/sa-conformance/conformance/internal/tracking"
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

// Sweep removes what earlier runs left: the accounts of the list that carry a name or a text of theirs, or an id that one
// of them was told, and that are not older than it. It touches nothing in a list that it cannot read. With dry it only
// looks.
func (r *Run) Sweep(ctx context.Context, sought []SweepTarget, dry bool) SweepResult {
	s := &sweeper{cleaner: r.newCleaner(), targets: sought, dry: dry}
	var others, made, open []string
	for _, o := range sought {
		for _, texts := range o.Unanswered {
			r.tracker.AddUncertain(tracking.UncertainCreate{Texts: texts, Unanswered: true})
		}
		for _, texts := range o.Told {
			r.tracker.AddUncertain(tracking.UncertainCreate{Texts: texts, Told: true})
		}
		others, made, open = append(others, o.Collections...), append(made, o.Made...), append(open, o.Open...)
	}
	own := Accounts(r.target.Organization)
	views := []view{s.sweep(ctx, own)}
	if fault := views[0].Fault; fault != "" && (among(own, made) || among(own, open)) {
		s.result.Unreadable = fault
	}
	for _, collection := range tracking.OtherCollections(others, own) {
		v := s.sweep(ctx, collection)
		views = append(views, v)
		if v.Fault != "" && among(collection, made) {
			s.result.Unclear = append(s.result.Unclear, "the list of another organization in which a create succeeded could not be read: "+v.Fault)
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
		if unclear := v.Unclear(); unclear != "" {
			result.Unclear = append(result.Unclear, unclear)
		}
		if older := len(v.older); older > 0 {
			result.Unclear = append(result.Unclear, fmt.Sprintf(
				"accounts with a text of a run that are older than it by their creation time, and are not deleted: %d", older))
		}
	}
	result.Unseen = s.run.tracker.Unseen()
	ever := func(string) bool { return true } // what a list showed and is deleted is known, too
	if untold := len(s.run.tracker.Untold(ever)); untold > 0 && (newcomers > 0 || views[0].Items == 0 || len(result.Unclear) > 0) {
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
			return slices.ContainsFunc(v.remaining, func(item tracking.Listed) bool { return item.Id == f.ID && nameOf(item) == f.Name })
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
	if s.run.tracker.Unseen() > 0 {
		wait = limits.Await
	}
	deadline, least := time.Now().Add(wait), -1
	for pause := firstPause; ; pause = min(pause*2, longestPause) {
		v = s.view(ctx, collection)
		if v.Fault != "" && !v.retryable || s.dry && v.Fault == "" {
			return v
		}
		if len(v.newConnection) > 0 {
			s.removeAll(ctx, v.newConnection)
			deadline, pause = time.Now().Add(deletionShare*limits.Await), 10*time.Millisecond
			continue
		}
		if left := len(v.remaining); v.Fault == "" && (least < 0 || left < least) { // deletions are under way
			if least = left; left > 0 {
				deadline = time.Now().Add(deletionShare * limits.Await)
			}
		}
		settled := v.Fault == "" && len(v.remaining) == 0 && s.run.tracker.Unseen() == 0
		if v.Fault != "" && least < 0 {
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
	e, l := s.readList(ctx, "list", collection, func() { v = view{} }, func(item *tracking.Listed) {
		switch {
		case !slices.ContainsFunc(s.targets, func(o SweepTarget) bool { return o.matches(item) }):
			if slices.ContainsFunc(s.targets, func(o SweepTarget) bool { return o.told(item) }) {
				v.older = append(v.older, *item)
			}
			if slices.ContainsFunc(s.targets, func(o SweepTarget) bool { return o.during(item.Created) }) {
				v.newcomers++
			}
			if slices.ContainsFunc(s.targets, func(o SweepTarget) bool { return item.Created.After(o.Since) && o.during(item.Created) }) {
				v.since++
			}
			return
		case item.Id == "":
			v.nameless = append(v.nameless, *item)
		default:
			v.there++
		}
		s.run.tracker.See(item)
		v.remaining = append(v.remaining, *item)
	})
	v.Listing, v.closed, v.retryable = l, e.Answered() && e.Status()/100 == 4, mayRead(e)
	if l.Fault != "" { // half of a list is no ground for a deletion
		return view{Listing: l, closed: v.closed, retryable: v.retryable}
	}
	for i := range v.remaining {
		item := &v.remaining[i]
		if s.take(item, collection) && !s.dry {
			s.run.owners.MarkOwned(item.Id)
			v.newConnection = append(v.newConnection, tracking.Account{Id: item.Id, Name: item.Name, Collection: collection})
		}
	}
	return v
}

// take notes what was not seen before. It reports whether that can be deleted.
func (s *sweeper) take(item *tracking.Listed, collection string) bool {
	if slices.ContainsFunc(s.result.Found, func(f Found) bool { return f.ID == item.Id && f.Name == nameOf(*item) }) {
		return false
	}
	s.result.Found = append(s.result.Found, Found{Name: nameOf(*item), ID: item.Id, Collection: collection})
	return tracking.Unfit(item.Id) == ""
}

// matches reports whether an account of a list is one that is sought. One that is older than the run is not, unless the
// target's clock may be behind, and the journal names its id and the text that it has.
func (o SweepTarget) matches(item *tracking.Listed) bool {
	if o.older(item) {
		return o.named(item) && tracking.AnyOf(item.Marks, o.Texts) && !item.Created.Before(o.Since.Add(-tracking.MostBehind))
	}
	return o.told(item) || o.named(item) && !item.Created.IsZero()
}

func (o SweepTarget) older(item *tracking.Listed) bool {
	return !item.Created.IsZero() && item.Created.Before(o.Since.Add(-tracking.Skew))
}

// told reports whether an account has a text of the run.
func (o SweepTarget) told(item *tracking.Listed) bool {
	return len(o.Prefix) >= len("conf-x-") && hasPrefixFold(item.Name, o.Prefix) || tracking.AnyOf(item.Marks, o.Texts) || tracking.AnyOf(item.Texts, o.Texts)
}

// named reports whether the journal names the id of an account.
func (o SweepTarget) named(item *tracking.Listed) bool {
	for id := range o.IDs {
		if item.Id != "" && tracking.Canonical(id) == tracking.Canonical(item.Id) {
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
	return created.IsZero() || !created.Before(o.Since.Add(-tracking.Skew)) && !created.After(o.Last.Add(tracking.Skew))
}
