package witness

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
)

// Counter counts the sessions of each target, so that a run that came to nothing counts, too.
type Counter struct {
	path string

	mu     sync.Mutex
	counts map[string]int
}

// NewCounter reads the counts of a file, which need not exist; with "" it counts from the start of the witness.
func NewCounter(path string) (*Counter, error) {
	c := &Counter{path: path, counts: map[string]int{}}
	if path == "" {
		return c, nil
	}
	text, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return c, nil
	case err != nil:
		return nil, err
	case json.Unmarshal(text, &c.counts) != nil:
		return nil, errors.New("it holds no counts of a witness")
	}
	return c, nil
}

// next is the number of a session that begins. It is on disk before the session begins.
func (c *Counter) next(target string) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.counts[target]++
	if c.path == "" {
		return c.counts[target], nil
	}
	text, err := json.Marshal(c.counts)
	if err != nil {
		return 0, fmt.Errorf("encoding the counts: %w", err)
	}
	file, err := os.CreateTemp(filepath.Dir(c.path), ".conformance-*")
	if err != nil {
		return 0, fmt.Errorf("writing the counts: %w", err)
	}
	_, err = file.Write(text)
	err = errors.Join(err, file.Sync(), file.Close())
	if err == nil {
		err = os.Rename(file.Name(), c.path)
	}
	if err != nil {
		return 0, errors.Join(fmt.Errorf("writing the counts: %w", err), os.Remove(file.Name()))
	}
	return c.counts[target], nil
}
