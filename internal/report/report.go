// Package report holds the result of a run: the model, the verdict, the gate and waivers, the causes of failures, and the
// words and cards that all formats share. Each format is a package below; package formats lists them. It starts from the
// catalogue and joins the verdicts to it, so that nothing can go missing. It judges no exchange and prints nothing.
package report

import (
	"time"

	"github.com/sa-conformance/conformance/spec"
)

// SchemaVersion is the version of report.json; its schema is docs/report.schema.json.
const SchemaVersion = "1.3"

// Outcome is what a check found.
type Outcome string

// The outcomes. Only Pass is a pass.
const (
	Pass         Outcome = "pass"
	Fail         Outcome = "fail"
	Unstable     Outcome = "unstable"     // it failed, and held when its probe ran again
	Inconclusive Outcome = "inconclusive" // the evidence is missing
	NotTested    Outcome = "not-tested"   // the operator did not supply what it needs, or asked not to test it
)

// Broke reports whether the promise was seen broken, always or at times.
func (o Outcome) Broke() bool { return o == Fail || o == Unstable }

// Verdict is the conclusion for a profile or for the whole run.
type Verdict string

// The verdicts.
const (
	Conformant    Verdict = "conformant"
	NonConformant Verdict = "non-conformant"
	Incomplete    Verdict = "incomplete" // no failure, but a MUST without a pass
)

// Report is the whole result of a run, as report.json holds it.
type Report struct {
	SchemaVersion   string        `json:"schemaVersion"`
	RunID           string        `json:"runId"`
	Suite           Suite         `json:"suite"`
	Target          Target        `json:"target"`
	Configuration   Configuration `json:"configuration"`
	Set             Set           `json:"set,omitzero"`
	StartedAt       time.Time     `json:"startedAt"`
	DurationSeconds float64       `json:"durationSeconds"`
	// Complete is false if the run ended early: it was interrupted, or its time was over.
	Complete bool    `json:"complete"`
	Verdict  Verdict `json:"verdict"`
	// Gate is what becomes of the verdict; see Decide.
	Gate Gate `json:"gate,omitzero"`
	// Profiles holds the profiles that were asked for, in catalogue order.
	Profiles []Profile `json:"profiles"`
	Accounts Accounts  `json:"accounts"`
	// Warnings are remarks on the run itself, not on the target.
	Warnings []string `json:"warnings"`
	// Stopped says why the run stopped before anything was judged, and what to do about it; "" for a run that went on.
	Stopped string `json:"stopped,omitempty"`
	// LimitsHit names the limits beyond which something was not sent.
	LimitsHit []string `json:"limitsHit,omitempty"`
	// Results holds one entry for each requirement of the catalogue, in catalogue order.
	Results   []Result   `json:"results"`
	Exchanges []Exchange `json:"exchanges"`
}

// Suite tells which judge spoke.
type Suite struct {
	Version         string `json:"version"`
	Commit          string `json:"commit,omitempty"`
	ContractVersion string `json:"contractVersion"`
	// ContractDigest and CatalogueDigest are "sha256:" and 64 hexadecimal digits.
	ContractDigest  string `json:"contractDigest"`
	CatalogueDigest string `json:"catalogueDigest"`
	Requirements    int    `json:"requirements"`
	// Proof tells how the judge itself was tried.
	Proof Proof `json:"proof"`
}

// Proof is the kill score of the suite: how many of the named defects it found, and how many of the legal variants it spared. A
// release makes it, so that it may be of an older catalogue than the one that was judged by.
type Proof struct {
	// Version is the version of the suite that was proved, Date the day (UTC), Catalogue the digest of the catalogue that was
	// proved; "" in reports of suites that did not say so.
	Version   string `json:"version,omitempty"`
	Date      string `json:"date,omitempty"`
	Catalogue string `json:"catalogueDigest,omitempty"`
	Defects   int    `json:"defects"`
	Killed    int    `json:"killed"`
	Variants  int    `json:"variants"`
	Spared    int    `json:"spared"`
	// Proved counts the requirements that a defect made fail.
	Proved int `json:"proved"`
	// Current is set if Catalogue is the catalogue of this report.
	Current bool `json:"current"`
}

// Target tells what was judged.
type Target struct {
	URL          string `json:"url"`
	Organization string `json:"organization"`
	// OtherOrganization and Groups are those that the operator supplied.
	OtherOrganization string   `json:"otherOrganization,omitempty"`
	Groups            []string `json:"groups,omitempty"`
	// Embedded is set if the target was the reference inside the process.
	Embedded bool `json:"embedded"`
	// Insecure is set if the target's certificate was not verified.
	Insecure bool `json:"insecure"`
	// TokenKind is "JWS" or "JWE" once a token was seen.
	TokenKind string `json:"tokenKind,omitempty"`
}

