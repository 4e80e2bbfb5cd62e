package keyless

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/sigstore/rekor/pkg/generated/client/entries"
	"github.com/sigstore/rekor/pkg/generated/models"
)

// logClient adds entries to a log. The client of the library has no limit for a response, follows redirects, and prints requests
// if a variable of the environment says so.
type logClient struct {
	ctx     context.Context // of one call
	address string
}

// CreateLogEntry adds an entry.
func (c *logClient) CreateLogEntry(p *entries.CreateLogEntryParams, _ ...entries.ClientOption) (*entries.CreateLogEntryCreated, error) {
	text, err := json.Marshal(p.ProposedEntry)
	if err != nil {
		return nil, fmt.Errorf("encoding the entry: %w", err)
	}
	request, err := http.NewRequestWithContext(c.ctx, http.MethodPost, c.address+"/api/v1/log/entries", bytes.NewReader(text))
	if err != nil {
		return nil, &ServiceError{"rekor-url", errors.New("its address is not a URL")}
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", "application/json")
	body, err := send(request, http.StatusCreated)
	if err != nil {
		return nil, &ServiceError{"rekor-url", err}
	}
	var added models.LogEntry
	if err := json.Unmarshal(body, &added); err != nil || len(added) != 1 {
		return nil, &ServiceError{"rekor-url", errors.New("its response is not one entry of a log")}
	}
	for id, entry := range added {
		if v := entry.Verification; v == nil || v.InclusionProof == nil || entry.LogID == nil || entry.LogIndex == nil || entry.IntegratedTime == nil {
			return nil, &ServiceError{"rekor-url", errors.New("its response has no proof that the log includes the entry")}
		}
		return &entries.CreateLogEntryCreated{ETag: id, Payload: added}, nil
	}
	return nil, nil // there is one
}

// GetLogEntryByUUID is asked only if a log has the entry already, which a fresh key rules out.
func (c *logClient) GetLogEntryByUUID(*entries.GetLogEntryByUUIDParams, ...entries.ClientOption) (*entries.GetLogEntryByUUIDOK, error) {
	return nil, &ServiceError{"rekor-url", errors.New("it has the entry already")}
}
