package explore

import (
	"math/rand/v2"
	"time"
)

// LongestConversation is how many operations one generated conversation has at most.
const LongestConversation = 120

// Control operations send what is needed for others to count: they wait for the target, and judge nothing.
const (
	// Settle reads the list until it shows what a client may believe.
	Settle = "settle"
	// Refused uses the token of the account Holder that was revoked last until it is refused, and lets the replicas agree.
	Refused = "refused"
	// Wait lets two seconds pass: what is wrong may be so only for accounts and tokens of some age.
	Wait = "wait"
)

// waiting is how long Wait lasts.
const waiting = 2 * time.Second

// planner chooses operations by what those before it make of the accounts, if the target does what it should.
type planner struct {
	*rand.Rand

	made    int
	alive   []int
	rotated []int // accounts that have a token that was rotated away, and refused since
	deleted []int // the same of deleted accounts
	all     []Operation

	strangers, bodies, places deck
}

// Generate makes the operations of one of the conversations that the seed chooses. One seed always makes the same ones.
func Generate(seed uint64, conversation, n int) []Operation {
	p := &planner{Rand: rand.New(rand.NewPCG(seed, 0))} //nolint:gosec // nothing is secret about it
	p.strangers, p.bodies, p.places = strangerDeck(p.Rand), bodyDeck(p.Rand), placeDeck(p.Rand)
	p.strangers.next, p.bodies.next, p.places.next = conversation*n*strangerShare/100, conversation*n*bodyShare/100, conversation*n*placeShare/100
	p.Rand = rand.New(rand.NewPCG(seed, uint64(conversation)+1)) //nolint:gosec // nothing is secret about it, and it is not negative
	p.create()
	p.create()
	p.add(Operation{Kind: Settle})
	for len(p.all) < n {
		p.next()
		if p.IntN(7) == 0 {
			p.add(Operation{Kind: Settle})
		}
	}
	p.add(Operation{Kind: Settle})
	return p.all[:max(n, 4)]
}

func (p *planner) add(o Operation) { p.all = append(p.all, o) }

// next adds an operation, and what has to follow it.
func (p *planner) next() {
	switch n := p.IntN(100); {
	case n < 8 && len(p.alive) < mostAlive || len(p.alive) < 2:
		p.create()
	case n < 28:
		p.add(p.update())
	case n < 34:
		holder := p.one(p.alive)
		p.add(Operation{Kind: Rotate, Account: holder, As: p.pick("", "", "account"), Holder: holder})
		p.add(Operation{Kind: Refused, Holder: holder})
		p.rotated = append(p.rotated, holder)
	case n < 38 && len(p.alive) > 2:
		p.remove()
	case n < 42:
		p.add(Operation{Kind: List, Header: p.header(List)})
	case n < 47:
		holder := p.one(p.alive)
		p.add(Operation{Kind: p.pick(Userinfo, List), As: "account", Account: holder, Holder: holder})
	case n < 71:
		p.stranger()
	case n < 94:
		p.add(p.malformed())
	default:
		p.elsewhere()
	}
}

// mostAlive bounds the accounts of a conversation that are alive at a time.
const mostAlive = 5

func (p *planner) create() {
	p.add(Operation{Kind: Create, Account: p.made, Name: p.name(), Description: p.key(descriptionNames), Tags: p.key(tagNames), Groups: p.pick("empty", "first", "last", "all"), Header: p.header(Create), Body: p.extra()})
	p.alive = append(p.alive, p.made)
	p.made++
}

func (p *planner) update() Operation {
	return Operation{
		Kind: Update, Account: p.one(p.alive), Name: p.pick("same", p.name()), Description: p.pick("same", "absent", "empty", p.key(descriptionNames), p.key(descriptionNames)),
		Tags: p.pick("same", "absent", "empty", p.key(tagNames), p.key(tagNames)), Groups: p.pick("same", "empty", "first", "last", "all"), Header: p.header(Update), Body: p.extra(),
	}
}

func (p *planner) remove() {
	at := p.IntN(len(p.alive))
	gone := p.alive[at]
	p.alive = append(p.alive[:at:at], p.alive[at+1:]...)
	p.add(Operation{Kind: Delete, Account: gone})
	p.add(Operation{Kind: Refused, Holder: gone})
	p.add(Operation{Kind: Settle})
	p.deleted = append(p.deleted, gone)
}

// stranger adds a request with a credential that is none.
func (p *planner) stranger() {
	o := Operation{Kind: p.pick(List, Update, Rotate, Delete, Userinfo, Create), Holder: p.one(p.alive)}
	account := p.one(p.alive)
	switch n := p.IntN(10); {
	case n < 2 && len(p.rotated) > 0:
		o.As, o.Holder = "rotated away", p.one(p.rotated)
	case n < 3 && len(p.deleted) > 0:
		o.As, o.Holder = "deleted", p.one(p.deleted)
	case n < 4 && o.Holder != account && o.Kind != List && o.Kind != Userinfo && o.Kind != Create:
		o.As = "account"
	default:
		holder := o.Holder
		o = p.strangers.take()
		o.Holder = holder
	}
	p.add(aimed(o, account))
}

func (p *planner) malformed() Operation {
	o := aimed(p.bodies.take(), p.one(p.alive))
	o.Description, o.Groups = "short", "empty"
	return o
}

// elsewhere adds a request about an account or an organization that is not there, or a method that the contract does not have.
func (p *planner) elsewhere() {
	if len(p.deleted) > 0 && p.IntN(4) == 0 {
		p.add(Operation{Kind: p.pick(Update, Rotate, Delete), Account: p.one(p.deleted)})
		return
	}
	p.add(aimed(p.places.take(), p.one(p.alive)))
}

func (p *planner) one(of []int) int         { return of[p.IntN(len(of))] }
func (p *planner) pick(of ...string) string { return of[p.IntN(len(of))] }
func (p *planner) key(of []string) string   { return of[p.IntN(len(of))] }
func (p *planner) name() string             { return p.pick("", "", p.key(nameNames)) }
func (p *planner) extra() string {
	return p.pick("", "", "", "", "unknown members", "read-only members")
}

func (p *planner) header(kind string) string {
	if p.IntN(3) > 0 {
		return ""
	}
	if kind == List {
		return p.pick("accept anything", "accept several", p.key(harmless))
	}
	return p.pick("chunked", "charset", p.key(harmless), p.key(harmless))
}