// Configuration is what the operator asked for; it holds no secret.
type Configuration struct {
	// Depth is smoke, standard or deep; "" in reports of suites that had none, which is standard.
	Depth string `json:"depth,omitempty"`
	// Seed chose the conversations of the depth deep that no table lists; 0 for other depths.
	Seed        uint64         `json:"seed,omitempty"`
	Profiles    []spec.Profile `json:"profiles"`
	Focus       string         `json:"focus,omitempty"`
	LabelFilter string         `json:"labelFilter,omitempty"`
	// Only holds the ids of the requirements that were asked for; empty: all.
	Only        []string `json:"only,omitempty"`
	Strict      bool     `json:"strict"`
	Concurrency int      `json:"concurrency"`
	// TimeoutSeconds bounds each exchange.
	TimeoutSeconds float64 `json:"timeoutSeconds"`
	// RevocationWindowSeconds is how long a token may go on working after it was rotated away, as the operator declares it; 0
	// in reports of suites that did not ask.
	RevocationWindowSeconds float64 `json:"revocationWindowSeconds,omitempty"`
	Groups                  int     `json:"groups"`
	// Supplied lists what the operator supplied of what requirements can need.
	Supplied []spec.Need `json:"supplied"`
	// MaxRequests, MaxCreated and RPS, the requests a second, are the limits of the run; 0: none.
	MaxRequests int     `json:"maxRequests,omitempty"`
	MaxCreated  int     `json:"maxCreated,omitempty"`
	RPS         float64 `json:"requestsPerSecond,omitempty"`
	// Contract is the OpenAPI document that was judged by in the place of the contract; nil for none.
	Contract *Document `json:"contract,omitempty"`
	// PlanDigest is "sha256:" and 64 hexadecimal digits, as "conformance plan" shows it; "" if nothing was planned.
	PlanDigest string `json:"planDigest,omitempty"`
}

// Profile is the verdict on one profile.
type Profile struct {
	Name spec.Profile `json:"name"`
	// Own is set for the requirements of a team, which are no part of the verdict on the target.
	Own     bool    `json:"own,omitempty"`
	Verdict Verdict `json:"verdict"`
	Counts
}

// Counts counts outcomes. Warnings are failed SHOULDs, and are counted in Failed too.
type Counts struct {
	Passed       int `json:"passed"`
	Failed       int `json:"failed"`
	Warnings     int `json:"warnings"`
	Unstable     int `json:"unstable"`
	Inconclusive int `json:"inconclusive"`
	NotTested    int `json:"notTested"`
}

// Accounts counts the service accounts that the run made and removed.
type Accounts struct {
	Created int `json:"created"`
	Deleted int `json:"deleted"`
	Left    int `json:"left"`
	// Verified is set if the target's list confirmed at the end that nothing of the run is left.
	Verified bool `json:"verified"`
	// Unverified says in words why the list confirmed nothing; "" if it did, or if accounts are left that it shows.
	Unverified string `json:"unverified,omitempty"`
	// Unseen counts the creates that succeeded, and whose account no response named and no list shows. They are counted as
	// created and as left.
	Unseen int `json:"unseen,omitempty"`
	// Newcomers counts the accounts that appeared during the run and that it did not create by a response that it saw. They
	// may be those of other clients: they are not counted as created or left.
	Newcomers int `json:"newcomers,omitempty"`
	// Remaining names what is left, by name and id.
	Remaining []string `json:"remaining,omitempty"`
	// Sweep is the command that removes what is left; "" if nothing is, or where it would not help.
	Sweep string `json:"sweep,omitempty"`
}

// Result is the verdict on one requirement.
type Result struct {
	ID        string       `json:"id"`
	Level     spec.Level   `json:"level"`
	Profile   spec.Profile `json:"profile"`
	Section   string       `json:"section"`
	Statement string       `json:"statement"`
	Citation  string       `json:"citation"`
	Outcome   Outcome      `json:"outcome"`
	// Owner is the name of the own requirements of a team; "" for those of the suite.
	Owner string `json:"owner,omitempty"`
	// Unscored is set if the requirement is not in the set of the run.
	Unscored Unscored `json:"scored,omitempty"`
	// Waiver is the one for this failure, valid or expired; nil for none.
	Waiver *Waiver `json:"waiver,omitempty"`
	// Message says in words what was found: why it failed, why it could not be tested, or what was observed.
	Message string `json:"message"`
	// Expected, Seen and Pointer (RFC 6901, into the body of the response) are set for failures that have them.
	Expected string `json:"expected,omitempty"`
	Seen     string `json:"seen,omitempty"`
	Pointer  string `json:"pointer,omitempty"`
	// ConsequenceOf is the id of the requirement whose failure explains this one.
	ConsequenceOf string `json:"consequenceOf,omitempty"`
	// Probe names the conversation that was judged.
	Probe string `json:"probe"`
	// Evidence lists ids of exchanges.
	Evidence  []string    `json:"evidence"`
	Contested []string    `json:"contested,omitempty"`
	Needs     []spec.Need `json:"needs,omitempty"`
	// DurationSeconds is the time that the judgement took.
	DurationSeconds float64 `json:"durationSeconds"`
}

// Exchange is one request and answer as reports show it: bodies as text, cut if they are long.
type Exchange struct {
	ID        string    `json:"id"`
	Probe     string    `json:"probe"`
	Step      string    `json:"step"`
	Operation string    `json:"operation,omitempty"`
	Identity  string    `json:"identity"`
	StartedAt time.Time `json:"startedAt"`
	// Seconds is the duration of the whole exchange.
	Seconds  float64  `json:"durationSeconds"`
	Request  Message  `json:"request"`
	Response *Message `json:"response"`
	// Failure says why there is no complete response.
	Failure string `json:"failure,omitempty"`
	// Curl is a shell line that sends the request again, with environment variables in place of secrets.
	Curl string `json:"curl"`
}

// Message is a request or a response.
type Message struct {
	Method string `json:"method,omitempty"`
	URL    string `json:"url,omitempty"`
	Status int    `json:"status,omitempty"`
	Proto  string `json:"proto,omitempty"`
	// Headers holds "Name: value" lines in the order of their names.
	Headers []string `json:"headers"`
	Body    string   `json:"body,omitempty"`
	// BodyBytes is the length of the whole body, which may be longer than Body.
	BodyBytes int `json:"bodyBytes"`
	// BodyTruncated is set if Body is cut.
	BodyTruncated bool `json:"bodyTruncated,omitempty"`
}
