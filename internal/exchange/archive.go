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
	// early, "" where it did not.
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

// Finish is the recording's exchanges as an archive, without secrets: every text of them has passed replace, which also
// must hold for the rest that the caller fills in. Replace is given one text at a time, in bytes, and does not change it.
func (r *Recording) Finish(replace func([]byte) []byte) *Archive {
	a := &Archive{}
	for _, e := range r.All() {
		a.Exchanges = append(a.Exchanges, e.Replaced(replace))
	}
	return a
}

// Replaced is a copy of the exchange every text of which has passed replace. A body keeps the length with which it
// arrived, see Response.Size.
func (e *Exchange) Replaced(replace func([]byte) []byte) *Exchange {
	text := func(s string) string { return string(replace([]byte(s))) }
	c := &Exchange{
		ID: text(e.ID), Probe: e.Probe, Step: text(e.Step), Operation: e.Operation, Identity: text(e.Identity), Foreign: text(e.Foreign),
		StartedAt: e.StartedAt.Round(0).UTC(), Timings: e.Timings,
		Request: Request{
			Method: text(e.Request.Method), URL: text(e.Request.URL), Header: replacedHeader(e.Request.Header, text),
			Body: replacedBody(e.Request.Body, replace), Chunked: e.Request.Chunked,
		},
	}
	if answer := e.Response; answer != nil {
		c.Response = &Response{
			Status: answer.Status, Proto: text(answer.Proto), Header: replacedHeader(answer.Header, text),
			Body: replacedBody(answer.Body, replace), Truncated: answer.Truncated,
			ContentLength: answer.ContentLength, TransferEncoding: answer.TransferEncoding,
			Arrived: answer.Size(), HeaderCut: answer.HeaderCut, Reduction: answer.Reduction.replaced(text),
		}
	}
	if e.Failure != nil {
		c.Failure = &Failure{Kind: e.Failure.Kind, Message: text(e.Failure.Message)}
	}
	return c
}

func replacedHeader(header map[string][]string, text func(string) string) map[string][]string {
	if header == nil {
		return nil
	}
	c := make(map[string][]string, len(header))
	for name, values := range header {
		replaced := make([]string, len(values))
		for i, value := range values {
			replaced[i] = text(value)
		}
		c[text(name)] = replaced
	}
	return c
}

func (r *Reduction) replaced(text func(string) string) *Reduction {
	if r == nil {
		return nil
	}
	all := func(ids []string) []string {
		var replaced []string
		for _, id := range ids {
			replaced = append(replaced, text(id))
		}
		return replaced
	}
	return &Reduction{Items: r.Items, Shortened: r.Shortened, IDs: all(r.IDs), Twice: all(r.Twice)}
}

func replacedBody(body []byte, replace func([]byte) []byte) []byte {
	if body == nil {
		return nil
	}
	return append([]byte{}, replace(body)...)
}
