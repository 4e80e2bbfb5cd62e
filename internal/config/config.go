// Package config parses conformance.yaml (settings of flags, by target) and waivers.yaml, and reports each mistake with its
// line. It opens no file and reads no variable. Its errors never repeat a value, which may be a token in the wrong place.
package config

import "fmt"

// File is what a configuration file says.
type File struct {
	// Default names the target of a run that names none.
	Default    Name
	Targets    []Target
	Run        []Setting
	NotOffered []NotOffered
}

// Name is a text and its line.
type Name struct {
	Text string
	Line int
}

// Target is a place to judge.
type Target struct {
	Name
	Settings []Setting
	// Variables maps "token" and its fellows to the names of the variables that hold them.
	Variables  map[string]Name
	NotOffered []NotOffered
}

// Setting is the value of a flag. Lists have any number of values, every other one has one.
type Setting struct {
	Flag   string
	Values []string
	List   bool
	Line   int
	// Path is set if the value names a file, relative to the configuration file's directory.
	Path bool
	// OfTarget is set if the flag was not named as such: the file has a word of its own for it.
	OfTarget bool
}

// NotOffered says which requirements a target does not offer to keep, by a pattern over their ids, and why.
type NotOffered struct {
	Pattern, Reason string
	Line            int
}

// Error is what is wrong with a configuration file, and in which line.
type Error struct {
	Line int
	Text string
}

func (e *Error) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Text) }

func wrong(line int, format string, args ...any) error {
	return &Error{Line: line, Text: fmt.Sprintf(format, args...)}
}

// Target finds a target by its name.
func (f *File) Target(name string) (Target, bool) {
	for _, t := range f.Targets {
		if t.Text == name {
			return t, true
		}
	}
	return Target{}, false
}
