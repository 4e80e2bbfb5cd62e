package certifycmd

import (
	"bytes"
	"context"
	"crypto/x509"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sa-conformance/conformance/internal/certificate"
	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/cli/outcome"
	"github.com/sa-conformance/conformance/internal/disguise"
	"github.com/sa-conformance/conformance/internal/engine"
	recording "github.com/sa-conformance/conformance/internal/har"
	"github.com/sa-conformance/conformance/internal/raced"
	"github.com/sa-conformance/conformance/internal/report"
	reportjson "github.com/sa-conformance/conformance/internal/report/json"
	"github.com/sa-conformance/conformance/internal/runs"
	"github.com/sa-conformance/conformance/internal/tsa"
	"github.com/sa-conformance/conformance/internal/tsa/tsatest"
	"github.com/sa-conformance/conformance/internal/witness"
	"github.com/sa-conformance/conformance/spec"
	"github.com/sa-conformance/conformance/suites"
)

// stage is a target, a witness and a timestamp authority, with the keys of vendor and witness.
type stage struct {
	*testing.T

	set            spec.Set
	vendor, viewer pen
	stamps         *stamper
	witness        string
	cfg            engine.Config
	// version and connection are those of the target in what is forged.
	version    string
	connection *certificate.Connection
	// line is that of the vendor's chain with which the run begins that the witness is told of next.
	line string
	// judged stands for what the recording shows, where no forgery is about that; nil to judge it again.
	judged *report.Report
}

const witnessToken = "the-token-of-vendors"

func newStage(t *testing.T) *stage {
	t.Helper()
	s := &stage{T: t, set: newest(t), vendor: newPen(t, certificate.Ed25519), viewer: newPen(t, certificate.Ed25519)}
	s.cfg = referenceOverTLS(t, s.set, spec.Core)
	s.cfg.Disguise = true
	authority := tsatest.New(t, nil)
	stamping := httptest.NewServer(authority)
	t.Cleanup(stamping.Close)
	s.stamps = &stamper{tsa.NewClient(stamping.URL), []*x509.Certificate{authority.Root}}
	counter, err := witness.NewCounter("")
	if err != nil {
		t.Fatal(err)
	}
	w := &witness.Server{
		Counter: counter,
		Token:   witnessToken, Roots: s.cfg.RootCAs, AllowPrivate: true, Sessions: 5, SessionTime: time.Hour, Timeout: time.Minute, Now: time.Now,
		Sign: s.viewer.signer.Sign,
		Seal: func(ctx context.Context, statement []byte) ([]byte, error) {
			return certificate.Seal(ctx, statement, s.viewer.signer)
		},
		Run: func(ctx context.Context, c witness.Commission, nonce string, through http.RoundTripper) (witness.Ran, error) {
			return holdRun(ctx, &app.App{Process: app.Process{Build: app.Build{Version: "v0.0.0-test"}}}, c, nonce, through)
		},
	}
	witnessing := httptest.NewServer(w.Handler())
	t.Cleanup(witnessing.Close)
	s.witness = witnessing.URL
	return s
}

// begin opens a session with the witness.
func (s *stage) begin(cfg engine.Config) *witness.Client {
	s.Helper()
	session, err := witness.Begin(s.Context(), s.witness, witnessToken, nil, witness.Target{
		URL: cfg.Target, Organizations: []string{cfg.Organization, cfg.OtherOrganization}, Challenge: nonce, Runs: s.line,
	})
	if err != nil {
		s.Fatal(err)
	}
	return session
}

// run judges the target; with watched through the witness, whose statement it returns.
func (s *stage) run(cfg engine.Config, watched bool) (*engine.Result, []byte) {
	s.Helper()
	var session *witness.Client
	if watched {
		session = s.begin(cfg)
		cfg.Through = session
	}
	result, err := suites.Judge(s.Context(), cfg)
	if err != nil {
		s.Fatal(err)
	}
	if !watched {
		return result, nil
	}
	text, err := session.End(s.Context())
	if err != nil {
		s.Fatal(err)
	}
	return result, text
}

