// Package tracking knows which accounts a run made: it reads lists, tells the run's own accounts from those of others, and counts what
// was created, deleted and left. It sends nothing.
package tracking

import (
	"net/url"
	"slices"
	"strings"
	"sync"
)

// Tracker keeps account of the accounts that a run made and removed. All spellings of an id are one.
type Tracker struct {
	mu        sync.Mutex
	accounts  map[string]*Account
	order     []string
	uncertain []*UncertainCreate
	// seen is set once a list showed an account of the run.
	seen bool
}

type Account struct {
	Id, Name string
	// collection is the path that it was created at.
	Collection string
	Gone       bool
	// listed is set if a list showed it, and no response told of it.
	Listed bool
}

// UncertainCreate is a create that may have made an account of which no response told.
type UncertainCreate struct {
	Collection string
	// texts are those of the request by which the account can be told.
	Texts []string
	// unanswered is set if nothing was heard, so that the target may still be at it. Told is set if the response said that
	// there is an account, and named none that is the run's own.
	Unanswered, Told bool
	// item is the account of a list that the create made, as key makes it; "" while no list shows it.
	item string
}

func NewTracker() *Tracker { return &Tracker{accounts: map[string]*Account{}} }

// Removed enters that the account at an address was deleted.
func (l *Tracker) Removed(address string) {
	collection, id := split(address)
	l.mu.Lock()
	defer l.mu.Unlock()
	if a := l.accounts[Canonical(id)]; a != nil && a.Collection == collection {
		a.Gone = true
	}
}

// AddUncertain enters a create of which nobody knows what it made.
func (l *Tracker) AddUncertain(d UncertainCreate) *UncertainCreate {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.uncertain = append(l.uncertain, &d)
	return &d
}

// Resolve removes an uncertain create, once it is known what it made.
func (l *Tracker) Resolve(d *UncertainCreate) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.uncertain = slices.DeleteFunc(l.uncertain, func(other *UncertainCreate) bool { return other == d })
}

// See takes an account of a list for what one of the doubtful creates made, or what several that were not answered did. It
// returns the name by which the create keeps it.
func (l *Tracker) See(item *Listed) (key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.seen = true
	key = Canonical(item.Id) + "\x00" + item.Name
	if item.Odd() { // its texts tell it from others
		key += "\x00" + strings.Join(item.Texts, "\x00")
	}
	for _, d := range l.uncertain {
		if d.item == "" && d.Unanswered && AnyOf(item.Marks, d.Texts) {
			d.item = key
		}
	}
	if a := l.accounts[Canonical(item.Id)]; a != nil && a.Name == item.Name {
		return key // a response told of it
	}
	for _, d := range l.uncertain {
		if d.Told && d.item == key {
			return key
		}
	}
	for _, d := range l.uncertain {
		if d.item == "" && d.Told && (AnyOf(item.Marks, d.Texts) || AnyOf(item.Texts, d.Texts)) {
			d.item = key
			return key
		}
	}
	return key
}

func AnyOf(marks, texts []string) bool {
	return slices.ContainsFunc(marks, func(mark string) bool { return slices.Contains(texts, mark) })
}

// Sighted reports whether a list ever showed an account of the run.
func (l *Tracker) Sighted() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.seen
}

// Sight notes that a list shows an account of the run.
func (l *Tracker) Sight() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.seen = true
}

// Unseen counts the creates that nothing was heard or seen of.
func (l *Tracker) Unseen() int {
	return l.count(func(d *UncertainCreate) bool { return d.Unanswered && d.item == "" })
}

// Untold lists the creates that were answered with success, and whose account no response named and no list shows: neither one
// that told of an account of the run, nor one that is shown now.
func (l *Tracker) Untold(shown func(key string) bool) (found []UncertainCreate) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, d := range l.uncertain {
		id, _, _ := strings.Cut(d.item, "\x00")
		if d.Told && (d.item == "" || l.accounts[id] == nil && !shown(d.item)) {
			found = append(found, *d)
		}
	}
	return found
}

func (l *Tracker) count(of func(*UncertainCreate) bool) (n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, d := range l.uncertain {
		if of(d) {
			n++
		}
	}
	return n
}

