package certifycmd

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sa-conformance/conformance/internal/certificate"
	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/runs"
)

// told begins a run in the vendor's chain, of which the next session with the witness is told.
func (s *stage) told(path string) *runs.File {
	s.Helper()
	chain := runs.Open(path, time.Now)
	if _, err := chain.Begin(certificate.Canonical(s.cfg.Target), true); err != nil {
		s.Fatal(err)
	}
	s.line = chain.Head()
	return chain
}

// ended ends a run in the vendor's chain, and returns the chain.
func (s *stage) ended(chain *runs.File, run, verdict string) []byte {
	s.Helper()
	data, err := chain.End(run, verdict)
	if err != nil {
		s.Fatal(err)
	}
	return data
}

// scene is an honest bundle with the word of a witness, and what else a forger has: a bundle of another run of an hour later, the words
// of the witness on both runs, and a chain of runs that begins again with as many runs as the witness saw.
type scene struct {
	*stage

	honest, alone, testimony, replayed, restarted []byte
	refused                                       func(t *testing.T, data []byte, target, challenge string, reasons ...string)
}

// forge changes what the witness saw, what the vendor recorded, or the runs before.
func (s *scene) forge(t *testing.T) {
	const unseen, lost = "the witness did not see the exchange", "of the exchanges that the witness saw"
	in := func(member string, change func([]byte) []byte) []byte {
		return s.forged(s.honest, nonce, change, member)
	}
	recorded := func(change func([]entry) []entry) []byte {
		return in(certificate.RecordingFile, func(text []byte) []byte { return rewritten(t, text, change) })
	}
	for name, c := range map[string]struct {
		data    []byte
		reasons []string
	}{
		"the word of the witness on another run of the same day": {
			in(certificate.WitnessFile, func([]byte) []byte { return s.replayed }), []string{unseen},
		},
		"the word of the witness cut short": {
			in(certificate.WitnessFile, func(text []byte) []byte { return shortened(t, text) }), []string{"the signature of one of 1 witnesses is required, and another one signed"},
		},
		"an exchange left out": {
			recorded(func(all []entry) []entry { return slices.Delete(all, len(all)/2, len(all)/2+1) }), []string{"lacks 1 " + lost},
		},
		"an exchange told twice": {
			recorded(func(all []entry) []entry { return append(all, again(t, all[len(all)/2])) }), []string{unseen},
		},
		"the responses to two alike requests exchanged": {
			recorded(func(all []entry) []entry {
				a, b := twoLists(t, all)
				a["response"], b["response"] = b["response"], a["response"]
				return all
			}), []string{unseen},
		},
		"two alike exchanges told as one another": {
			recorded(func(all []entry) []entry {
				a, b := twoLists(t, all)
				for _, name := range []string{"id", "probe", "step"} {
					a.own()[name], b.own()[name] = b.own()[name], a.own()[name]
				}
				return all
			}), []string{unseen},
		},
		"an exchange told ten seconds earlier": {
			recorded(func(all []entry) []entry { return moved(t, all, all[len(all)/2:len(all)/2+1], -10*time.Second) }), []string{"at other times, or in another order"},
		},
		"all exchanges told an hour earlier": {
			s.forged(s.honest, nonce, func(text []byte) []byte { return hourBefore(t, text) }, certificate.ReportFile, certificate.RecordingFile),
			[]string{unseen, "it saw a run that ended at", "a timestamp of an authority is required, and this one does not count"},
		},
		"a header field added to a response whose header is said to be cut": {
			recorded(func(all []entry) []entry {
				a, _ := twoLists(t, all)
				a.own()["headerCut"] = true
				response := a["response"].(map[string]any)
				response["headers"] = append(response["headers"].([]any), map[string]any{"name": "X-Content-Type-Options", "value": "nosniff"})
				return all
			}), []string{unseen},
		},
		"what is said of a token that was created": {
			in(certificate.RecordingFile, func(text []byte) []byte { return otherToken(t, text, `\"accessToken\":\"`) }), []string{unseen},
		},
		"what is said of a token that was presented": {
			in(certificate.RecordingFile, func(text []byte) []byte { return otherToken(t, text, "Bearer ") }), []string{unseen},
		},
		"a chain of runs that begins again": {
			in(certificate.RunsFile, func([]byte) []byte { return s.restarted }),
			[]string{"the chain of runs is required, and this is another one: it lacks 2 of the runs against the target of whose beginning the witness was told"},
		},
	} {
		t.Run(name, func(t *testing.T) { s.refused(t, c.data, s.cfg.Target, nonce, c.reasons...) })
	}
	t.Run("another address than the witness was connected to", func(t *testing.T) {
		s.connection = &certificate.Connection{Address: "203.0.113.7", Chain: []certificate.PeerCertificate{}}
		defer func() { s.connection = nil }()
		s.refused(t, in(certificate.BadgeFile, func(text []byte) []byte { return text }), s.cfg.Target, nonce, "it was connected to somebody else than the certificate says")
	})
	t.Run("the timestamp of another file", func(t *testing.T) {
		members := parts(t, s.honest)
		members[certificate.TimestampFile] = parts(t, s.alone)[certificate.TimestampFile]
		v := examine(t, packed(t, members, nil), func(o *certificate.Options) {
			o.Challenge, o.Required = nonce, []certificate.Required{s.recommended(s.cfg.Target)}
		}, s.vendor)
		if c := Certified(v, false); c.Code != app.ExitNonConformant || !strings.Contains(strings.Join(v.Unmet, "\n"), "a timestamp of an authority is required, and there is none that is valid") {
			t.Errorf("%s: %q", c.Text, v.Unmet)
		}
	})
}

