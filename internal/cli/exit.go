package cli

import (
	"fmt"
	"strconv"
)

// The exit codes.
const (
	exitConformant    = 0
	exitNonConformant = 1
	exitWrong         = 2 // the command or its configuration
	exitUntold        = 3 // the evidence is missing
	exitBroken        = 4 // the suite itself
)

func meaning(code int) string {
	switch code {
	case exitNonConformant:
		return "not as it must be"
	case exitWrong:
		return "the command or its configuration is wrong"
	case exitUntold:
		return "could not tell"
	case exitBroken:
		return "the suite itself failed"
	default: // of a signal
		return "interrupted"
	}
}

// failure ends a command early with an exit code and one line that says what to do.
type failure struct {
	code int
	text string
}

func (f *failure) Error() string { return f.text }

// wrong is a mistake in the command or its configuration.
func wrong(format string, args ...any) error {
	return &failure{code: exitWrong, text: fmt.Sprintf(format, args...)}
}

// broken is a fault of the suite or its machine.
func broken(format string, args ...any) error {
	return &failure{code: exitBroken, text: fmt.Sprintf(format, args...)}
}

// shown quotes what the operator wrote, unless it is so long that it may be a token.
func shown(value string) string {
	if len(value) > 48 {
		return fmt.Sprintf("(%d bytes, not shown)", len(value))
	}
	return strconv.Quote(value)
}
