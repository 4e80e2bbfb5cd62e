package certifycmd

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sa-conformance/conformance/internal/certificate"
	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/raced"
	"github.com/sa-conformance/conformance/internal/report"
	reportjson "github.com/sa-conformance/conformance/internal/report/json"
	"github.com/sa-conformance/conformance/spec"
	"github.com/sa-conformance/conformance/suites"
)

const (
	nonce = "0123456789abcdef0123"
	day   = 24 * time.Hour
)

// pen is a key that signs, and its other half.
type pen struct {
	signer *certificate.Signer
	public *certificate.PublicKey
}

func newPen(t *testing.T, kind string) pen {
	t.Helper()
	private, public, err := certificate.GenerateKey(kind)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := certificate.ParseSigner(private)
	if err != nil {
		t.Fatal(err)
	}
	key, err := certificate.ParsePublicKey(public)
	if err != nil {
		t.Fatal(err)
	}
	return pen{signer, key}
}

// certifiedRun judges the reference over TLS, as certify does.
func certifiedRun(t *testing.T, set spec.Set, profiles ...spec.Profile) *engine.Result {
	t.Helper()
	result, err := suites.Judge(t.Context(), referenceOverTLS(t, set, profiles...))
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// written packs a run and returns the bundle's bytes.
func written(t *testing.T, result *engine.Result, set spec.Set, signer *certificate.Signer, appeal string) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "certificate.zip")
	terms := terms{
		Terms: certificate.Terms{ValidFor: 90 * day, Challenge: nonce, TargetVersion: "7.1"}, signer: signer, bundle: path,
	}
	if appeal != "" {
		terms.appeal = []byte(appeal)
	}
	if obstacles := certificate.Obstacles(result.Report, nil); len(obstacles) > 0 {
		t.Fatalf("not certified: %q", obstacles)
	}
	if _, err := terms.Write(t.Context(), set, result); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func newest(t *testing.T) spec.Set {
	t.Helper()
	all, err := spec.Sets()
	if err != nil {
		t.Fatal(err)
	}
	return all[len(all)-1]
}

