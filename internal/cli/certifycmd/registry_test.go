package certifycmd

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sa-conformance/conformance/internal/certificate"
	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/raced"
	"github.com/sa-conformance/conformance/internal/registry"
	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/spec"
)

// intake is a registry in a directory, and what its tests need.
type intake struct {
	t       *testing.T
	dir     string
	target  string
	options certificate.Options
}

func newIntake(t *testing.T, target string, options certificate.Options) intake {
	i := intake{t, t.TempDir(), target, options}
	i.write("registry.yaml", "name: Registry\nrules: {sets: ["+newest(t).Name()+"], challenge: true}\nvendors:\n"+
		"  acme: {challenge: "+nonce+"}\n  other: {challenge: "+nonce+"}\n  named: {challenge: "+nonce+", identities: [acme]}\n")
	i.write("policy.yaml", "profiles: [core]\ndepth: standard\nmaxAge: 60d\n")
	return i
}

func (i intake) write(name string, text string) {
	i.t.Helper()
	path := filepath.Join(i.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		i.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		i.t.Fatal(err)
	}
}

// submit writes a submission; description changes what it says.
func (i intake) submit(name string, bundle []byte, key []byte, description ...string) {
	text := "vendor: Acme Corp\nproduct: Acme Identity\nversion: '7.1'\ncontact: sa@acme.example\ntarget: " + i.target + "\nbundle: certificate.zip\nkey: vendor.pub.pem\n"
	text = strings.NewReplacer(description...).Replace(text)
	i.write("submissions/"+name+"/submission.yaml", text)
	i.write("submissions/"+name+"/certificate.zip", string(bundle))
	if strings.Contains(text, "\nkey: ") {
		i.write("submissions/"+name+"/vendor.pub.pem", string(key))
	}
}

// review reviews the submissions of the registry by name, or all of them.
func (i intake) review(at time.Time, names ...string) map[string]*registry.Review {
	i.t.Helper()
	r, err := registry.Open(i.dir)
	if err != nil {
		i.t.Fatal(err)
	}
	o := i.options
	o.Now = at
	paths, err := r.Submissions()
	if err != nil {
		i.t.Fatal(err)
	}
	var reviews []*registry.Review
	for _, path := range paths {
		if len(names) > 0 && !strings.Contains(" "+strings.Join(names, " ")+" ", " "+filepath.Base(path)+" ") {
			continue
		}
		review, err := r.Review(i.t.Context(), path, o)
		if err != nil {
			i.t.Fatal(err)
		}
		reviews = append(reviews, review)
	}
	others, err := r.Others(i.t.Context(), reviews, o)
	if err != nil {
		i.t.Fatal(err)
	}
	registry.Compare(reviews, others)
	found := map[string]*registry.Review{}
	for _, review := range reviews {
		found[review.Name] = review
	}
	return found
}

// remembered judges each recording once.
func remembered(judge func(context.Context, []byte, spec.Set) (*report.Report, error)) func(context.Context, []byte, spec.Set) (*report.Report, error) {
	known := map[[32]byte]*report.Report{}
	return func(ctx context.Context, recording []byte, set spec.Set) (*report.Report, error) {
		sum := sha256.Sum256(recording)
		if r := known[sum]; r != nil {
			return r, nil
		}
		r, err := judge(ctx, recording, set)
		known[sum] = r
		return r, err
	}
}

