package suites

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/sa-conformance/conformance/internal/raced"
	"github.com/sa-conformance/conformance/internal/reference/listen"
	"github.com/sa-conformance/conformance/suites/scenario"

	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/probe"
	"github.com/sa-conformance/conformance/internal/reference"
	"github.com/sa-conformance/conformance/internal/report"
)

var statusLine = regexp.MustCompile(`(?m)^HTTP/[0-9.]+ (\d{3})`)

// TestCurlLinesRepeatWhatTheyShow lets a shell run the lines that reports print, against the server that was judged. What
// is aimed at accounts that are gone, or was answered otherwise by the state of that moment, is left out. Without curl on this
// machine, the test sends what a shell makes of the line.
func TestCurlLinesRepeatWhatTheyShow(t *testing.T) {
	raced.Rotate(t)
	_, err := exec.LookPath("curl")
	installed := err == nil
	server, err := reference.New(reference.Config{})
	if err != nil {
		t.Fatal(err)
	}
	listener, err := listen.Listen(context.WithoutCancel(t.Context()), "127.0.0.1:0", false, server)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	server.SetBaseURL(listener.URL)
	known := server.Credentials()
	result, err := Judge(t.Context(), engine.Config{
		Target: listener.URL, Organization: known.Organization, OtherOrganization: known.OtherOrganization, Groups: known.Groups,
		Token: known.Token, RestrictedToken: known.RestrictedToken, ExpiredToken: known.ExpiredToken, NotYetValidToken: known.NotYetValidToken,
		Plain: true, Journal: engine.NoJournal,
	})
	if err != nil {
		t.Fatal(err)
	}
	ran := 0
	var all sync.WaitGroup
	places := make(chan struct{}, 4)
	for i, e := range result.Recording.All() {
		stateless := e.Operation == probe.CreateOperation || e.Operation == probe.ListOperation || strings.HasPrefix(e.Probe, "method")
		if !stateless || !e.Answered() || regexp.MustCompile(`[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}`).MatchString(strings.ReplaceAll(e.Request.URL, known.Organization, "")) {
			continue
		}
		if e.Identity == "account" || strings.Contains(e.Identity, "revoked") || e.Probe == "token.life" || e.Probe == scenario.GuardProbe {
			continue // the account is gone, and its token with it
		}
		line := result.Report.Exchanges[i].Curl
		if strings.Contains(line, " --data-binary @body # ") {
			t.Errorf("%s has a body that no line holds", e.ID)
			continue
		}
		ran++
		places <- struct{}{}
		all.Go(func() {
			defer func() { <-places }()
			if !installed {
				read, err := readCurlLine(t, line, others(e, known))
				if err == nil {
					var got int
					if got, err = read.send(t); got != e.Status() {
						t.Errorf("%s got %d, and now with %d:\n%.600s", e.ID, e.Status(), got, line)
					}
				}
				if err != nil {
					t.Errorf("%s: %v:\n%.600s", e.ID, err, line)
				}
				return
			}
			shell := exec.CommandContext(t.Context(), "bash", "-c", line)
			shell.Env = append(os.Environ(), others(e, known)...)
			out, err := shell.CombinedOutput()
			if got := answered(out); err != nil || got != e.Status() {
				t.Errorf("%s got %d, and now with %d (%v):\n%.600s\n%.300s", e.ID, e.Status(), got, err, line, out)
			}
		})
	}
	all.Wait()
	if ran < 100 {
		t.Errorf("only %d lines were run", ran)
	}
}

// answered is the last status that curl shows, after those of the kind 100 Continue.
func answered(out []byte) int {
	for _, found := range statusLine.FindAllSubmatch(out, -1) {
		if status, _ := strconv.Atoi(string(found[1])); status >= 200 {
			return status
		}
	}
	return 0
}

// others are the variables of a line: those of the operator's credentials, and those of other ones in the order of the request.
func others(e *exchange.Exchange, known reference.Credentials) (variables []string) {
	count := 0
	variables = []string{
		"CONFORMANCE_TOKEN=" + known.Token, "CONFORMANCE_RESTRICTED_TOKEN=" + known.RestrictedToken,
		"CONFORMANCE_EXPIRED_TOKEN=" + known.ExpiredToken, "CONFORMANCE_NOT_YET_VALID_TOKEN=" + known.NotYetValidToken,
	}
	for _, value := range e.Request.Header["Authorization"] {
		credential := strings.TrimSpace(value)
		if _, after, ok := strings.Cut(credential, " "); ok {
			credential = after
		}
		if strings.Contains(credential, known.Token) {
			continue
		}
		name := "TOKEN"
		if count++; count > 1 {
			name = fmt.Sprintf("TOKEN_%d", count)
		}
		variables = append(variables, name+"="+credential)
	}
	return variables
}

// TestEveryCurlLineIsItsRequest judges targets that fail in several ways, and compares what a shell makes of every line in the
// report with the request that was sent.
func TestEveryCurlLineIsItsRequest(t *testing.T) {
	raced.Rotate(t)
	t.Parallel()
	for name, change := range map[string]map[int]int{
		"creates answered with 200": {201: 200}, "no 401": {401: 403}, "other refusals": {400: 409, 404: 400},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg, server := serve(t, reference.Config{}, statuses(change))
			known := server.Credentials()
			result := judged(t, t.Context(), hasty(cfg))
			if len(outcomes(result.Report, report.Fail)) == 0 {
				t.Error("nothing failed")
			}
			compared := 0
			for i, e := range result.Recording.All() {
				line := result.Report.Exchanges[i].Curl
				if strings.Contains(line, " --data-binary @body # ") {
					t.Errorf("%s has a body that no line holds", e.ID)
					continue
				}
				read, err := readCurlLine(t, line, others(e, known))
				if err != nil {
					t.Errorf("%s: %v:\n%.600s", e.ID, err, line)
					continue
				}
				difference, hidden := read.differs(e)
				if difference != "" {
					t.Errorf("%s: curl would send %.600s:\n%.600s", e.ID, difference, line)
				}
				if !hidden {
					compared++
				}
			}
			if total := len(result.Report.Exchanges); compared < total*9/10 {
				t.Errorf("of %d lines only %d can be compared", total, compared)
			}
		})
	}
}

// statuses changes the statuses of responses.
func statuses(change map[int]int) middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			a := recorded(next, r)
			maps.Copy(w.Header(), a.Header())
			w.WriteHeader(cmp.Or(change[a.Code], a.Code))
			_, _ = w.Write(a.Body.Bytes())
		})
	}
}