// entry is an exchange of a recording.
type entry map[string]any

// own is what the suite says of it.
func (e entry) own() map[string]any { return e["_conformance"].(map[string]any) }

// rewritten is a recording with other entries.
func rewritten(t *testing.T, recording []byte, change func([]entry) []entry) []byte {
	t.Helper()
	var archive map[string]any
	if err := json.Unmarshal(recording, &archive); err != nil {
		t.Fatal(err)
	}
	log := archive["log"].(map[string]any)
	var all []entry
	for _, e := range log["entries"].([]any) {
		all = append(all, e.(map[string]any))
	}
	log["entries"] = change(all)
	text, err := json.Marshal(archive)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// twoLists are two lists that one credential asked for, for other purposes, with other responses.
func twoLists(t *testing.T, all []entry) (a, b entry) {
	t.Helper()
	for _, e := range all {
		if e.own()["operation"] != "listServiceAccounts" && !strings.Contains(fmt.Sprint(e.own()["step"]), "list") {
			continue
		}
		status := e["response"].(map[string]any)["status"]
		switch {
		case e["request"].(map[string]any)["method"] != http.MethodGet || e.own()["identity"] != "operator" || status != 200.0:
		case a == nil:
			a = e
		case a["request"].(map[string]any)["url"] == e["request"].(map[string]any)["url"] && a.own()["step"] != e.own()["step"] &&
			fmt.Sprint(a["response"]) != fmt.Sprint(e["response"]):
			return a, e
		}
	}
	t.Fatal("the recording has no two lists")
	return nil, nil
}

// moved tells some exchanges at another time.
func moved(t *testing.T, all, some []entry, by time.Duration) []entry {
	t.Helper()
	for _, e := range some {
		started, err := time.Parse(time.RFC3339Nano, e.own()["startedAt"].(string))
		if err != nil {
			t.Fatal(err)
		}
		e.own()["startedAt"] = started.Add(by).Format(time.RFC3339Nano)
	}
	return all
}

// hourBefore is a report or a recording of an hour earlier.
func hourBefore(t *testing.T, text []byte) []byte {
	t.Helper()
	return regexp.MustCompile(`\\?"(startedAt|startedDateTime)\\?": ?\\?"([^"\\]+)\\?"`).ReplaceAllFunc(text, func(member []byte) []byte {
		at := regexp.MustCompile(`\d{4}-[^"\\]+`).Find(member)
		started, err := time.Parse(time.RFC3339Nano, string(at))
		if err != nil {
			t.Fatal(err)
		}
		return []byte(strings.Replace(string(member), string(at), started.Add(-time.Hour).Format(time.RFC3339Nano), 1))
	})
}

// otherToken is a recording that says something else of the first token that follows a text, wherever it has it.
func otherToken(t *testing.T, recording []byte, before string) []byte {
	t.Helper()
	_, rest, _ := bytes.Cut(recording, []byte(before+"redacted-token."))
	word := regexp.MustCompile(`redacted-token\.v1\.[A-Za-z0-9_-]+`).Find(append([]byte("redacted-token."), rest...))
	text, err := base64.RawURLEncoding.DecodeString(strings.TrimPrefix(string(word), "redacted-token.v1."))
	if err != nil || len(text) == 0 {
		t.Fatalf("no token in the recording: %v", err)
	}
	other := regexp.MustCompile(`"characters":\d+`).ReplaceAllString(string(text), `"characters":999`)
	return []byte(strings.ReplaceAll(string(recording), string(word), "redacted-token.v1."+base64.RawURLEncoding.EncodeToString([]byte(other))))
}

// shortened is what a witness signed without its last exchange. The signature stays.
func shortened(t *testing.T, envelope []byte) []byte {
	t.Helper()
	var sealed, said map[string]any
	if err := json.Unmarshal(envelope, &sealed); err != nil {
		t.Fatal(err)
	}
	was := sealed["payload"].(string)
	payload, err := base64.StdEncoding.DecodeString(was)
	if err := errors.Join(err, json.Unmarshal(payload, &said)); err != nil {
		t.Fatal(err)
	}
	entries := said["predicate"].(map[string]any)["entries"].([]any)
	last, err := json.Marshal(entries[len(entries)-1].(map[string]any)["chain"])
	if err != nil {
		t.Fatal(err)
	}
	from := bytes.LastIndex(payload[:bytes.LastIndex(payload, last)], []byte(`,{"number":`))
	now := base64.StdEncoding.EncodeToString(append(payload[:from:from], "]}}"...))
	return bytes.Replace(envelope, []byte(was), []byte(now), 1)
}

// again is the same exchange, told as another one.
func again(t *testing.T, e entry) (other entry) {
	t.Helper()
	text, err := json.Marshal(e)
	if err := errors.Join(err, json.Unmarshal(text, &other)); err != nil {
		t.Fatal(err)
	}
	other.own()["id"] = fmt.Sprint(e.own()["id"], "#9")
	return other
}

// spliced is a recording with the response of another one in the place of its own, in one exchange that both have.
func spliced(t *testing.T, recording, other []byte) []byte {
	t.Helper()
	var into, from map[string]any
	if err := errors.Join(json.Unmarshal(recording, &into), json.Unmarshal(other, &from)); err != nil {
		t.Fatal(err)
	}
	create := func(archive map[string]any) map[string]any {
		for _, entry := range archive["log"].(map[string]any)["entries"].([]any) {
			if entry := entry.(map[string]any); strings.Contains(fmt.Sprint(entry["_conformance"]), "create.minimal/create") {
				return entry
			}
		}
		t.Fatal("no create in the recording")
		return nil
	}
	create(into)["response"] = create(from)["response"]
	text, err := json.Marshal(into)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// resealed is the statement of an envelope, signed by somebody else.
func resealed(t *testing.T, envelope []byte, signer *certificate.Signer) []byte {
	t.Helper()
	var sealed struct{ Payload []byte }
	if err := json.Unmarshal(envelope, &sealed); err != nil {
		t.Fatal(err)
	}
	again, err := certificate.Seal(t.Context(), sealed.Payload, signer)
	if err != nil {
		t.Fatal(err)
	}
	return again
}
