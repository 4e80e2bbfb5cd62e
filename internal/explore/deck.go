package explore

import (
	"math/rand/v2"
	"slices"
)

// deck holds operations that are to be tried once before one of them is tried twice: cells that matter are not left to chance.
// The conversations of one seed take turns.
type deck struct {
	cells []Operation
	next  int
}

func (d *deck) take() Operation {
	cell := d.cells[d.next%len(d.cells)]
	d.next++
	return cell
}

// The parts of the operations, in percent, that take from the decks at least: a conversation begins where the one before it ended.
const strangerShare, bodyShare, placeShare = 13, 11, 4

// dealt is every pair of an operation and a text. Each text comes once before one of them comes twice, with another operation.
func dealt(r *rand.Rand, kinds, texts []string, operation func(kind, text string) Operation) deck {
	var d deck
	texts = slices.Clone(texts)
	r.Shuffle(len(texts), func(i, j int) { texts[i], texts[j] = texts[j], texts[i] })
	for round := range kinds {
		for i, text := range texts {
			d.cells = append(d.cells, operation(kinds[(i+round)%len(kinds)], text))
		}
	}
	return d
}

// strangerDeck are operations with a credential that is none.
func strangerDeck(r *rand.Rand) deck {
	kinds := []string{List, Update, Rotate, Delete, Userinfo, Create, undeclaredKinds[r.IntN(len(undeclaredKinds))]}
	return dealt(r, kinds, slices.Concat(strangerNames, accountDamages), func(kind, as string) Operation { return Operation{Kind: kind, As: as} })
}

// bodyDeck are writes whose body violates the schema.
func bodyDeck(r *rand.Rand) deck {
	return dealt(r, []string{Update, Create}, BodyNames(), func(kind, body string) Operation { return Operation{Kind: kind, Body: body} })
}

// placeDeck are operations at places where no account is, and methods that the contract does not have.
func placeDeck(r *rand.Rand) deck {
	var d deck
	for _, kind := range []string{Update, Rotate, Delete} {
		for _, target := range nobodys {
			d.cells = append(d.cells, Operation{Kind: kind, Target: target})
		}
	}
	for _, kind := range []string{Create, List, Update, Rotate, Delete} {
		for _, organization := range []string{"unknown", "other", "nil", "malformed"} {
			d.cells = append(d.cells, Operation{Kind: kind, Organization: organization})
		}
	}
	for _, kind := range undeclaredKinds {
		d.cells = append(d.cells, Operation{Kind: kind})
	}
	r.Shuffle(len(d.cells), func(i, j int) { d.cells[i], d.cells[j] = d.cells[j], d.cells[i] })
	return d
}

// aimed is an operation about an account. A create must not take the place of another.
func aimed(o Operation, account int) Operation {
	o.Account = account
	if o.Kind == Create {
		o.Account = -1
	}
	return o
}
