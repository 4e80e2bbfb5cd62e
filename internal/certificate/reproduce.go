package certificate

import (
	"fmt"
	"reflect"
	"slices"

	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/spec"
)

// Difference is a requirement that the recording, judged again, shows otherwise than the report.
type Difference struct {
	ID    string         `json:"id"`
	Level spec.Level     `json:"level"`
	Was   report.Outcome `json:"was"`
	Now   report.Outcome `json:"now"`
	// Message says in words what is found now.
	Message string `json:"message"`
}

// Unjudged is a requirement that a recording cannot show, and why.
type Unjudged struct {
	ID     string         `json:"id"`
	Level  spec.Level     `json:"level"`
	Was    report.Outcome `json:"was"`
	Reason string         `json:"reason"`
}

// frozen finds out whether the report scores what the set holds, as the set holds it, and scores it so from here on.
func (v *Verification) frozen(set spec.Set) {
	r := v.Report
	as := map[string]spec.SetRequirement{}
	for _, required := range set.Requirements() {
		as[required.ID] = required
	}
	once := map[string]bool{}
	for _, result := range r.Results {
		required, has := as[result.ID]
		if once[result.ID] || bool(result.Unscored) == has || has && (required.Level != result.Level || required.Profile != result.Profile) {
			v.missing(ReportFile, "it does not score "+report.Printable(result.ID)+" as the set has it")
			return
		}
		once[result.ID] = true
	}
	names := make([]spec.Profile, 0, len(r.Profiles))
	for _, p := range r.Profiles {
		names = append(names, p.Name)
	}
	if !slices.Equal(names, r.Configuration.Profiles) {
		v.missing(ReportFile, "its profiles are not those that were asked for")
	}
}

// sameRun finds out whether report and recording are of one run, exchange by exchange.
func (v *Verification) sameRun(again *report.Report) {
	r := v.Report
	if r.RunID != again.RunID || !reflect.DeepEqual(r.Target, again.Target) || !r.StartedAt.Equal(again.StartedAt) || r.Complete != again.Complete ||
		!reflect.DeepEqual(normal(r.Configuration), normal(again.Configuration)) || !slices.Equal(r.LimitsHit, again.LimitsHit) {
		v.missing(RecordingFile, "it is of another run than the report")
		return
	}
	recorded := map[string]report.Exchange{}
	for _, e := range again.Exchanges {
		recorded[e.ID] = e
	}
	for i, e := range r.Exchanges {
		other, ok := recorded[e.ID]
		switch {
		case !ok:
			v.missing(RecordingFile, "the exchange "+report.Printable(e.ID)+" of the report is not in it")
			return
		case !alike(e, other):
			v.missing(RecordingFile, "the exchange "+report.Printable(e.ID)+" is not as the report has it")
			return
		case i >= len(again.Exchanges) || again.Exchanges[i].ID != e.ID:
			v.missing(RecordingFile, "from "+report.Printable(e.ID)+" on, its exchanges are not in the order of the report")
			return
		}
	}
	if len(r.Exchanges) != len(again.Exchanges) {
		v.missing(RecordingFile, fmt.Sprintf("it has %d exchanges, and the report has %d", len(again.Exchanges), len(r.Exchanges)))
	}
}

func normal(c report.Configuration) report.Configuration {
	c.Profiles, c.Supplied = append([]spec.Profile{}, c.Profiles...), append([]spec.Need{}, c.Supplied...)
	return c
}

// alike compares what placeholders do not change.
func alike(a, b report.Exchange) bool {
	if a.Probe != b.Probe || a.Step != b.Step || a.Identity != b.Identity || !a.StartedAt.Equal(b.StartedAt) ||
		a.Request.Method != b.Request.Method || (a.Response == nil) != (b.Response == nil) {
		return false
	}
	return a.Response == nil || a.Response.Status == b.Response.Status && a.Response.BodyBytes == b.Response.BodyBytes
}

// compare finds out whether the verdict of the report is that of the recording. What only a live token shows is taken
// from the report, and told of; what this suite does not know any more, too.
func (v *Verification) compare(again *report.Report, set spec.Set, liveOnly string) {
	now := map[string]int{}
	for i, result := range again.Results {
		now[result.ID] = i
	}
	r := v.Report
	judged := slices.Clone(again.Results)
	was := map[string]bool{}
	for _, result := range r.Results {
		if was[result.ID] = true; !set.Has(result.ID) || !r.Counts(result) {
			continue
		}
		i, known := now[result.ID]
		switch {
		case !known:
			v.NotRejudgeable = append(v.NotRejudgeable, Unjudged{result.ID, result.Level, result.Outcome, "this suite has no such requirement"})
			judged = append(judged, result)
		case judged[i].Outcome == result.Outcome:
		case judged[i].Outcome == report.NotTested && judged[i].Message == liveOnly:
			v.NotRejudgeable = append(v.NotRejudgeable, Unjudged{result.ID, result.Level, result.Outcome, judged[i].Message})
			judged[i].Outcome = result.Outcome
		default:
			v.Differences = append(v.Differences, Difference{result.ID, result.Level, result.Outcome, judged[i].Outcome, judged[i].Message})
		}
	}
	for _, required := range set.Requirements() {
		if asked := slices.Contains(r.Configuration.Profiles, required.Profile); asked && !was[required.ID] {
			v.VerdictProblem = "the report has no result for " + required.ID + ", which is in the set"
			return
		}
	}
	v.Judged, _ = report.Conclude(judged, r.Configuration.Profiles, r.Configuration.Strict)
	wrong := slices.IndexFunc(v.Differences, func(d Difference) bool { return d.Level == spec.Must })
	switch {
	case v.Judged != r.Verdict:
		v.VerdictProblem = fmt.Sprintf("the report says %s, and the recording shows %s", r.Verdict, v.Judged)
	case wrong >= 0:
		v.VerdictProblem = v.Differences[wrong].ID + " is not as the report has it"
	default:
		v.Reproduces = true
	}
}
