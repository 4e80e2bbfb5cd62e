package spec

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"slices"
	"strings"
)

// setFiles are the frozen sets, and DIGESTS, which keeps them frozen.
//
//go:embed sets
var setFiles embed.FS

// FirstSet is the name of the set since which requirements exist that do not say otherwise.
const FirstSet = "2026-11"

// setName is the year and the month of a release.
var setName = regexp.MustCompile(`^20[0-9]{2}-(0[1-9]|1[0-2])$`)

// digestShape is that of every digest of this package.
var digestShape = regexp.MustCompile(`^sha256:[0-9a-f]{64}$`)

// Set is one release of the catalogue: the requirements that a verdict rests on, whatever came later. It does not change
// and is safe for concurrent use.
type Set struct {
	name         string
	requirements []SetRequirement
	file         []byte
	has          map[string]bool
	levels       map[string]Level
}

// SetRequirement is a requirement as a set froze it.
type SetRequirement struct {
	ID      string  `json:"id"`
	Level   Level   `json:"level"`
	Profile Profile `json:"profile"`
	// Statement is "sha256:" and the hexadecimal SHA-256 of the promise's sentence.
	Statement string `json:"statement"`
}

// setFile is the form of a set: JSON, without members that are not here.
type setFile struct {
	Name         string           `json:"name"`
	Requirements []SetRequirement `json:"requirements"`
}

// Sets returns the frozen sets that are built in, the oldest first; there is at least one.
func Sets() ([]Set, error) {
	names, err := fs.Glob(setFiles, "sets/*.json")
	if err != nil || len(names) == 0 {
		return nil, errors.Join(errors.New("listing the requirement sets: there is none"), err)
	}
	slices.Sort(names)
	var all []Set
	for _, name := range names {
		data, err := setFiles.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("reading %s: %w", name, err)
		}
		set, err := ParseSet(data)
		if err != nil {
			return nil, fmt.Errorf("reading %s: %w", name, err)
		}
		if name != "sets/"+set.name+".json" {
			return nil, fmt.Errorf("reading %s: it calls itself %q", name, set.name)
		}
		all = append(all, set)
	}
	return all, nil
}

// SetByName returns the built-in set of a name; the error names those that there are.
func SetByName(name string) (Set, error) {
	all, err := Sets()
	if err != nil {
		return Set{}, err
	}
	var names []string
	for _, set := range all {
		if set.name == name {
			return set, nil
		}
		names = append(names, set.name)
	}
	return Set{}, fmt.Errorf("there is no set of that name; there are: %s", strings.Join(names, ", "))
}

// ParseSet reads the file of a set. It need not be one of this suite's, nor name requirements that this suite knows.
func ParseSet(data []byte) (Set, error) {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	var f setFile
	if err := decoder.Decode(&f); err != nil {
		return Set{}, fmt.Errorf("parsing the set: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return Set{}, errors.New("parsing the set: something follows it")
	}
	if !setName.MatchString(f.Name) {
		return Set{}, fmt.Errorf("the name of the set, %q, is not a year and a month", f.Name)
	}
	s := Set{name: f.Name, requirements: f.Requirements, file: slices.Clone(data), has: map[string]bool{}, levels: map[string]Level{}}
	for i, r := range f.Requirements {
		switch {
		case !idShape.MatchString(r.ID):
			return Set{}, fmt.Errorf("requirement %d of the set has no id", i+1)
		case i > 0 && r.ID <= f.Requirements[i-1].ID:
			return Set{}, fmt.Errorf("the set has %s twice, or out of order", r.ID)
		case r.Level != Must && r.Level != Should, !slices.Contains(Profiles(), r.Profile), !digestShape.MatchString(r.Statement):
			return Set{}, fmt.Errorf("the set has %s without a level, a profile, or the digest of its statement", r.ID)
		}
		s.has[r.ID], s.levels[r.ID] = true, r.Level
	}
	if len(s.has) == 0 {
		return Set{}, errors.New("the set is empty")
	}
	return s, nil
}

// Freeze writes the set of a name: every requirement of the catalogue that exists since then or earlier, one a line. A set
// that is older than a change of a level or statement cannot be written any more: its file is the only record of it.
func Freeze(c *Catalogue, name string) ([]byte, error) {
	if !setName.MatchString(name) {
		return nil, fmt.Errorf("%q is not a year and a month, such as %s", name, FirstSet)
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "{\n  \"name\": %q,\n  \"requirements\": [", name)
	separator := "\n"
	for _, r := range c.All() {
		if r.Since > name {
			continue
		}
		if r.Changed > name {
			return nil, fmt.Errorf("%s changed in %s; the file of the set %s is its only record", r.ID, r.Changed, name)
		}
		line, err := json.Marshal(SetRequirement{r.ID, r.Level, r.Profile, digest([]byte(r.Statement))})
		if err != nil {
			return nil, fmt.Errorf("encoding %s: %w", r.ID, err)
		}
		fmt.Fprintf(&b, "%s    %s", separator, line)
		separator = ",\n"
	}
	b.WriteString("\n  ]\n}\n")
	return b.Bytes(), nil
}

// Name is the year and the month of the release: "2026-11".
func (s Set) Name() string { return s.name }

// Requirements returns what the set holds, in the order of the ids.
func (s Set) Requirements() []SetRequirement { return slices.Clone(s.requirements) }

// Has reports whether a requirement is in the set, and so counts.
func (s Set) Has(id string) bool { return s.has[id] }

// Level is the level that the set gave a requirement; "" if it does not hold it.
func (s Set) Level(id string) Level { return s.levels[id] }

// Len is the number of requirements.
func (s Set) Len() int { return len(s.requirements) }

// Digest is "sha256:" and the hexadecimal SHA-256 of the set's file.
func (s Set) Digest() string { return digest(s.file) }

// File is the set's file, byte by byte.
func (s Set) File() []byte { return slices.Clone(s.file) }

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return "sha256:" + hex.EncodeToString(sum[:])
}
