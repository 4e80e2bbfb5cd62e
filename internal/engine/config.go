package engine

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"net/http"
	"time"

	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/event"
	"github.com/sa-conformance/conformance/internal/wire"
	"github.com/sa-conformance/conformance/spec"
)

// Config says what to judge, with which credentials, and how.
type Config struct {
	// Target is the base URL, with or without a path prefix.
	Target string
	// Reference judges the reference inside the process, and no target. Without it an empty Target is an error, because it may
	// come from an environment variable that nobody set.
	Reference bool
	// Organization is the UUID of the organization in which accounts are created.
	Organization string
	// OtherOrganization exists and is closed to the credential. Optional.
	OtherOrganization string
	// Groups are the groups that accounts may be put into. Optional; no account goes into any other group.
	Groups []string
	// Token is the credential of the run: it may create, list, update, rotate and delete service accounts.
	// It, TokenSource or OAuth is given: one of them.
	Token string
	// TokenSource gives the credential of the run, and another one when that expires in mid-run.
	TokenSource TokenSource
	// OAuth gets the credential of the run from a token endpoint, and another one when that expires in mid-run.
	OAuth *OAuth
	// RestrictedToken is a good credential that may not create. Empty: the token of an account without groups.
	RestrictedToken string
	// ExpiredToken was good once. Optional.
	ExpiredToken string
	// NotYetValidToken is correctly issued and not good before a moment to come. Optional.
	NotYetValidToken string

	// Certificates are the client's, for targets that ask for one.
	Certificates []tls.Certificate
	// RootCAs are trusted beside the system's; nil means only the system's.
	RootCAs *x509.CertPool
	// Insecure leaves the target's certificate unverified; the report says so.
	Insecure bool
	// Timeout bounds each exchange; 0 means 10 s.
	Timeout time.Duration
	// Await is how long reads may be behind writes, and a new token unknown; 0 means 5 s.
	Await time.Duration
	// RevocationWindow is how long a token may go on working after it was rotated away, as the operator declares it; 0 means
	// 5 s. A target that keeps it conforms; one that takes longer does not.
	RevocationWindow time.Duration
	// CleanupTimeout bounds the removal of what was created; 0 means 1 min, and longer while accounts are deleted.
	CleanupTimeout time.Duration
	// MaxTime bounds the time of the whole run but for its clean-up; 0 means 15 min, and with RPS what 600 requests take in
	// addition. When it is over nothing more is sent, and what lacks evidence is inconclusive.
	MaxTime time.Duration
	// MaxCPU bounds the CPU time that the process uses from the beginning of the run until it sends nothing more; 0 means no limit.
	MaxCPU time.Duration
	// Deadline is when the run and its clean-up must be over, such as the deadline of a test, which Run knows by itself; the
	// zero time for none. Nothing is sent if there is too little time.
	Deadline time.Time
	// Concurrency is the number of conversations at a time; 0 means 8. Within one, up to 20 requests go at once.
	Concurrency int
	// MaxRequests and MaxCreated bound what is sent and how many accounts are created; 0: no bound. What is beyond is not
	// sent, and what needs it is inconclusive. The clean-up is not counted.
	MaxRequests, MaxCreated int
	// RPS bounds the requests a second, the clean-up's included; 0: no bound.
	RPS float64
	// Journal is the file in which every create is noted before it is sent, for Sweep: a run that is killed can clean up
	// nothing. "" is that of DefaultJournal, which the command line uses too; NoJournal is none.
	Journal string
	// Challenge is a nonce of somebody else's that stands in the name of every account, so that the recording cannot be
	// older: up to 20 lower-case letters and digits. Optional.
	Challenge string
	// Disguise makes the run look like an ordinary client, so that a target cannot tell the suite from others.
	Disguise bool
	// NoPreflight judges in any case. Otherwise a run reads the list first, and stops if that and a create show a mistake of
	// the operator's, such as a wrong token: then nothing is judged, and Report.Stopped says why.
	NoPreflight bool
	// Production says that the operator means it if the target is known to be in production.
	Production bool

	// Set is the release of the catalogue that the verdict rests on; nil means the newest one. What is not in it is judged
	// and not scored.
	Set *spec.Set
	// Contract is judged by in the place of the contract of the suite (spec.GivenContract); nil for that of the suite. The report says so,
	// and there is no certificate.
	Contract *spec.Contract
	// Profiles limits the run to some profiles; empty means all.
	Profiles []spec.Profile
	// Depth says how much the run sends; "" means check.Standard.
	Depth check.Depth
	// Budget is about how many requests a run of the depth deep sends; 0 means 3000. DeepTime bounds the time of what it sends
	// beyond standard; 0: no bound. Seed chooses a part of that; 0 means 1.
	Budget   int
	DeepTime time.Duration
	Seed     uint64
	// Focus is a regular expression over "section id statement"; LabelFilter is a Ginkgo label filter.
	Focus, LabelFilter string
	// Only holds the ids of the requirements to judge; empty means all. The gate then rests on them alone, and the verdict
	// stays incomplete.
	Only []string
	// Within names, for requirements of Only that judge every response, the conversations that they are judged by; without
	// it all are held.
	Within map[string][]string
	// NotOffered names what the target does not offer, and why: it is not tested, and not passed either.
	NotOffered []NotOffered
	// Strict turns a failed SHOULD from a warning into an error.
	Strict bool

	// Own is what a team checks beside the suite. It fails Run and the gate, and is no part of the verdict on the target.
	Own []Own

	// AcceptIncomplete lets Run pass where nothing failed but a MUST was not tested.
	AcceptIncomplete bool

	// Version and Commit of the suite, for the report.
	Version, Commit string
	// Progress is told what happens while it happens; nil for nobody.
	Progress Progress
	// Events are told of everything that happens: progress is one of their handlers.
	Events []event.Handler
	// GinkgoOutput receives Ginkgo's own output, and what a dry run says; nil is standard output if flags of Ginkgo were given.
	// If it is nil and there are no such flags, Ginkgo is not used.
	GinkgoOutput io.Writer
	// Once takes a failure as it is; otherwise its probe runs up to two more times, and a failure that does not repeat is
	// unstable.
	Once bool
	// Brief leaves the exchanges out of the report of a run in which nothing failed, for those who do not show them.
	Brief bool
	// Plain judges without Ginkgo, of which a process can have only one run: for packages that have Ginkgo specs of their own.
	Plain bool

	embedded bool
	// stopped says why nothing was judged; "" for a run that went on.
	stopped string
	// flagless takes no notice of the flags of Ginkgo.
	flagless bool
	// settle is how long replicas may differ after a token was refused first; 0 means 1 s.
	settle time.Duration
	// patience bounds what one request waits for a target that asks to be left alone; 0 means 30 s.
	patience   time.Duration
	planDigest string
	// cleansOn lets the clean-up go on as long as accounts are deleted.
	cleansOn bool
	// renew is the source of the operator's tokens, and expires the end of the first one.
	renew   wire.Source
	expires time.Time
	// verdictsOnly leaves the exchanges out of the report.
	verdictsOnly bool
	// Through sends the requests in place of the suite's own client, as a witness does; nil for nobody.
	Through http.RoundTripper
	// inMemory answers the requests without a network; nil for a target over the network.
	inMemory http.Handler
}

// NotOffered says of the requirements whose ids a pattern of path.Match matches that the target does not offer them.
type NotOffered = check.NotOffered

// Progress is told how far a run is. Its methods are called from several goroutines.
type Progress interface {
	// Started is called once, with what is to be done.
	Started(probes, checks int)
	// Answered is called when a probe is finished.
	Answered(probe string)
	// Judged is called when a check has its verdict; failed is set for a failure.
	Judged(id string, failed bool)
	// Cleaning is called when the clean-up begins, with the number of accounts to delete.
	Cleaning(accounts int)
	// Finished is called once, at the end.
	Finished()
}
