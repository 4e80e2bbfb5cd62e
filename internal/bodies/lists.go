package bodies

import (
	"bytes"
	"encoding/json"
	"hash/maphash"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/sa-conformance/conformance/internal/exchange"
)

const (
	// MostListBytes and mostItems bound one list; mostListed bounds, in bytes, all long lists of a run.
	MostListBytes, MostItems = 64 << 20, 250_000
	mostListed               = 4 << 30
	// MostItem bounds one item of a long list, and mostKept what is kept of one list, in bytes.
	MostItem, mostKept = 128 << 10, 1 << 20
	// Of a long list so many foreign accounts are kept: some of the sound ones, those at fault, and newcomers.
	fewSound, fewAtFault, fewNewcomers = 10, 50, 200
	// mostSound bounds the foreign accounts that a run knows to be sound, and mostJudged those that it judges.
	mostSound, mostJudged = 100_000, 50_000
	fewTwice              = 10
	LongestID             = 256 // bytes; an account with a longer id is at fault
)

// Lists reduces the long lists of a run to what checks may need. An organization can have tens of thousands of accounts,
// and a run reads its list dozens of times. It is safe for concurrent use.
type Lists struct {
	Wanted func(account any) bool // by what it says of itself
	// sound reports whether no check has anything to object to in a foreign account, given as JSON. Nil: every account is.
	Sound func(account []byte) bool
	seed  maphash.Seed
	left  atomic.Int64 // bytes that long lists may still have, together
	Begun atomic.Bool  // set when the first create is sent

	mu     sync.Mutex
	told   map[string]bool   // the ids that answers told of, in lower case
	known  map[uint64]string // the ids of the foreign accounts that are sound, by the hash of their text
	mine   map[uint64]string // the same of accounts that are wanted; lists show them over and over again
	judged int
	before map[string]map[string]struct{} // by path: the ids that were listed before the first create, in lower case
}

func NewLists(ours func(any) bool) *Lists {
	l := &Lists{
		Wanted: ours, seed: maphash.MakeSeed(),
		told: map[string]bool{}, known: map[uint64]string{}, mine: map[uint64]string{}, before: map[string]map[string]struct{}{},
	}
	l.left.Store(mostListed)
	return l
}

// Tell takes note of the account that a response tells of: lists keep it, whatever its name.
func (l *Lists) Tell(e *exchange.Exchange) {
	if id := e.AccountID(); id != "" && len(id) <= LongestID {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.told[strings.ToLower(id)] = true
	}
}

// Remember takes note of the accounts that a list shows before anything is created.
func (l *Lists) Remember(collection string, ids []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.before[collection] == nil {
		l.before[collection] = map[string]struct{}{}
	}
	for _, id := range ids {
		l.before[collection][id] = struct{}{}
	}
}

// Reading is a list that is being reduced.
type Reading struct {
	*Lists
	early     bool // it was asked for before the first create
	before    map[string]struct{}
	seen      map[string]struct{}
	kept      bytes.Buffer
	keptItems int
	Reduction exchange.Reduction
	dense     bool // some of an item was left out

	soundKept, atFault, newcomers int
}

func (l *Lists) Begin(collection string, early bool) *Reading {
	l.mu.Lock()
	defer l.mu.Unlock()
	r := &Reading{Lists: l, early: early, before: l.before[collection], seen: map[string]struct{}{}}
	r.kept.WriteByte('[')
	return r
}

// take looks at one item of the list and keeps it if a check may need it. It returns false when the list is too long.
func (r *Reading) take(item []byte) bool {
	r.Reduction.Items++
	if r.Reduction.Items > MostItems || len(item) > MostItem {
		return false
	}
	if Dense(item) {
		r.dense = true
		if item, _ = Prune(item); Dense(item) {
			return false
		}
	}
	id, keep := r.look(item)
	if id != "" {
		if _, twice := r.seen[id]; twice {
			if keep = true; len(r.Reduction.Twice) < fewTwice {
				r.Reduction.Twice = append(r.Reduction.Twice, id)
			}
		}
		r.seen[id] = struct{}{}
		if r.early {
			r.Reduction.IDs = append(r.Reduction.IDs, id)
		}
	}
	if !keep {
		return true
	}
	if r.keptItems > 0 {
		r.kept.WriteByte(',')
	}
	r.keptItems++
	r.kept.Write(item)
	return r.kept.Len() <= mostKept
}

// look returns the id of an item in lower case, "" if it has none, and whether the item is worth keeping.
func (r *Reading) look(item []byte) (id string, keep bool) {
	hash := maphash.Bytes(r.seed, item)
	r.mu.Lock()
	id, known := r.known[hash]
	told := known && r.told[id]
	own, wanted := r.mine[hash]
	r.mu.Unlock()
	switch {
	case known:
		return id, told || r.foreign(id)
	case wanted:
		return own, true
	}
	var account any
	if bytes.IndexByte(item, '"') >= 0 { // without a string it has no id and no text
		account = decodedItem(item)
	}
	if account != nil && r.Wanted(account) {
		id = strings.ToLower(exchange.ItemID(account))
		r.mu.Lock()
		if len(r.mine) < mostSound {
			r.mine[hash] = id
		}
		r.mu.Unlock()
		return id, true
	}
	if id = strings.ToLower(exchange.ItemID(account)); len(id) > LongestID {
		id = ""
	}
	r.mu.Lock()
	told = r.told[id]
	full := r.atFault >= fewAtFault // what is at fault is shown by those that are kept
	judge := r.Sound != nil && !full && r.judged < mostJudged
	if judge {
		r.judged++
	}
	r.mu.Unlock()
	if id == "" || judge && !r.Sound(item) {
		r.atFault++
		return id, told || r.atFault <= fewAtFault
	}
	if r.Sound == nil || !full {
		r.mu.Lock()
		if len(r.known) < mostSound {
			r.known[hash] = id
		}
		r.mu.Unlock()
	}
	return id, told || r.foreign(id)
}

// foreign reports whether a sound account of others is kept: a newcomer, or one of the first.
func (r *Reading) foreign(id string) bool {
	if _, old := r.before[id]; !old && r.before != nil && r.newcomers < fewNewcomers {
		r.newcomers++
		return true
	}
	if r.soundKept < fewSound {
		r.soundKept++
		return true
	}
	return false
}

// decodedItem is an item as values; nil if it is broken.
func decodedItem(item []byte) any {
	decoder := json.NewDecoder(bytes.NewReader(item))
	decoder.UseNumber()
	var account any
	if decoder.Decode(&account) != nil || decoder.InputOffset() != int64(len(item)) {
		return nil
	}
	return account
}
