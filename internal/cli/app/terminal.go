package app

import (
	"io"
	"os"

	"golang.org/x/term"
)

// Terminal is the file descriptor of a terminal, where w is one.
func Terminal(w io.Writer) (descriptor int, ok bool) {
	file, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return 0, false
	}
	return int(file.Fd()), true
}

// Width is the number of columns of a terminal, 0 for anything else.
func Width(w io.Writer) int {
	descriptor, ok := Terminal(w)
	if !ok {
		return 0
	}
	columns, _, err := term.GetSize(descriptor)
	if err != nil {
		return 0
	}
	return columns
}

// Colored tells whether standard output takes colors (https://no-color.org).
func (a *App) Colored(noColor bool) bool {
	_, ok := Terminal(a.Stdout)
	return ok && !noColor && !a.Set("NO_COLOR") && !a.Dumb()
}

func (a *App) Dumb() bool {
	value, _ := a.Lookup("TERM")
	return value == "dumb"
}

func (a *App) Set(name string) bool {
	value, _ := a.Lookup(name)
	return value != ""
}
