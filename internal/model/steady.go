package model

import (
	"hash/maphash"
	"net/http"

	"github.com/sa-conformance/conformance/internal/exchange"
)

// steady judges requests that got 500 and another response when they were sent again. One of them may be an accident. If it is a
// part of all requests that have the same operation and end with the same status, and much rarer elsewhere, it is no condition that
// the server did not expect (RFC 9110 section 15.6.1).
func (m *Model) steady(ordered []*exchange.Exchange) {
	type request struct {
		probe, step, method, url string
		body                     uint64 // a hash: some bodies are long
	}
	type kind struct {
		operation string
		status    int
	}
	type course struct{ failed, last *exchange.Exchange }
	courses, inOrder, seed := map[request]*course{}, []*course{}, maphash.MakeSeed()
	for _, e := range ordered {
		if e.Operation == "" || !e.Answered() {
			continue
		}
		key := request{e.Probe, e.Step, e.Request.Method, e.Request.URL, maphash.Bytes(seed, e.Request.Body)}
		if courses[key] == nil {
			courses[key] = &course{}
			inOrder = append(inOrder, courses[key])
		}
		courses[key].last = e
		if e.Status() == http.StatusInternalServerError {
			courses[key].failed = e
		}
	}
	sent, failed, all, allFailed := map[kind]int{}, map[kind][]*exchange.Exchange{}, 0, 0
	var kinds []kind
	for _, c := range inOrder {
		if c.last.Status() >= http.StatusInternalServerError {
			continue // another promise's matter
		}
		k := kind{c.last.Operation, c.last.Status()}
		if sent[k] == 0 {
			kinds = append(kinds, k)
		}
		sent[k]++
		all++
		if c.failed != nil {
			failed[k] = append(failed[k], c.failed)
			allFailed++
		}
	}
	for _, k := range kinds {
		n, times := sent[k], failed[k]
		if len(times) >= mostAccidents && len(times)*seldom >= n && len(times)*(all-n) >= rarer*(allFailed-len(times))*n {
			last := times[len(times)-1]
			m.contradict(Steady, last, times[0], "", k.status, http.StatusInternalServerError)
		}
	}
}

// Fewer requests of one kind than this, or less than one in so many, may get 500. What is wrong with one kind is so many times rarer
// in the rest of the run.
const mostAccidents, seldom, rarer = 3, 10, 5

// unread judges a request whose response could not be read every time: its body is not in the coding that its header names.
func (m *Model) unread(e *exchange.Exchange) {
	if e.Operation == "" || e.Failure == nil || e.Failure.Kind != exchange.Malformed || e.Rewritten() {
		return
	}
	step, least := m.steps[e.Probe+"/"+e.Step], mostAccidents
	if e.Response != nil && e.Response.Header.Get("Content-Encoding") != "" { // the body arrived whole, so that no network is to blame
		least = 1
	}
	if len(step) < least || step[len(step)-1] != e {
		return
	}
	for _, earlier := range step {
		if earlier.Failure == nil || earlier.Failure.Kind != exchange.Malformed {
			return
		}
	}
	m.contradict(Answered, e, e, "", "a response that can be read", e.Failure.Message)
}
