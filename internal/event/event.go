// Package event holds what happens in a run while it happens. Progress, the event log and traces are handlers of the same
// events. It judges nothing and sends nothing.
package event

import (
	"time"

	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/spec"
)

// SchemaVersion is the version of the event log; its schema is docs/events.schema.json. A new minor number adds members or
// kinds, a new major number changes what is there.
const SchemaVersion = "1.0"

// Kind tells what happened.
type Kind string

// The kinds. A run begins with Started and ends with Finished; Concluded follows if the gate was decided.
const (
	Started      Kind = "run.started"
	Exchanged    Kind = "exchange.finished"
	Conversation Kind = "conversation.finished"
	Judged       Kind = "requirement.judged"
	Cleaning     Kind = "cleanup.started"
	Finished     Kind = "run.finished"
	Concluded    Kind = "run.concluded"
)

// Event is something that happened. It holds no secret. Only the member of its kind is set.
type Event struct {
	SchemaVersion string `json:"schemaVersion"`
	// Sequence counts the events of a run from 1.
	Sequence     int         `json:"sequence"`
	Time         time.Time   `json:"time"`
	Kind         Kind        `json:"event"`
	RunID        string      `json:"runId"`
	Run          *Run        `json:"run,omitempty"`
	Exchange     *Exchange   `json:"exchange,omitempty"`
	Conversation string      `json:"conversation,omitempty"`
	Result       *Result     `json:"result,omitempty"`
	Cleanup      *Cleanup    `json:"cleanup,omitempty"`
	Summary      *Summary    `json:"summary,omitempty"`
	Conclusion   *Conclusion `json:"conclusion,omitempty"`
}

// Run tells what is about to be judged.
type Run struct {
	Target        string         `json:"target"`
	Organization  string         `json:"organization"`
	Embedded      bool           `json:"embedded"`
	Suite         string         `json:"suite"`
	Profiles      []spec.Profile `json:"profiles"`
	Conversations int            `json:"conversations"`
	Requirements  int            `json:"requirements"`
}

// Exchange is a request and what came of it, without its text.
type Exchange struct {
	ID           string    `json:"id"`
	Conversation string    `json:"conversation"`
	Operation    string    `json:"operation,omitempty"`
	Identity     string    `json:"identity"`
	Method       string    `json:"method"`
	StartedAt    time.Time `json:"startedAt"`
	Seconds      float64   `json:"durationSeconds"`
	// Status is 0 if there was no response.
	Status int `json:"status"`
	// Failure says why there is no complete response.
	Failure string `json:"failure,omitempty"`
	// TraceParent is the traceparent that was sent.
	TraceParent string `json:"traceparent,omitempty"`
}

// Result is the result of a check.
type Result struct {
	ID      string         `json:"id"`
	Level   spec.Level     `json:"level"`
	Profile spec.Profile   `json:"profile"`
	Outcome report.Outcome `json:"outcome"`
	Message string         `json:"message"`
	// Conversation is the one that was judged.
	Conversation string `json:"conversation"`
}

// Cleanup tells what is about to be deleted.
type Cleanup struct {
	Accounts int `json:"accounts"`
}

// Summary is what a run comes to.
type Summary struct {
	Verdict  report.Verdict `json:"verdict"`
	Complete bool           `json:"complete"`
	// Stopped says why nothing was judged.
	Stopped string        `json:"stopped,omitempty"`
	Seconds float64       `json:"durationSeconds"`
	Counts  report.Counts `json:"counts"`
	Created int           `json:"accountsCreated"`
	Deleted int           `json:"accountsDeleted"`
	Left    int           `json:"accountsLeft"`
}

// Conclusion is what the command makes of a run.
type Conclusion struct {
	Gate     report.GateStatus `json:"gate"`
	ExitCode int               `json:"exitCode"`
	Text     string            `json:"text"`
}

// Handler is told of every event. It is called from several goroutines, one call at a time, in the order of Sequence.
type Handler interface {
	Handle(e Event)
}
