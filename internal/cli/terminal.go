package cli

import (
	"io"
	"os"

	"golang.org/x/term"
)

// terminal is the file descriptor of a terminal, where w is one.
func terminal(w io.Writer) (descriptor int, ok bool) {
	file, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return 0, false
	}
	return int(file.Fd()), true
}

// width is the number of columns of a terminal, 0 for anything else.
func width(w io.Writer) int {
	descriptor, ok := terminal(w)
	if !ok {
		return 0
	}
	columns, _, err := term.GetSize(descriptor)
	if err != nil {
		return 0
	}
	return columns
}

// colored tells whether standard output takes colors (https://no-color.org).
func (a *app) colored(noColor bool) bool {
	_, ok := terminal(a.Stdout)
	return ok && !noColor && !a.set("NO_COLOR") && !a.dumb()
}

func (a *app) dumb() bool {
	value, _ := a.Lookup("TERM")
	return value == "dumb"
}

func (a *app) set(name string) bool {
	value, _ := a.Lookup(name)
	return value != ""
}
