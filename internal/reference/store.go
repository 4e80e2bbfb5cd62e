package reference

import (
	"cmp"
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"slices"
	"sync"
	"time"
)

// fingerprint finds a token without comparing it to others.
type fingerprint = [sha256.Size]byte

// store holds the accounts, and which of them each live token belongs to.
type store struct {
	mu       sync.RWMutex
	accounts map[string]account
	tokens   map[fingerprint]string
	made     int
}

func (s *store) add(a account) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.made++
	a.order = s.made
	s.accounts[a.id] = a
	if a.token.value != "" {
		s.tokens[sha256.Sum256([]byte(a.token.value))] = a.id
	}
}

// holder returns the account whose current token this is.
func (s *store) holder(token string) (account, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	a, ok := s.accounts[s.tokens[sha256.Sum256([]byte(token))]]
	return a, ok && subtle.ConstantTimeCompare([]byte(token), []byte(a.token.value)) == 1
}

// list returns the service accounts of the organization, oldest first.
func (s *store) list(organization string) []account {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var found []account
	for _, a := range s.accounts {
		if a.organization == organization && !a.administrator {
			found = append(found, a)
		}
	}
	slices.SortFunc(found, func(a, b account) int { return cmp.Compare(a.order, b.order) })
	return found
}

func (s *store) find(organization, id string) (account, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.lookup(organization, id)
}

// lookup is find for those who hold the lock.
func (s *store) lookup(organization, id string) (account, error) {
	a, ok := s.accounts[id]
	if !ok || a.organization != organization || a.administrator {
		return account{}, unknownAccount()
	}
	return a, nil
}

// write replaces the content of a service account.
func (s *store) write(organization, id string, c content, at time.Time, by string) (account, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, err := s.lookup(organization, id)
	if err != nil {
		return account{}, err
	}
	a.content, a.modified, a.modifiedBy = c, at, by
	a.generation++
	s.accounts[id] = a
	return a, nil
}

// replaceToken revokes the token that was current when before was read, and refuses where another call was faster:
// of two rotations at once, only one hands out a token.
func (s *store) replaceToken(before account, t issued) (account, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, ok := s.accounts[before.id]
	if !ok {
		return account{}, unknownAccount()
	}
	if a.token.id != before.token.id {
		return account{}, refusal{status: http.StatusConflict, description: "the token was rotated by another request meanwhile"}
	}
	delete(s.tokens, sha256.Sum256([]byte(a.token.value)))
	a.token = t
	s.accounts[a.id] = a
	s.tokens[sha256.Sum256([]byte(t.value))] = a.id
	return a, nil
}

func (s *store) remove(organization, id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, err := s.lookup(organization, id)
	if err != nil {
		return err
	}
	delete(s.accounts, id)
	delete(s.tokens, sha256.Sum256([]byte(a.token.value)))
	return nil
}
