package main

import (
	"fmt"
	"os"
	"strings"
)

// The tables of the page stand between these.
const (
	begin = "<!-- measured: begin -->\n"
	end   = "<!-- measured: end -->\n"
)

// rewrite puts tables in the place of those that a page holds.
func rewrite(page, tables string) error {
	data, err := os.ReadFile(page)
	if err != nil {
		return err
	}
	before, rest, opened := strings.Cut(string(data), begin)
	_, after, closed := strings.Cut(rest, end)
	if !opened || !closed {
		return fmt.Errorf("%s has no place for tables: it wants the lines %sand %s", page, begin, end)
	}
	return os.WriteFile(page, []byte(before+begin+"\n"+tables+"\n"+end+after), 0o644)
}
