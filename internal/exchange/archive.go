package exchange

import (
	"encoding/json"
)

// Archive is a recording that is over, with all that is needed to judge it again: what a HAR file holds.
type Archive struct {
	// Suite is the version of the suite that made the recording.
	Suite string
	// Facts are those that the run's checks saw.
	Facts Facts
	// Supplied lists, in the catalogue's words, what the operator supplied of what requirements can need.
	Supplied []string
	// Head is what the run says of itself: a JSON object that this package does not read.
	Head json.RawMessage
	// Conversations are the probes that were held, in the order of their first exchange, each with the reason why it ended
	// early, "" if it did not.
	Conversations []Conversation
	// Digests are those of the placeholders that the recording put in the place of tokens. Whatever else looks like a
	// placeholder came from the target.
	Digests []string
	// Apart holds the ids of the exchanges that are no evidence of everything: those of the clean-up, and of attempts.
	Apart map[string]bool
	// Exchanges are in the order of sending. A clock that was set during the run may tell another order.
	Exchanges []*Exchange
}

// Conversation is a probe that was held.
type Conversation struct {
	Probe  string `json:"probe"`
	Reason string `json:"reason,omitempty"`
}

// Replacer gives what a recording has in the place of a text that may hold secrets. It does not change what it is given.
type Replacer interface {
	// Body is for bodies, and for whatever else is said.
	Body(text []byte) []byte
	// Header is for the value of a header.
	Header(name, value string) string
}

// Finish is the recording's exchanges as an archive, without secrets: whatever in them came from a target or from the
// operator has passed replace, which also must hold for the rest that the caller fills in.
func (r *Recording) Finish(replace Replacer) *Archive {
	a := &Archive{}
	for _, e := range r.All() {
		a.Exchanges = append(a.Exchanges, e.Replaced(replace))
	}
	return a
}

// Replaced is a copy of the exchange what was said in which has passed replace; ID, step and identity are the suite's own
// words. A body keeps the length with which it arrived, see Response.Size.
func (e *Exchange) Replaced(replace Replacer) *Exchange {
	text := func(s string) string { return string(replace.Body([]byte(s))) }
	c := &Exchange{
		ID: e.ID, Probe: e.Probe, Step: e.Step, Operation: e.Operation, Identity: e.Identity,
		Foreign:   text(e.Foreign),
		StartedAt: e.StartedAt.Round(0).UTC(), Timings: e.Timings,
		Request: Request{
			Method: text(e.Request.Method), URL: text(e.Request.URL), Header: replacedHeader(e.Request.Header, replace),
			Body: replacedBody(e.Request.Body, replace), Chunked: e.Request.Chunked, Old: e.Request.Old,
		},
	}
	if answer := e.Response; answer != nil {
		c.Response = &Response{
			Status: answer.Status, Proto: text(answer.Proto), Header: replacedHeader(answer.Header, replace),
			Body: replacedBody(answer.Body, replace), Truncated: answer.Truncated,
			ContentLength: answer.ContentLength, TransferEncoding: answer.TransferEncoding,
			Arrived: answer.Size(), HeaderCut: answer.HeaderCut, Reduction: answer.Reduction.replaced(replace),
		}
	}
	if e.Failure != nil {
		c.Failure = &Failure{Kind: e.Failure.Kind, Message: text(e.Failure.Message)}
	}
	return c
}

func replacedHeader(header map[string][]string, replace Replacer) map[string][]string {
	if header == nil {
		return nil
	}
	c := make(map[string][]string, len(header))
	for name, values := range header {
		replaced := make([]string, len(values))
		for i, value := range values {
			replaced[i] = replace.Header(name, value)
		}
		c[string(replace.Body([]byte(name)))] = replaced
	}
	return c
}

func (r *Reduction) replaced(replace Replacer) *Reduction {
	if r == nil {
		return nil
	}
	all := func(ids []string) []string {
		var replaced []string
		for _, id := range ids {
			replaced = append(replaced, replace.Header("id", id))
		}
		return replaced
	}
	return &Reduction{Items: r.Items, Shortened: r.Shortened, IDs: all(r.IDs), Twice: all(r.Twice)}
}

func replacedBody(body []byte, replace Replacer) []byte {
	if body == nil {
		return nil
	}
	return append([]byte{}, replace.Body(body)...)
}