// TestRegistry reviews honest, expired, revoked, tampered, duplicated and foreign-key submissions.
func TestRegistry(t *testing.T) {
	raced.Rotate(t)
	set := newest(t)
	own, ownPEM := newPenPEM(t)
	foreign, foreignPEM := newPenPEM(t)
	result := certifiedRun(t, set, spec.Core)
	good := written(t, result, set, own, "")
	resigned, target := packed(t, parts(t, good), foreign), result.Report.Target.URL
	var a app.App
	options, err := Verification((&a), VerifyFlags{})
	if err != nil {
		t.Fatal(err)
	}
	options.Judge = remembered(options.Judge)
	now := options.Now
	flipped := bytes.Clone(good)
	flipped[bytes.Index(good, parts(t, good)[certificate.ContractFile])] ^= 1
	edited := parts(t, good)
	edited[certificate.RecordingFile] = bytes.ReplaceAll(edited[certificate.RecordingFile], []byte(`\"creationTime\"`), []byte(`\"creationTine\"`))
	lied := packed(t, edited, own)
	sum := fmt.Sprintf("%x", sha256.Sum256(good))
	keyID, err := own.KeyID()
	if err != nil {
		t.Fatal(err)
	}
	runID := result.Report.RunID
	revoke := func(what, value string) func(intake) {
		return func(i intake) {
			i.write("revoked.yaml", "revoked: [{"+what+": '"+value+"', since: 2026-01-02, reason: a lost key}]\n")
		}
	}
	for name, test := range map[string]struct {
		change   func(i intake)
		at       time.Time
		failed   string // the checks that fail; "" if it is accepted
		want     string
		standing registry.Standing
	}{
		"honest": {func(intake) {}, now, "", "", registry.Valid},
		"an identity": {func(i intake) {
			i.submit("acme", good, nil, "key: vendor.pub.pem\n", "identity: acme\n")
			mustRemove(t, i.dir+"/submissions/acme/vendor.pub.pem")
		}, now, "", "", registry.Valid},
		"expired":                 {func(i intake) {}, now.Add(91 * day), "date age", "it has expired", registry.Expired},
		"old":                     {func(i intake) {}, now.Add(61 * day), "age", "at most 1440h0m0s ago", registry.Expired},
		"not yet valid":           {func(i intake) {}, now.Add(-day), "date", "it is not valid before", registry.Refused},
		"a revoked key":           {revoke("key", keyID), now, "revocation", "revoked since 2026-01-02: a lost key", registry.Revoked},
		"a revoked bundle":        {revoke("certificate", sum), now, "revocation", "a lost key", registry.Revoked},
		"a revoked run":           {revoke("run", runID), now, "revocation", "a lost key", registry.Revoked},
		"another key revoked":     {revoke("key", sum), now, "", "", registry.Valid},
		"one byte changed":        {func(i intake) { i.write("submissions/acme/certificate.zip", string(flipped)) }, now, "evidence", "openapi.yaml: it was changed", registry.Refused},
		"a verdict changed":       {func(i intake) { i.write("submissions/acme/certificate.zip", string(lied)) }, now, "verdict", "it does not reproduce", registry.Refused},
		"a foreign key":           {func(i intake) { i.submit("acme", resigned, foreignPEM) }, now, "key", "it is a foreign key", registry.Refused},
		"signed by a foreign key": {func(i intake) { i.write("submissions/acme/certificate.zip", string(resigned)) }, now, "signature", "another key", registry.Refused},
		"an unconfirmed key":      {func(i intake) { mustRemove(t, i.dir+"/keys/acme.pub.pem") }, now, "key", "nobody confirmed whose it is; once", registry.Refused},
		"a foreign identity": {func(i intake) {
			i.submit("acme", good, ownPEM, "key: vendor.pub.pem\n", "identity: third\n")
			i.write("keys/third.pub.pem", string(ownPEM))
			mustRemove(t, i.dir+"/submissions/acme/vendor.pub.pem")
		}, now, "key signature", "the identity third may not sign for acme", registry.Refused},
		"a weak description":        {func(i intake) { i.submit("acme", good, ownPEM, "Acme Corp", `"Acme\e[2J"`) }, now, "structure", "vendor: it has characters", registry.Refused},
		"another target":            {func(i intake) { i.submit("acme", good, ownPEM, "target: https://", "target: https://other.") }, now, "target", "is required, and the certificate is for", registry.Refused},
		"another version":           {func(i intake) { i.submit("acme", good, ownPEM, "'7.1'", "'7.2'") }, now, "version", "the submission says 7.2, and the certificate 7.1", registry.Refused},
		"a profile that is missed":  {func(i intake) { i.write("policy.yaml", "profiles: [token]\n") }, now, "profile", "the profile token is required", registry.Refused},
		"another depth":             {func(i intake) { i.write("policy.yaml", "depth: deep\n") }, now, "policy", "the depth deep is required", registry.Refused},
		"no public authority":       {func(i intake) { i.write("policy.yaml", "tls: {authority: public}\n") }, now, "policy", "", registry.Refused},
		"another set of the policy": {func(i intake) { i.write("policy.yaml", "set: 2020-01\n") }, now, "set", "the set 2020-01 is required", registry.Refused},
		"another set":               {func(i intake) { i.write("registry.yaml", "name: R\nrules: {sets: [2020-01]}\n") }, now, "set", "the registry takes 2020-01", registry.Refused},
		"no challenge given":        {func(i intake) { i.write("registry.yaml", "name: R\nrules: {challenge: true}\n") }, now, "challenge", "the registry gave no challenge", registry.Refused},
		"another challenge":         {func(i intake) { i.write("registry.yaml", "name: R\nvendors: {acme: {challenge: another00}}\n") }, now, "challenge", "another challenge", registry.Refused},
	} {
		t.Run(name, func(t *testing.T) {
			i := newIntake(t, target, options)
			i.write("keys/acme.pub.pem", string(ownPEM))
			i.submit("acme", good, ownPEM)
			test.change(i)
			review := i.review(test.at)["acme"]
			var failed []string
			for _, reason := range review.Reasons() {
				check, _, _ := strings.Cut(reason, ": ")
				failed = append(failed, check)
			}
			if got := strings.Join(failed, " "); got != test.failed || !strings.Contains(fmt.Sprint(review.Reasons()), test.want) || review.Standing() != test.standing {
				t.Errorf("%s: %q", review.Standing(), review.Reasons())
			}
		})
	}

	t.Run("a challenge for several vendors", func(t *testing.T) {
		i := newIntake(t, target, options)
		i.write("keys/acme.pub.pem", string(ownPEM))
		i.submit("acme", good, ownPEM)
		if got := fmt.Sprint(i.review(now)["acme"].Checks); !strings.Contains(got, "the registry gave it to others, too: named, other") {
			t.Errorf("%s", got)
		}
	})
	t.Run("duplicates", func(t *testing.T) {
		i := newIntake(t, target, options)
		i.write("keys/acme.pub.pem", string(ownPEM))
		i.submit("acme", good, ownPEM)
		// A copy, by the same key that may sign for it, and one that somebody else signed. Neither harms the original.
		i.submit("named", good, ownPEM)
		i.submit("other", resigned, foreignPEM, "Acme Corp", "Other")
		i.write("keys/other.pub.pem", string(foreignPEM))
		for name, want := range map[string]string{"named": "duplicate: it is the bundle of acme", "other": "duplicate: it is the run of acme, signed another time"} {
			if got := i.review(now, name)[name].Reasons(); len(got) != 1 || got[0] != want {
				t.Errorf("%s: %q, want %s", name, got, want)
			}
		}
		mustRemove(t, i.dir+"/keys/other.pub.pem")
		mustRemove(t, i.dir+"/submissions/named")
		all := i.review(now)
		if !all["acme"].Accepted() || all["other"].Accepted() {
			t.Errorf("%q, %q", all["acme"].Reasons(), all["other"].Reasons())
		}
	})

	t.Run("keys that nobody confirmed", func(t *testing.T) {
		i := newIntake(t, target, options)
		i.write("registry.yaml", "name: R\nrules: {unconfirmed-keys: true}\n")
		i.submit("acme", good, ownPEM)
		if review := i.review(now)["acme"]; !review.Accepted() {
			t.Errorf("%q", review.Reasons())
		}
		// The name has a certificate by a key, and a pull request brings another one.
		fresh := newIntake(t, target, options)
		fresh.submit("acme", resigned, foreignPEM)
		r, err := registry.Open(i.dir)
		if err != nil {
			t.Fatal(err)
		}
		review, err := r.Review(t.Context(), fresh.dir+"/submissions/acme", options)
		if err != nil {
			t.Fatal(err)
		}
		others, err := r.Others(t.Context(), []*registry.Review{review}, options)
		if err != nil {
			t.Fatal(err)
		}
		registry.Compare([]*registry.Review{review}, others)
		if got := review.Reasons(); len(got) != 1 || !strings.HasPrefix(got[0], "key: it is a foreign key: the registry has a certificate of acme") {
			t.Errorf("%q", got)
		}
		// One vendor, two keys: a person has to look.
		i.submit("second", resigned, foreignPEM)
		if got := fmt.Sprint(i.review(now, "second")["second"].Checks); !strings.Contains(got, "acme of the same vendor has another key") {
			t.Errorf("%s", got)
		}
		mustRemove(t, i.dir+"/submissions/second")
		// One key, two vendors.
		again := parts(t, good)
		again[certificate.AppealFile] = []byte(appealText)
		i.submit("third", packed(t, again, own), ownPEM, "Acme Corp", "Third")
		if got := fmt.Sprint(i.review(now, "third")["third"].Reasons()); !strings.Contains(got, "key: it is the key of another vendor: Acme Corp (acme)") {
			t.Errorf("%s", got)
		}
	})
}

func newPenPEM(t *testing.T) (*certificate.Signer, []byte) {
	t.Helper()
	private, public, err := certificate.GenerateKey(certificate.Ed25519)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := certificate.ParseSigner(private)
	if err != nil {
		t.Fatal(err)
	}
	return signer, public
}

func mustRemove(t *testing.T, path string) {
	t.Helper()
	if err := os.RemoveAll(path); err != nil {
		t.Fatal(err)
	}
}
