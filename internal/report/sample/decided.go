package sample

import (
	"time"

	"github.com/sa-conformance/conformance/internal/report"
)

// Decided is the sample with a waiver that holds, one that expired, one that was not observed, and two results that are
// not scored; the words of the waivers are hostile.
func Decided() *report.Report {
	r := Report()
	r.Results[0].Unscored, r.Results[5].Unscored = true, true
	r.Verdict, r.Profiles = report.Conclude(r.Results, r.Configuration.Profiles, false)
	holds, expired := waiver("create.status.created", "status  200", "2027-06-30"), waiver("create.metadata.name", "", "2026-12-31")
	holds.Reason, holds.Owner, holds.Ticket = Hostile, "platform", "OPS-1"
	report.Decide(r, report.Policy{Today: Today, Waivers: []report.Waiver{holds, expired, waiver("create.groups.set", "", "2027-06-30")}})
	return r
}

// Today is the day on which Decided is decided.
var Today = time.Date(2027, 1, 31, 23, 59, 0, 0, time.UTC)

func waiver(id, message, expires string) report.Waiver {
	return report.Waiver{Requirement: id, Message: message, Reason: "known", Owner: "platform", Expires: expires}
}