// chain is a new chain of the vendor's with a run, and with so many red ones before it. The witness was told of none of them.
func (s *stage) chain(result *engine.Result, red int) (data []byte) {
	s.Helper()
	path := filepath.Join(s.TempDir(), "runs.jsonl")
	for i := range red + 1 {
		run, verdict := "earlier", "non-conformant"
		if i == red {
			run, verdict = result.Report.RunID, string(result.Report.Verdict)
		}
		chain := runs.Open(path, time.Now)
		_, err := chain.Begin(certificate.Canonical(s.cfg.Target), true)
		if err == nil {
			data, err = chain.End(run, verdict)
		}
		if err != nil {
			s.Fatal(err)
		}
	}
	return data
}

// bundle certifies a run, with the vendor's chain of runs.
func (s *stage) bundle(result *engine.Result, witnessed, chained []byte) []byte {
	s.Helper()
	path := filepath.Join(s.TempDir(), "certificate.zip")
	terms := terms{
		Terms: certificate.Terms{ValidFor: 90 * day, Challenge: nonce}, signer: s.vendor.signer, stamps: s.stamps, bundle: path, witnessed: witnessed,
		chained: chained,
	}
	if obstacles := certificate.Obstacles(result.Report, nil); len(obstacles) > 0 {
		s.Fatalf("not certified: %q", obstacles)
	}
	if _, err := terms.Write(s.Context(), s.set, result); err != nil {
		s.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		s.Fatal(err)
	}
	return data
}

// forged makes a bundle again of what a vendor wrote into another one, signs it with the vendor's key and has it timestamped.
func (s *stage) forged(data []byte, challenge string, change func(text []byte) []byte, names ...string) []byte {
	s.Helper()
	changed := parts(s.T, data)
	for _, name := range names {
		changed[name] = change(changed[name])
	}
	r, err := reportjson.Read(bytes.NewReader(changed[certificate.ReportFile]))
	if err != nil {
		s.Fatal(err)
	}
	terms := certificate.Terms{ValidFor: 90 * day, Challenge: challenge, TargetVersion: s.version, Connection: s.connection}
	configuration, err := certificate.Configuration(r)
	if err != nil {
		s.Fatal(err)
	}
	changed[certificate.ConfigurationFile] = configuration
	changed[certificate.BadgeFile] = certificate.Badge(certificate.State(r, nil, terms).Claims())
	delete(changed, certificate.EnvelopeFile)
	delete(changed, certificate.TimestampFile)
	var members []certificate.Member
	for name, data := range changed {
		members = append(members, certificate.Member{Name: name, Data: data})
	}
	statement := certificate.State(r, members, terms)
	text, err := statement.Encode()
	if err != nil {
		s.Fatal(err)
	}
	envelope, err := certificate.Seal(s.Context(), text, s.vendor.signer)
	if err != nil {
		s.Fatal(err)
	}
	stamp, err := s.stamps.stamp(s.Context(), envelope, time.Now()) // whatever the statement says of the time
	if err != nil {
		s.Fatal(err)
	}
	members = append(members, certificate.Member{Name: certificate.EnvelopeFile, Data: envelope}, certificate.Member{Name: certificate.TimestampFile, Data: stamp})
	var b bytes.Buffer
	if err := certificate.Pack(&b, members); err != nil {
		s.Fatal(err)
	}
	return b.Bytes()
}

// recommended is the policy of docs/certification.md, for one profile and this target. What it demands of TLS no server on one
// machine can meet.
func (s *stage) recommended(target string) certificate.Required {
	s.Helper()
	page, err := os.ReadFile("../../../docs/certification.md")
	if err != nil {
		s.Fatal(err)
	}
	block := regexp.MustCompile(`(?s)    # policy\.yaml\n(.*?)\n\n`).FindSubmatch(page)
	if block == nil {
		s.Fatal("docs/certification.md recommends no policy")
	}
	p, err := certificate.ParsePolicy([]byte(strings.ReplaceAll(string(block[1]), "\n    ", "\n")[4:]))
	if err != nil {
		s.Fatal(err)
	}
	if len(p.Keys) == 0 || len(p.AuthorityFiles) == 0 || len(p.WitnessFiles) == 0 || !p.Disguise || !p.Runs || !p.TLS.Public || !p.TLS.Direct {
		s.Errorf("the policy is %+v", p)
	}
	p.Profiles, p.Target, p.TLS = []spec.Profile{spec.Core}, target, certificate.RequiredTLS{}
	p.Signers, p.Witnesses, p.Authorities = []*certificate.PublicKey{s.vendor.public}, []*certificate.PublicKey{s.viewer.public}, s.stamps.authorities
	return p.Required
}

