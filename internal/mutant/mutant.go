// Package mutant holds servers that break the contract, named and generated, and legal variants that do not. Each is a
// layer around the reference. A mutant does the same in every run, and knows nothing of the suite.
package mutant

import (
	"cmp"
	"net/http"
	"slices"
	"sync"

	"github.com/sa-conformance/conformance/internal/reference"
)

// Defect is one way to be wrong.
type Defect struct {
	// Name is made of words and dashes; Family groups defects of one kind.
	Name, Family string
	// Description says in one sentence what such a server does, Effect what it does to its users.
	Description, Effect string
	// Breaks lists the requirements that it breaks; the first is the one that is meant to find it out.
	Breaks []string
	// Waits is set if a trial of it mostly waits, for a token to expire or for an account to go.
	Waits bool
	*Layer
}

// Defective makes a defect, whose family comes later.
func Defective(name, description, effect string, layer *Layer, breaks ...string) *Defect {
	return &Defect{Name: name, Description: description, Effect: effect, Breaks: breaks, Layer: layer}
}

// WithFamily names the family of a defect.
func WithFamily(family string, d *Defect) *Defect {
	d.Family = family
	return d
}

// InFamily names the family of defects.
func InFamily(name string, defects ...*Defect) []*Defect { return Prefixed("", name, defects...) }

// Prefixed names the family of defects, and puts a prefix before the names of all of them.
func Prefixed(prefix, family string, defects ...*Defect) []*Defect {
	for _, d := range defects {
		d.Name, d.Family = prefix+d.Name, family
	}
	return defects
}

// Variant is one legal way to be unusual.
type Variant struct {
	Name string
	// Description says in one sentence what such a server does, Source which sentence allows that.
	Description, Source string
	// About is what its liberty is about; "" if it shares that with no other.
	About Topic
	// Slow variants make a run take many seconds.
	Slow bool
	// Several is set if it takes more than one liberty.
	Several bool
	// Outermost variants change how a response is written, and see it last.
	Outermost bool
	*Layer
}

// Topic is what a liberty is about. Two liberties about one topic need not be lawful together: a target that sends no claims cannot
// name another issuer.
type Topic string

// The topics that several liberties are about.
const (
	Time     Topic = "time"
	Tokens   Topic = "tokens" // a token names the id
	Writing  Topic = "writing"
	Times    Topic = "times"
	Status   Topic = "status"
	Reading  Topic = "bodies"
	Refusals Topic = "refusals"
	Groups   Topic = "groups"
)

// Layer is what is put around the reference, or into it.
type Layer struct {
	// Configure changes the reference itself; nil for no change.
	Configure func(*reference.Config)
	// Wrap is put around the reference's handler; nil for nothing.
	Wrap Middleware
	// Plain servers speak HTTP/1.1 without TLS.
	Plain bool
	// Wire layers do something that shows only on a real connection; others may be tried in memory.
	Wire bool
	// Signed layers are about what tokens are signed by: a trial of one keeps the algorithm of the reference.
	Signed bool
	// Prefix stands before every path; "" for none.
	Prefix string
}

// Middleware changes what a server does. The credentials are those that the server knows its operator by.
type Middleware func(known reference.Credentials, next http.Handler) http.Handler

// Build makes a server with the layer in place. Its base URL is to be set on the returned server, by the caller who
// listens, before the handler serves anything.
func (l *Layer) Build() (http.Handler, *reference.Server, error) {
	config := reference.Config{Prefix: l.Prefix}
	if l.Configure != nil {
		l.Configure(&config)
	}
	server, err := reference.New(config)
	if err != nil {
		return nil, nil, err
	}
	if l.Wrap == nil {
		return server, server, nil
	}
	wrapped := sync.OnceValue(func() http.Handler { return l.Wrap(server.Credentials(), server) })
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { wrapped().ServeHTTP(w, r) }), server, nil
}

// Chain puts several layers around each other, the first one outermost.
func Chain(layers ...*Layer) *Layer {
	var chain Layer
	for _, l := range layers {
		chain.Plain, chain.Wire, chain.Signed = chain.Plain || l.Plain, chain.Wire || l.Wire, chain.Signed || l.Signed
		chain.Prefix += l.Prefix
	}
	chain.Configure = func(c *reference.Config) {
		for _, l := range layers {
			if l.Configure != nil {
				l.Configure(c)
			}
		}
	}
	chain.Wrap = func(known reference.Credentials, next http.Handler) http.Handler {
		for i := len(layers) - 1; i >= 0; i-- {
			if layers[i].Wrap != nil {
				next = layers[i].Wrap(known, next)
			}
		}
		return next
	}
	return &chain
}

// Sorted orders defects that come out of a map.
func Sorted(defects []*Defect) []*Defect {
	slices.SortFunc(defects, func(a, b *Defect) int { return cmp.Compare(a.Name, b.Name) })
	return defects
}
