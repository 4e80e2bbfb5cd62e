package journal

import (
	"regexp"
	"strings"
	"time"

	"github.com/sa-conformance/conformance/internal/disguise"
)

// prefixForm is the form of the prefixes that runs make: the id of the run, and a challenge if there was one.
var prefixForm = regexp.MustCompile(`^conf-[0-9a-f]{8}-(?:[0-9a-z]{8,20}-)?$`)

// Fault says why accounts must not be removed by what the journal says of a run: a journal may hold anything, and what
// begins the names of other accounts would remove those. It is "" if they may.
func (u *Unfinished) Fault() string {
	made := prefixForm.MatchString(u.Prefix) && strings.HasPrefix(u.Prefix, "conf-"+u.ID+"-")
	if u.Disguise != "" { // nobody can choose a prefix and find the disguise that it follows from
		d, ok := disguise.Parse(u.Disguise)
		made = ok && d.Prefix() == u.Prefix
	}
	switch {
	case !made:
		return "the prefix of its accounts is not one that a run makes"
	case u.Since.Year() < 2020 || u.Since.After(u.Last.Add(time.Minute)):
		return "it does not say when the run began"
	}
	return ""
}
