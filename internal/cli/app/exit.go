package app

import (
	"fmt"
	"strconv"
)

// The exit codes.
const (
	ExitConformant    = 0
	ExitNonConformant = 1
	ExitWrong         = 2 // the command or its configuration
	ExitUntold        = 3 // the evidence is missing
	ExitBroken        = 4 // the suite itself
)

func Meaning(code int) string {
	switch code {
	case ExitNonConformant:
		return "not as it must be"
	case ExitWrong:
		return "the command or its configuration is wrong"
	case ExitUntold:
		return "could not tell"
	case ExitBroken:
		return "the suite itself failed"
	default: // of a signal
		return "interrupted"
	}
}

// Failure ends a command early with an exit code and one line that says what to do.
type Failure struct {
	Code int
	Text string
}

func (f *Failure) Error() string { return f.Text }

// Wrong is a mistake in the command or its configuration.
func Wrong(format string, args ...any) error {
	return &Failure{Code: ExitWrong, Text: fmt.Sprintf(format, args...)}
}

// Broken is a fault of the suite or its machine.
func Broken(format string, args ...any) error {
	return &Failure{Code: ExitBroken, Text: fmt.Sprintf(format, args...)}
}

// Shown quotes what the operator wrote, unless it is so long that it may be a token.
func Shown(value string) string {
	if len(value) > 48 {
		return fmt.Sprintf("(%d bytes, not shown)", len(value))
	}
	return strconv.Quote(value)
}
