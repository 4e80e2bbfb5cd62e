package probe

import "github.com/sa-conformance/conformance/internal/tracking"

// view is what a list showed of the run.
type view struct {
	tracking.Listing

	collection string
	own        bool // the organization of the run
	// closed is set if the list is not for this credential, retryable if it may be read a little later.
	closed, retryable bool
	// fresh are accounts of the run that were not asked to be deleted.
	newConnection []tracking.Account
	// nameless are entries that hold a text of the run, and have no id or no name in its place, or the id of another account.
	nameless []tracking.Listed
	// older are accounts with a text of the run that are older than it, and that were not there before.
	older []tracking.Listed
	// remaining are the accounts that a sweep seeks.
	remaining []tracking.Listed
	// shown are the ids of the run's accounts that are there and not being deleted.
	shown []string
	// there counts the run's accounts that are still there, leaving those of them that are being deleted.
	there, leaving int
	// keys are the accounts with a text of the run, as the accountTracker names them; names maps ids to what the list calls the
	// account.
	keys  map[string]bool
	names map[string]string
	// newcomers counts the accounts that were not there before, and that are not known to be the run's.
	newcomers int
	// since counts, for a sweep, those of them that are not older than the run by the clock of this machine.
	since int
}

func newView() view { return view{keys: map[string]bool{}, names: map[string]string{}} }

// settled reports whether nothing of the run is in a list.
func (v *view) settled() bool {
	return v.Fault == "" && v.there == 0 && len(v.newConnection) == 0 && len(v.nameless) == 0
}