// Elsewhere lists the collections, other than the given one, that the accounts of a run may be in.
func (l *Tracker) Elsewhere(own string) []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var all []string
	for _, d := range l.uncertain {
		all = append(all, d.Collection)
	}
	for _, key := range l.order {
		all = append(all, l.accounts[key].Collection)
	}
	return OtherCollections(all, own)
}

// Gone lists the ids of the accounts that were removed.
func (l *Tracker) Gone() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var ids []string
	for _, key := range l.order {
		if a := l.accounts[key]; a.Gone {
			ids = append(ids, a.Id)
		}
	}
	return ids
}

// Add enters an account that is not known yet.
func (l *Tracker) Add(a Account) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if key := Canonical(a.Id); l.accounts[key] == nil {
		l.accounts[key] = &a
		l.order = append(l.order, key)
	}
}

// Find returns the account with an id.
func (l *Tracker) Find(id string) (Account, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if a := l.accounts[Canonical(id)]; a != nil {
		return *a, true
	}
	return Account{}, false
}

// Named returns an account that carries one of the texts as its name.
func (l *Tracker) Named(texts []string) (Account, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, key := range l.order {
		if a := l.accounts[key]; a.Name != "" && slices.Contains(texts, a.Name) {
			return *a, true
		}
	}
	return Account{}, false
}

// Holds reports whether a path leads to an account that the run made and has not removed.
func (l *Tracker) Holds(address string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	collection, id := split(strings.TrimSuffix(Path(address), "/rotate"))
	a := l.accounts[Canonical(id)]
	return a != nil && a.Collection == collection && !a.Gone
}

// Mark says whether an account is gone.
func (l *Tracker) Mark(id string, gone bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if a := l.accounts[Canonical(id)]; a != nil {
		a.Gone = gone
	}
}

// Forget strikes an account out, as if it had never been entered.
func (l *Tracker) Forget(id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	key := Canonical(id)
	delete(l.accounts, key)
	l.order = slices.DeleteFunc(l.order, func(other string) bool { return other == key })
}

// Merge makes one account of two if a response told of it by an id that no list shows, and a list shows it by another id and
// the same name: names are the run's own, and a list may show every account by another id.
func (l *Tracker) Merge(shown func(id string) bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	told := map[string][]string{} // by name
	trusted := false              // a list showed an account by the id that a response told
	for _, key := range l.order {
		if a := l.accounts[key]; !a.Listed && a.Name != "" {
			if shown(a.Id) {
				trusted = true
			} else {
				told[a.Name] = append(told[a.Name], key)
			}
		}
	}
	if trusted {
		return
	}
	for _, a := range l.accounts {
		if keys := told[a.Name]; a.Listed && len(keys) > 0 {
			delete(l.accounts, keys[0])
			told[a.Name] = keys[1:]
		}
	}
	l.order = slices.DeleteFunc(l.order, func(key string) bool { return l.accounts[key] == nil })
}

// Left lists the accounts that have not been removed, the newest first.
func (l *Tracker) Left() []Account {
	l.mu.Lock()
	defer l.mu.Unlock()
	var left []Account
	for _, key := range slices.Backward(l.order) {
		if a := l.accounts[key]; !a.Gone {
			left = append(left, *a)
		}
	}
	return left
}

// Created counts the accounts that were ever entered.
func (l *Tracker) Created() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.order)
}

// Unclear reports whether there was a create without a clear response.
func (l *Tracker) Unclear() bool {
	return l.count(func(*UncertainCreate) bool { return true }) > 0
}

// Path is the address of a collection: without a query, without a slash at its end.
func Path(address string) string {
	address, _, _ = strings.Cut(address, "?")
	return strings.TrimRight(address, "/")
}

// split takes the address of one account apart.
func split(address string) (collection, id string) {
	address = Path(address)
	last := strings.LastIndexByte(address, '/')
	id, _ = url.PathUnescape(address[last+1:])
	return address[:max(last, 0)], id
}

// OtherCollections picks the collections of other organizations, each once.
func OtherCollections(all []string, own string) []string {
	var others []string
	for _, collection := range all {
		same := func(known string) bool { return strings.EqualFold(known, collection) }
		if Plain.MatchString(collection) && !same(own) && !slices.ContainsFunc(others, same) {
			others = append(others, collection)
		}
	}
	return others
}
