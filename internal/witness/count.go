package witness

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
)

// Counter counts the sessions of each target, so that a run that came to nothing counts, too.
type Counter struct {
	path string

	mu     sync.Mutex
	counts map[string]tally
}

// tally is what is kept of the sessions against a target.
type tally struct {
	Sessions int `json:"sessions"`
	// Runs are the lines with which chains of runs said that they begin, the last ones.
	Runs []string `json:"runs,omitempty"`
}

// mostRuns is how many lines are kept of a target. Each of them stands for all lines of its chain that come before it.
const mostRuns = 1000

// UnmarshalJSON reads a plain number, too, which earlier versions wrote.
func (t *tally) UnmarshalJSON(text []byte) error {
	type plain tally
	if json.Unmarshal(text, &t.Sessions) == nil {
		return nil
	}
	return json.Unmarshal(text, (*plain)(t))
}

// NewCounter reads the counts of a file, which need not exist; with "" it counts from the start of the witness.
func NewCounter(path string) (*Counter, error) {
	c := &Counter{path: path, counts: map[string]tally{}}
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

// next is the number of a session that begins, and the lines of chains of runs up to its own, which is "" if it has none. They are on
// disk before the session begins.
func (c *Counter) next(target, line string) (number int, lines []string, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	t := c.counts[target]
	t.Sessions++
	if line != "" && !slices.Contains(t.Runs, line) {
		t.Runs = append(slices.Clone(t.Runs), line)
		t.Runs = t.Runs[max(0, len(t.Runs)-mostRuns):]
	}
	c.counts[target] = t
	return t.Sessions, t.Runs, c.write()
}

// write replaces the file.
func (c *Counter) write() error {
	if c.path == "" {
		return nil
	}
	text, err := json.Marshal(c.counts)
	if err != nil {
		return fmt.Errorf("encoding the counts: %w", err)
	}
	file, err := os.CreateTemp(filepath.Dir(c.path), ".conformance-*")
	if err != nil {
		return fmt.Errorf("writing the counts: %w", err)
	}
	_, err = file.Write(text)
	err = errors.Join(err, file.Sync(), file.Close())
	if err == nil {
		err = os.Rename(file.Name(), c.path)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("writing the counts: %w", err), os.Remove(file.Name()))
	}
	return nil
}