// verdict is what verify says of a bundle under the policy that is recommended.
func (s *stage) verdict(data []byte, target, challenge string) (outcome.Conclusion, string) {
	s.Helper()
	v := examine(s.T, data, func(o *certificate.Options) {
		o.Challenge, o.Required = challenge, []certificate.Required{s.recommended(target)}
		if s.judged != nil {
			o.Judge = func(context.Context, []byte, spec.Set) (*report.Report, error) { return s.judged, nil }
		}
	}, s.vendor)
	if v.Signature != certificate.Valid || v.Timestamp == nil {
		s.Errorf("the forgery is none: signature %s, %s; timestamp %v", v.Signature, v.SignatureProblem, v.Timestamp)
	}
	return Certified(v, false), strings.Join(slices.Concat(v.Unmet, []string{v.VerdictProblem, v.ChallengeProblem}), "\n")
}

// Whoever holds the vendor's key cannot make a certificate that the recommended policy accepts, except by an honest run.
func TestForgeries(t *testing.T) {
	raced.Rotate(t)
	s := newStage(t)
	chain := filepath.Join(t.TempDir(), "runs.jsonl")
	before := s.told(chain)
	if _, err := s.begin(s.cfg).End(t.Context()); err != nil { // a run that came to nothing
		t.Fatal(err)
	}
	s.ended(before, "earlier", "non-conformant")
	this := s.told(chain)
	result, testimony := s.run(s.cfg, true)
	chained := s.ended(this, result.Report.RunID, string(result.Report.Verdict))
	honest := s.bundle(result, testimony, chained)
	refused := func(t *testing.T, data []byte, target, challenge string, reasons ...string) {
		t.Helper()
		c, why := s.verdict(data, target, challenge)
		if c.Code != app.ExitNonConformant {
			t.Errorf("accepted: %s", c.Text)
		}
		for _, reason := range reasons {
			if !strings.Contains(why, reason) {
				t.Errorf("%q is missing in: %s", reason, why)
			}
		}
	}
	everywhere := []string{certificate.RecordingFile, certificate.ReportFile}
	t.Run("an honest certificate", func(t *testing.T) {
		if c, why := s.verdict(honest, s.cfg.Target, nonce); c.Code != app.ExitConformant {
			t.Errorf("%s\n%s", c.Text, why)
		}
	})
	t.Run("nonce rewritten", func(t *testing.T) {
		const other = "fedcba98765432100000"
		was, now := disguiseOf(t, honest), disguise.New(other)
		for len(now.Prefix()) != len(was.Prefix()) {
			now = disguise.New(other)
		}
		forged := s.forged(honest, other, func(text []byte) []byte {
			text = bytes.ReplaceAll(text, []byte(was.Prefix()), []byte(now.Prefix()))
			text = bytes.ReplaceAll(text, []byte(strings.ToUpper(was.Prefix())), []byte(strings.ToUpper(now.Prefix())))
			return bytes.ReplaceAll(text, []byte(was.String()), []byte(now.String()))
		}, everywhere...)
		refused(t, forged, s.cfg.Target, other, "its nonce is not the one of the certificate", "the witness did not see the exchange")
	})
	t.Run("URL renamed", func(t *testing.T) {
		const other = "https://identity.example.com"
		forged := s.forged(honest, nonce, func(text []byte) []byte { return bytes.ReplaceAll(text, []byte(s.cfg.Target), []byte(other)) }, everywhere...)
		refused(t, forged, other, nonce, "it saw a run against "+s.cfg.Target, "the witness did not see the exchange")
	})
	t.Run("verdict edited and signed again", func(t *testing.T) {
		red := s.forged(honest, nonce, func(text []byte) []byte {
			return bytes.ReplaceAll(text, []byte(`\"creationTime\"`), []byte(`\"creationTine\"`))
		}, certificate.RecordingFile) // as a run against a server with this defect has it, under a green report
		refused(t, red, s.cfg.Target, nonce, "the recording shows non-conformant", "the witness did not see the exchange")
	})
	cfg := s.cfg
	cfg.Disguise = false // the only way in which a server is right that is right for the suite alone, see TestRightForTheSuiteAlone
	other, replayed := s.run(cfg, true)
	alone := s.bundle(other, nil, s.chain(other, 1))
	t.Run("a server that is right for the suite alone", func(t *testing.T) {
		refused(t, alone, s.cfg.Target, nonce, "a disguised run is required")
	})
	t.Run("an old run for a new version of the product", func(t *testing.T) {
		s.version = "8.0"
		defer func() { s.version = "" }()
		forged := s.forged(honest, nonce, func(text []byte) []byte { return text })
		refused(t, forged, s.cfg.Target, nonce, `when the run began the target was said to be of version "", and the certificate says "8.0"`)
	})
	t.Run("what a witness saw of another target", func(t *testing.T) {
		cfg := s.cfg
		cfg.Target = "https://identity.example.com"
		elsewhere, err := s.begin(cfg).End(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		forged := s.forged(honest, nonce, func([]byte) []byte { return elsewhere }, certificate.WitnessFile)
		refused(t, forged, s.cfg.Target, nonce, "it saw a run against https://identity.example.com", "the witness did not see the exchange")
	})
	t.Run("two runs spliced", func(t *testing.T) {
		forged := s.forged(honest, nonce, func(text []byte) []byte { return spliced(t, text, parts(t, alone)[certificate.RecordingFile]) }, certificate.RecordingFile)
		refused(t, forged, s.cfg.Target, nonce, "the witness did not see the exchange", "the recording lacks 1 of the exchanges that the witness saw")
	})
	t.Run("the vendor's own key as that of a witness", func(t *testing.T) {
		viewer := s.viewer
		s.viewer = s.vendor
		defer func() { s.viewer = viewer }()
		forged := s.forged(honest, nonce, func(text []byte) []byte { return resealed(t, text, s.vendor.signer) }, certificate.WitnessFile)
		refused(t, forged, s.cfg.Target, nonce, "the signer's own key signed for it")
	})
	t.Run("red runs left out", func(t *testing.T) {
		refused(t, s.bundle(result, testimony, s.chain(result, 0)), s.cfg.Target, nonce, "runs were left out: the witness saw 2 runs against the target, and the chain has 1 of them")
	})
	t.Run("by a witness", func(t *testing.T) {
		s.judged = result.Report
		defer func() { s.judged = nil }()
		(&scene{s, honest, alone, testimony, replayed, s.chain(result, 1), refused}).forge(t)
	})
	t.Run("a proxy to a correct server", func(t *testing.T) {
		// The vendor's suite talks to a correct server elsewhere. The witness talked to the target, or to nobody.
		nothing, err := s.begin(s.cfg).End(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		refused(t, s.bundle(result, nil, chained), s.cfg.Target, nonce, "the signature of a witness is required, and the bundle has none")
		refused(t, s.bundle(result, nothing, chained), s.cfg.Target, nonce, "the witness did not see the exchange", "it saw nobody answer")
	})
}

// disguiseOf is that of the run of a bundle.
func disguiseOf(t *testing.T, data []byte) *disguise.Disguise {
	t.Helper()
	archive, err := recording.Read(bytes.NewReader(parts(t, data)[certificate.RecordingFile]))
	if err != nil {
		t.Fatal(err)
	}
	d, ok := disguise.Parse(archive.Facts.Disguise)
	if !ok {
		t.Fatal("the run is not disguised")
	}
	return d
}