// examine verifies a bundle with this suite.
func examine(t *testing.T, data []byte, change func(*certificate.Options), keys ...pen) *certificate.Verification {
	t.Helper()
	var a app.App
	o, err := Verification((&a), VerifyFlags{})
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range keys {
		o.Keys = append(o.Keys, k.public)
	}
	if change != nil {
		change(&o)
	}
	b, err := certificate.Read(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	v, err := certificate.Verify(t.Context(), b, o)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// parts takes a bundle apart.
func parts(t *testing.T, data []byte) map[string][]byte {
	t.Helper()
	b, err := certificate.Read(bytes.NewReader(data))
	if err != nil || len(b.Damage) > 0 {
		t.Fatalf("%v, %v", err, b.Damage)
	}
	members := map[string][]byte{}
	for _, name := range []string{
		certificate.EnvelopeFile, certificate.SigstoreFile, certificate.StatementFile, certificate.ReportFile, certificate.RecordingFile, certificate.SetFile,
		certificate.ContractFile, certificate.ConfigurationFile, certificate.AppealFile, certificate.BadgeFile,
		certificate.TimestampFile, certificate.WitnessFile, certificate.RunsFile,
	} {
		if data := b.Member(name); data != nil {
			members[name] = data
		}
	}
	return members
}

// packed puts a bundle together; with a signer the statement is made again over what the members are now.
func packed(t *testing.T, parts map[string][]byte, signer *certificate.Signer) []byte {
	t.Helper()
	var members []certificate.Member
	for name, data := range parts {
		if signer == nil || name != certificate.EnvelopeFile {
			members = append(members, certificate.Member{Name: name, Data: data})
		}
	}
	if signer != nil {
		r, err := reportjson.Read(bytes.NewReader(parts[certificate.ReportFile]))
		if err != nil {
			t.Fatal(err)
		}
		statement, err := certificate.State(r, members, certificate.Terms{ValidFor: 90 * day, Challenge: nonce, TargetVersion: "7.1"}).Encode()
		if err != nil {
			t.Fatal(err)
		}
		envelope, err := certificate.Seal(context.Background(), statement, signer)
		if err != nil {
			t.Fatal(err)
		}
		members = append(members, certificate.Member{Name: certificate.EnvelopeFile, Data: envelope})
	}
	var b bytes.Buffer
	if err := certificate.Pack(&b, members); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const appealText = `appeals:
  - requirement: contested.token.kind
    reading: Ids are opaque, and a UUID is one form of them.
    reasons: The schema says string.
    links: [https://example.com/why]
`

func TestCertificate(t *testing.T) {
	raced.Rotate(t)
	set, own, other := newest(t), newPen(t, certificate.Ed25519), newPen(t, certificate.ECDSA)
	result := certifiedRun(t, set)
	good := written(t, result, set, own.signer, appealText)

	t.Run("sound", func(t *testing.T) {
		if again := written(t, result, set, own.signer, appealText); !bytes.Equal(again, good) {
			t.Error("the same run makes another bundle")
		}
		v := examine(t, good, func(o *certificate.Options) { o.Challenge = nonce }, other, own)
		if c := Certified(v, false); c.Code != app.ExitConformant || len(v.NotRejudgeable) != 1 || v.NotRejudgeable[0].ID != "token.signature.verifies" || !v.ChallengeMet {
			t.Errorf("%+v: %+v", c, v)
		}
		if len(v.Appeals) != 1 || v.Appeals[0].Observed == "" || v.Claims.Target.Version != "7.1" {
			t.Errorf("appeals %+v, claims %+v", v.Appeals, v.Claims)
		}
		if text, secrets := string(good), result.Secrets; secrets.RedactString(text) != text {
			t.Error("it holds a secret")
		}
	})

	t.Run("ECDSA", func(t *testing.T) {
		data := written(t, result, set, other.signer, "")
		if again := written(t, result, set, other.signer, ""); !bytes.Equal(again, data) {
			t.Error("the same run makes another bundle")
		}
		if v := examine(t, data, nil, other); !v.Sound(false) {
			t.Errorf("%+v", v)
		}
	})

	t.Run("unsigned", func(t *testing.T) {
		data := written(t, result, set, nil, "")
		if v := examine(t, data, nil, own); v.Signature != certificate.Unsigned || v.Sound(false) || !v.Sound(true) {
			t.Errorf("%+v", v)
		}
	})

	members := parts(t, good)
	for i, name := range slices.Sorted(maps.Keys(members)) {
		if raced.Enabled && i != time.Now().YearDay()%len(members) { // where each costs seconds
			continue
		}
		member := members[name]
		t.Run("one byte of "+name, func(t *testing.T) {
			// In the file as it lies there, and in a file whose checksums fit again.
			raw := bytes.Clone(good)
			raw[bytes.Index(raw, member)+len(member)/2] ^= 1
			changed := parts(t, good)
			changed[name] = bytes.Clone(member)
			changed[name][len(member)/2] ^= 1
			for _, data := range [][]byte{raw, packed(t, changed, nil)} {
				v := examine(t, data, nil, own)
				if v.Sound(false) || !strings.Contains(fmt.Sprint(v.Evidence, v.SignatureProblem), name) {
					t.Errorf("%+v", v)
				}
			}
		})
		t.Run("without "+name, func(t *testing.T) {
			changed := parts(t, good)
			delete(changed, name)
			if v := examine(t, packed(t, changed, nil), nil, own); v.Sound(false) || !strings.Contains(fmt.Sprint(v.Evidence, v.SignatureProblem), name) {
				t.Errorf("%+v", v)
			}
		})
	}

	t.Run("one exchange less", func(t *testing.T) {
		all := exchanges(t, parts(t, good)[certificate.RecordingFile])
		for _, at := range []int{0, all / 2, all - 1} {
			changed := parts(t, good)
			changed[certificate.RecordingFile] = without(t, changed[certificate.RecordingFile], at)
			v := examine(t, packed(t, changed, nil), nil, own)
			if v.Sound(false) || !strings.Contains(fmt.Sprint(v.Evidence), "recording.har: it was changed") {
				t.Errorf("%d: %+v", at, v)
			}
			v = examine(t, packed(t, changed, other.signer), nil, own)
			if v.Signature != certificate.NotValid || !strings.Contains(v.SignatureProblem, "another key") ||
				!strings.Contains(fmt.Sprint(v.Evidence), "of the report is not in it") {
				t.Errorf("%d, signed with another key: %+v", at, v)
			}
			v = examine(t, packed(t, changed, own.signer), nil, own)
			if v.Signature != certificate.Valid || v.Sound(false) || !strings.Contains(fmt.Sprint(v.Evidence), "recording.har: the exchange ") {
				t.Errorf("%d, signed with the key: %+v", at, v)
			}
		}
	})

	t.Run("a verdict that the recording does not show", func(t *testing.T) {
		changed := parts(t, good)
		changed[certificate.RecordingFile] = bytes.ReplaceAll(changed[certificate.RecordingFile], []byte(`\"creationTime\"`), []byte(`\"creationTine\"`))
		v := examine(t, packed(t, changed, own.signer), nil, own)
		if v.Signature != certificate.Valid || v.Reproduces || v.Judged != report.NonConformant || len(v.Differences) == 0 {
			t.Errorf("%+v", v)
		}
	})

	t.Run("a report that says better of itself", func(t *testing.T) {
		changed := parts(t, good)
		changed[certificate.ReportFile] = bytes.Replace(changed[certificate.ReportFile], []byte(`"scored": true`), []byte(`"scored": false`), 1)
		if bytes.Equal(changed[certificate.ReportFile], parts(t, good)[certificate.ReportFile]) {
			changed[certificate.ReportFile] = bytes.Replace(changed[certificate.ReportFile], []byte(`"outcome": "pass"`), []byte(`"outcome": "pass", "scored": false`), 1)
		}
		if v := examine(t, packed(t, changed, own.signer), nil, own); v.Sound(false) || !strings.Contains(fmt.Sprint(v.Evidence), "it does not score") {
			t.Errorf("%+v", v)
		}
	})

	t.Run("dates and challenges", func(t *testing.T) {
		v := examine(t, good, func(o *certificate.Options) { o.Now = o.Now.Add(91 * day) }, own)
		if c := Certified(v, false); c.Code != app.ExitNonConformant || !strings.Contains(c.Text, "it has expired") {
			t.Errorf("%+v", c)
		}
		v = examine(t, good, func(o *certificate.Options) { o.Now = o.Now.Add(-time.Hour) }, own)
		if c := Certified(v, false); c.Code != app.ExitNonConformant || !strings.Contains(c.Text, "it is not valid before") {
			t.Errorf("%+v", c)
		}
		v = examine(t, good, func(o *certificate.Options) { o.Challenge = "another0" }, own)
		if c := Certified(v, false); c.Code != app.ExitNonConformant || !strings.Contains(v.ChallengeProblem, "another challenge") {
			t.Errorf("%+v: %+v", c, v)
		}
		// A recording without the nonce does not become newer by a statement with it.
		changed := parts(t, good)
		changed[certificate.RecordingFile] = bytes.ReplaceAll(changed[certificate.RecordingFile], []byte(nonce), []byte("a123456789abcdef0123"))
		v = examine(t, packed(t, changed, own.signer), func(o *certificate.Options) { o.Challenge = nonce }, own)
		if v.ChallengeMet || !strings.Contains(v.ChallengeProblem, "does not carry it") {
			t.Errorf("%+v", v)
		}
	})
}

// A bundle of an older set is scored by that set, with requirements of today that it does not have, and with one that
// nobody knows any more.
func TestCertificateOfAnOlderSet(t *testing.T) {
	raced.Rotate(t)
	all := newest(t).Requirements()
	var file struct {
		Name         string                `json:"name"`
		Requirements []spec.SetRequirement `json:"requirements"`
	}
	file.Name = "2025-01"
	for i, r := range all {
		if r.Profile == spec.Core && i%2 == 0 {
			file.Requirements = append(file.Requirements, r)
		}
	}
	text, err := json.Marshal(file)
	if err != nil {
		t.Fatal(err)
	}
	set, err := spec.ParseSet(text)
	if err != nil {
		t.Fatal(err)
	}
	own := newPen(t, certificate.Ed25519)
	data := written(t, certifiedRun(t, set, spec.Core), set, own.signer, "")
	v := examine(t, data, nil, own)
	if c := Certified(v, false); c.Code != app.ExitConformant || v.Claims.Set.Name != "2025-01" || !strings.Contains(fmt.Sprint(v.Notes), "does not have the set 2025-01") {
		t.Errorf("%+v: %+v", c, v)
	}
	// A set that has the name of a frozen one has to be that one.
	frozen, err := spec.ParseSet(text)
	if err != nil {
		t.Fatal(err)
	}
	v = examine(t, data, func(o *certificate.Options) { o.Sets = append(o.Sets, frozen) }, own)
	if !v.Sound(false) || len(v.Notes) != 0 {
		t.Errorf("%+v", v)
	}
	file.Requirements = file.Requirements[1:]
	text, _ = json.Marshal(file)
	if frozen, err = spec.ParseSet(text); err != nil {
		t.Fatal(err)
	}
	v = examine(t, data, func(o *certificate.Options) { o.Sets = append(o.Sets, frozen) }, own)
	if v.Sound(false) || !strings.Contains(fmt.Sprint(v.Evidence), "set.json: it is not the set 2025-01 that this suite froze") {
		t.Errorf("%+v", v)
	}
}

// har is a recording as far as these tests change it.
func har(t *testing.T, recording []byte) (file map[string]any, entries []any) {
	t.Helper()
	if err := json.Unmarshal(recording, &file); err != nil {
		t.Fatal(err)
	}
	return file, file["log"].(map[string]any)["entries"].([]any)
}

func exchanges(t *testing.T, recording []byte) int {
	_, all := har(t, recording)
	return len(all)
}

func without(t *testing.T, recording []byte, at int) []byte {
	file, all := har(t, recording)
	file["log"].(map[string]any)["entries"] = append(append([]any{}, all[:at]...), all[at+1:]...)
	text, err := json.Marshal(file)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
