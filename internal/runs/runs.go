// Package runs keeps a vendor's chain of runs: each run is a line when it begins and a line when it ends, and each line has the
// digest of the line before it. It judges nothing, and it does not say who wrote a chain.
package runs

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Line is one line of a chain: a run begins, or it ends.
type Line struct {
	// Number counts the runs of the chain from 1.
	Number int `json:"number"`
	// Previous is the hexadecimal SHA-256 of the line before; "" of the first.
	Previous string    `json:"previous"`
	Time     time.Time `json:"time"`
	Target   string    `json:"target"`
	// Witnessed is set if a witness sends the requests of the run.
	Witnessed bool `json:"witnessed,omitempty"`
	// Run is the id of a run that ends, and Verdict what it came to; "" of one that begins.
	Run     string `json:"run,omitempty"`
	Verdict string `json:"verdict,omitempty"`
}

// Chain is what is known of runs.
type Chain struct {
	Lines []Line
	// digests are the hexadecimal SHA-256 digests of the lines, and last that of the last one.
	digests []string
	last    string
}

// MaxChain is the length in bytes up to which a chain is read.
const MaxChain = 8 << 20

// Parse reads a chain, and finds whether a line is missing, changed or in another place.
func Parse(data []byte) (*Chain, error) {
	c := &Chain{}
	if len(data) > MaxChain {
		return nil, fmt.Errorf("it is longer than %d bytes", MaxChain)
	}
	if len(data) > 0 && data[len(data)-1] != '\n' {
		return nil, errors.New("its last line breaks off")
	}
	open := map[int]Line{}
	for text := range bytes.Lines(data) {
		var l Line
		d := json.NewDecoder(bytes.NewReader(text))
		d.DisallowUnknownFields()
		if d.Decode(&l) != nil {
			return nil, fmt.Errorf("line %d cannot be read", len(c.Lines)+1)
		}
		begun, ends := open[l.Number]
		switch again, err := l.encode(); {
		case err != nil || !bytes.Equal(again, text):
			return nil, fmt.Errorf("line %d is not written as this suite writes it", len(c.Lines)+1)
		case l.Previous != c.last:
			return nil, fmt.Errorf("line %d does not follow the line before it: a line is missing or was changed", len(c.Lines)+1)
		case l.Verdict == "" && l.Number != c.Runs()+1, l.Verdict != "" && (!ends || begun.Target != l.Target || begun.Witnessed != l.Witnessed):
			return nil, fmt.Errorf("line %d has the number of another run", len(c.Lines)+1)
		case l.Verdict == "":
			open[l.Number] = l
		default:
			delete(open, l.Number)
		}
		c.add(l, text)
	}
	return c, nil
}

func (c *Chain) add(l Line, text []byte) {
	c.last = digestOf(text)
	c.Lines, c.digests = append(c.Lines, l), append(c.digests, c.last)
}

// Begins reports whether a digest is of a line with which a run against the target begins.
func (c *Chain) Begins(target, digest string) bool {
	i := slices.Index(c.digests, digest)
	return i >= 0 && c.Lines[i].Target == target && c.Lines[i].Verdict == ""
}

func digestOf(line []byte) string {
	sum := sha256.Sum256(line)
	return hex.EncodeToString(sum[:])
}

func (l Line) encode() ([]byte, error) {
	text, err := json.Marshal(l)
	if err != nil {
		return nil, fmt.Errorf("encoding a line: %w", err)
	}
	return append(text, '\n'), nil
}

// Runs counts the runs that began.
func (c *Chain) Runs() (n int) {
	for _, l := range c.Lines {
		n = max(n, l.Number)
	}
	return n
}

// Count tells of the runs against a target: how many began and how many of these a witness saw, and how many came to which verdict.
// A run that did not end counts as "broken off".
func (c *Chain) Count(target string) (all, witnessed int, verdicts map[string]int) {
	verdicts = map[string]int{}
	for _, l := range c.Lines {
		switch {
		case l.Target != target:
		case l.Verdict != "":
			verdicts[l.Verdict]++
		default:
			if all++; l.Witnessed {
				witnessed++
			}
		}
	}
	ended := 0
	for _, n := range verdicts {
		ended += n
	}
	if all > ended {
		verdicts["broken off"] = all - ended
	}
	return all, witnessed, verdicts
}
