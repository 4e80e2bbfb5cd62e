package cli

import (
	"context"
	"os"
	"strings"

	"github.com/sa-conformance/conformance/spec"
)

// olderSet is conformance at a time when there was a set before the first one, without the statuses of creates, alone or with others.
func olderSet() {
	all, err := spec.Sets()
	if err != nil {
		panic(err)
	}
	var lines []string
	for line := range strings.Lines(string(all[0].File())) {
		if !strings.Contains(line, `"create.status.`) && !strings.Contains(line, `"many.answered.all"`) {
			lines = append(lines, line)
		}
	}
	older, err := spec.ParseSet([]byte(strings.Replace(strings.Join(lines, ""), spec.FirstSet, "2026-01", 1)))
	if err != nil {
		panic(err)
	}
	p := thisProcess()
	p.Sets = append([]spec.Set{older}, all...)
	os.Exit(Run(context.Background(), p))
}
