package spec

// Level says how binding a requirement is.
type Level string

// The levels, in the words of RFC 2119.
const (
	Must   Level = "MUST"
	Should Level = "SHOULD"
)

// Profile groups requirements that a target can be certified for together.
type Profile string

// The profiles, in the order in which reports show them.
const (
	Core      Profile = "core"
	Token     Profile = "token"
	Lifecycle Profile = "lifecycle"
	Hardening Profile = "hardening"
)

// Profiles lists every profile in the order in which reports show them.
func Profiles() []Profile { return []Profile{Core, Token, Lifecycle, Hardening} }

// Need is something that only the operator can supply.
type Need string

// What operators can supply.
const (
	NeedGroup             Need = "group"               // a group that accounts may be put into
	NeedOtherOrganization Need = "other-organization"  // an organization closed to the credential
	NeedExpiredToken      Need = "expired-token"       // a token that was good and has expired
	NeedNotYetValidToken  Need = "not-yet-valid-token" // a token that will be good and is not yet
)

// Requirement is one promise of the contract: an entry of requirements.yaml.
type Requirement struct {
	// ID is made of words, area.topic.promise; it never moves and never changes its meaning.
	ID string `yaml:"id" json:"id"`
	// Level is MUST or SHOULD.
	Level Level `yaml:"level" json:"level"`
	// Statement is the promise in one sentence.
	Statement string `yaml:"statement" json:"statement"`
	// Citation is a pointer into openapi.yaml ("openapi.yaml#/paths/…"), or names a section of the contract in prose
	// ("contract section 3") or of an RFC ("RFC 6750 section 3"). "; " separates several.
	Citation string `yaml:"citation" json:"citation"`
	// Profile is the certification profile that the promise belongs to.
	Profile Profile `yaml:"profile" json:"profile"`
	// Breaks says what an implementation would do to break it.
	Breaks string `yaml:"breaks" json:"breaks"`
	// Needs lists what the operator must supply for it to be tested.
	Needs []Need `yaml:"needs,omitempty" json:"needs,omitempty"`
	// Contested holds the readings of a point on which the contract contradicts itself; no reading fails a target.
	Contested []string `yaml:"contested,omitempty" json:"contested,omitempty"`
	// Since is the set with which it came into the catalogue; FirstSet where the catalogue does not say.
	Since string `yaml:"since,omitempty" json:"since"`
	// Changed is the set since which its level or its statement is as it is; "" if neither ever changed.
	Changed string `yaml:"changed,omitempty" json:"changed,omitempty"`
	// Why says why the citation forbids what the check fails, and what it leaves open, if that is not plain; "" if it is.
	Why string `yaml:"why,omitempty" json:"why,omitempty"`
	// Follows lists the requirements (path.Match patterns over ids) whose failure explains a failure of this one.
	Follows []string `yaml:"follows,omitempty" json:"follows,omitempty"`
}
