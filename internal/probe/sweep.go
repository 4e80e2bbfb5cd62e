package probe

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/sa-conformance/conformance/internal/exchange"
)

// Sought is what an earlier run may have left behind.
type Sought struct {
	// Prefix begins the names of its accounts, and Texts are other texts that only they carry.
	Prefix string
	Texts  []string
	// IDs maps the accounts that answers told of to the paths that they were created at.
	IDs map[string]string
	// Collections are the paths that creates were addressed to.
	Collections []string
	// Since is when it began.
	Since time.Time
	// Unanswered holds for each create that the target may still be at the texts by which its account can be told.
	Unanswered [][]string
}

// Found is an account of an earlier run.
type Found struct {
	Name, ID, Collection string
	// Gone is set once a list no longer holds it.
	Gone bool
}

// Swept tells what a sweep found and what of it is left.
type Swept struct {
	Found []Found
	// Unreadable says why the list of the organization could not be read; "" where it could.
	Unreadable string
	// Verified is set where the last list that was read holds nothing that was sought.
	Verified bool
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
// of them was told and that are not older than it. With dry it only looks.
func (r *Run) Sweep(ctx context.Context, sought []Sought, dry bool) Swept {
	s := &sweeper{
		cleaner: cleaner{Session: &Session{run: r, probe: Cleanup}, tried: map[string]bool{}}, sought: sought, dry: dry,
	}
	for _, o := range sought {
		for _, texts := range o.Unanswered {
			r.ledger.doubt("", texts, true)
		}
	}
	r.Seek(s.seeks)
	own := Accounts(r.target.Organization)
	result := Swept{}
	listed, failure := s.sweep(ctx, own)
	result.Unreadable = failure
	result.Verified = failure == "" && len(listed) == 0
	var others []string
	for _, o := range sought {
		others = append(others, o.Collections...)
	}
	for _, collection := range otherCollections(others, own) {
		more, failure := s.sweep(ctx, collection)
		listed = append(listed, more...)
		result.Verified = result.Verified && len(more) == 0 && (failure == "" || failure == closed)
		if failure == closed && !dry {
			result.Found = append(result.Found, s.blindly(ctx, collection)...)
		}
	}
	result.Unseen = r.ledger.unseen()
	result.Verified = result.Verified && !slices.ContainsFunc(result.Found, func(f Found) bool { return !f.Gone })
	for _, f := range s.found {
		f.Gone = !dry && result.Unreadable == "" && !slices.ContainsFunc(listed, func(item any) bool { return described(item).id == f.ID })
		result.Found = append(result.Found, f)
	}
	return result
}

// closed says of a list that it is not for this credential.
const closed = "the list is closed to this credential"

// blindly deletes the accounts that answers told of in a collection whose list is closed.
func (s *sweeper) blindly(ctx context.Context, collection string) (found []Found) {
	for _, o := range s.sought {
		for id, at := range o.IDs {
			if !strings.EqualFold(at, collection) || unfit(id) != "" {
				continue
			}
			e := s.erase(ctx, collection, id)
			switch {
			case e.Success():
				found = append(found, Found{ID: id, Collection: collection, Gone: true})
			case e.Status()/100 != 4: // who is told that it does not exist, or that it is not theirs, has nothing there
				found = append(found, Found{ID: id, Collection: collection})
			}
		}
	}
	return found
}

type sweeper struct {
	cleaner

	sought []Sought
	dry    bool
	found  []Found
}

// sweep reads a list, deletes what is sought in it, and reads it again until that is gone. It returns what was in it at
// last, and why it could not be read.
func (s *sweeper) sweep(ctx context.Context, collection string) (listed []any, failure string) {
	request := s.ListRequest()
	request.Path = collection
	limits := s.run.limits
	deadline := time.Now() // until when an empty list is not believed: a target may still be at a create
	if s.run.ledger.unseen() > 0 {
		deadline = deadline.Add(limits.Await)
	}
	tries := 0
	for pause := firstPause; ; pause = min(pause*2, longestPause) {
		e := s.Send(ctx, "list", request)
		document, _ := e.Document()
		items, isList := document.([]any)
		switch {
		case e.Success() && isList:
			failure, listed = "", s.soughtIn(items)
			s.run.ledger.see(listed)
		case e.Answered() && e.Status()/100 == 4:
			return listed, closed
		case e.Answered():
			failure = "its answer is no list"
		default:
			failure = e.Failure.Message
		}
		if fresh := s.take(listed, collection); len(fresh) > 0 && !s.dry {
			s.removeAll(ctx, fresh)
			deadline, pause = time.Now().Add((deletionShare-1)*limits.Await), 10*time.Millisecond
			continue
		}
		tries++
		settled := failure == "" && (len(listed) == 0 || s.dry)
		certain := s.dry || time.Now().After(deadline) || s.run.ledger.unseen() == 0
		if settled && certain || tries > 2 && time.Now().After(deadline.Add(limits.Await)) || !sleep(ctx, pause) {
			return listed, failure
		}
	}
}

// take notes what was not seen before, and returns it.
func (s *sweeper) take(listed []any, collection string) (fresh []account) {
	for _, item := range listed {
		a := described(item)
		known := func(f Found) bool { return f.ID == a.id && f.Name == a.name }
		if slices.ContainsFunc(s.found, known) {
			continue
		}
		s.found = append(s.found, Found{Name: a.name, ID: a.id, Collection: collection})
		if a.id != "" && unfit(a.id) == "" {
			a.collection = collection
			fresh = append(fresh, a)
		}
	}
	return fresh
}

// soughtIn picks what is sought out of a list.
func (s *sweeper) soughtIn(items []any) []any {
	return slices.DeleteFunc(slices.Clone(items), func(item any) bool { return !s.seeks(item) })
}

func (s *sweeper) seeks(item any) bool {
	return slices.ContainsFunc(s.sought, func(o Sought) bool { return o.matches(item) })
}

// matches reports whether an account of a list is one that is sought.
func (o Sought) matches(item any) bool {
	a := described(item)
	if len(o.Prefix) >= len("conf-x-") && strings.HasPrefix(a.name, o.Prefix) || shows(item, o.Texts) {
		return true
	}
	for id := range o.IDs {
		if !strings.EqualFold(id, a.id) {
			continue
		}
		text, _ := exchange.Lookup(item, "/metadata/creationTime")
		moment, _ := text.(string)
		created, err := time.Parse(time.RFC3339, moment)
		return err == nil && !created.Before(o.Since.Add(-skew))
	}
	return false
}

// shows reports whether the name, the description or a tag of an account of a list is one of the texts.
func shows(item any, texts []string) bool {
	return slices.ContainsFunc(marksOf(item), func(mark string) bool { return slices.Contains(texts, mark) })
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
		if text, ok := mark.(string); ok {
			marks = append(marks, text)
		}
	}
	return marks
}
