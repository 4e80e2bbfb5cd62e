// Package match holds the Gomega matchers of the suite. A matcher looks at recorded values and says what it expected
// and what it saw; it sends nothing, and its messages never hold a token.
package match

import (
	"reflect"

	"github.com/onsi/gomega/types"

	"github.com/sa-conformance/conformance/internal/exchange"
)

// matcher judges a value of type T: nil means that it is as expected.
type matcher[T any] struct {
	judge func(T) *Mismatch
	last  *Mismatch
}

// By makes a matcher of a function that returns what is wrong with a value of type T, nil where nothing is.
func By[T any](judge func(T) *Mismatch) types.GomegaMatcher { return newMatcher(judge) }

func newMatcher[T any](judge func(T) *Mismatch) types.GomegaMatcher {
	return &matcher[T]{judge: judge}
}

func (m *matcher[T]) Match(actual any) (bool, error) {
	value, ok := taken[T](actual)
	if !ok {
		m.last = &Mismatch{Expected: a(value), Seen: Show(actual)}
		return false, nil
	}
	m.last = m.judge(value)
	return m.last == nil, nil
}

// taken is the value as a T; nil is one of every type that has a nil.
func taken[T any](actual any) (T, bool) {
	value, ok := actual.(T)
	if kind := reflect.TypeFor[T]().Kind(); actual == nil && (kind == reflect.Interface || kind == reflect.Pointer || kind == reflect.Slice) {
		ok = true
	}
	return value, ok
}

func (m *matcher[T]) FailureMessage(any) string {
	if m.last == nil {
		return ""
	}
	return m.last.String()
}

func (m *matcher[T]) NegatedFailureMessage(actual any) string {
	return Mismatch{Expected: "anything else", Seen: Show(actual)}.String()
}

// onAnswer makes a matcher of a complete answer. An exchange without one makes the check inconclusive.
func onAnswer(judge func(*exchange.Exchange) *Mismatch) types.GomegaMatcher {
	return newMatcher(func(e *exchange.Exchange) *Mismatch {
		if !e.Answered() {
			panic(exchange.Missing{Reason: e.Unanswered()})
		}
		found := judge(e)
		if found != nil && found.Exchange == "" {
			found.Exchange = e.ID
		}
		return found
	})
}

// run judges a value with any matcher and returns its failure as a Mismatch, nil where there is none.
func run(m types.GomegaMatcher, value any) *Mismatch {
	ok, err := m.Match(value)
	if err != nil {
		return &Mismatch{Expected: "a value that can be judged", Seen: err.Error()}
	}
	if ok {
		return nil
	}
	found, note := Parse(m.FailureMessage(value))
	if found.Expected == "" {
		found.Expected = mask(note)
		found.Seen = Show(value)
	}
	return &found
}
