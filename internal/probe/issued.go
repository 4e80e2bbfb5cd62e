package probe

import (
	"strings"
	"sync"

	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/redact"
)

const (
	// mostIssued bounds the tokens of one response that are hidden, and mostIssuedBytes those of a run, in bytes. Every token
	// costs time whenever something is written.
	mostIssued, mostIssuedBytes = 200, 1 << 20
	// longestIssued bounds one token, in bytes.
	longestIssued = 64 << 10
)

// issued hides the tokens that a target issues. It is safe for concurrent use.
type issued struct {
	secrets *redact.Registry

	mu    sync.Mutex
	known map[string]bool
	bytes int
}

func newIssued(secrets *redact.Registry) *issued {
	return &issued{secrets: secrets, known: map[string]bool{}}
}

// hide registers the tokens of a response as secrets. If there are too many, it takes the response out of the exchange: what
// cannot be hidden is not kept.
func (i *issued) hide(e *exchange.Exchange) {
	i.mu.Lock()
	defer i.mu.Unlock()
	fresh := 0
	for _, token := range tokensIn(e) {
		if i.known[token] {
			continue
		}
		fresh++
		if fresh > mostIssued || len(token) > longestIssued || i.bytes+len(token) > mostIssuedBytes {
			e.Response = nil
			e.Failure = &exchange.Failure{Kind: exchange.Other, Message: "the response holds more tokens than the suite keeps, and was not kept; this is a limit of the suite"}
			return
		}
		i.bytes += len(token)
		token = strings.Clone(token)
		i.known[token] = true
		i.secrets.AddIssued(issuedLabel, token)
	}
}
