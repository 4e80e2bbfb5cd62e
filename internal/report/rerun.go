package report

import (
	"strconv"
	"strings"
	"time"
)

// usualRevocation is the revocation window that a command line need not name.
const usualRevocation = 5 * time.Second

// Rerun is the command, for a POSIX shell, that judges one requirement of a report again: "" for own requirements of teams,
// which the command line does not know. It holds no credential: the run takes them from where the first one did.
func Rerun(r *Report, result Result) string {
	if result.Owner != "" {
		return ""
	}
	words := []string{"conformance", "run"}
	add := func(flag, value string) {
		if value != "" {
			words = append(words, flag, ShellWord(Printable(value)))
		}
	}
	if r.Target.Embedded {
		words = append(words, "--reference")
	} else {
		add("--target", r.Target.URL)
		add("--organization", r.Target.Organization)
		add("--other-organization", r.Target.OtherOrganization)
		for _, group := range r.Target.Groups {
			add("--group", group)
		}
		if r.Target.Insecure {
			words = append(words, "--insecure")
		}
	}
	c := r.Configuration
	if window := time.Duration(c.RevocationWindowSeconds * float64(time.Second)); window > 0 && window != usualRevocation {
		add("--revocation-window", window.String())
	}
	if c.RPS > 0 {
		add("--rps", strconv.FormatFloat(c.RPS, 'f', -1, 64))
	}
	if c.Contract != nil {
		add("--contract", c.Contract.Name)
	}
	if c.Strict {
		words = append(words, "--strict")
	}
	add("--only", result.ID)
	return strings.Join(words, " ")
}
