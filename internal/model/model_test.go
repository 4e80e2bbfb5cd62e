package model

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/sa-conformance/conformance/internal/exchange"
)

const (
	organization = "d4600d6e-e965-4b44-a808-84fb2fa36702"
	id           = "ee45f34b-9685-40d8-8724-23c31252ca46"
	group        = "0aaba80d-67ef-4799-b6d9-59f37e2ce2ad"
)

// said makes exchanges one after the other, a second apart.
type said struct{ all []*exchange.Exchange }

func (s *said) add(operation, method, path, request string, status int, response string, after time.Duration) {
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	if n := len(s.all); n > 0 {
		start = s.all[n-1].FinishedAt().Add(after)
	}
	s.all = append(s.all, &exchange.Exchange{
		ID: fmt.Sprintf("test/%d", len(s.all)), Operation: operation, Identity: "operator", StartedAt: start,
		Timings:  exchange.Timings{Total: 10 * time.Millisecond},
		Request:  exchange.Request{Method: method, URL: "https://host/api/v1/organizations/" + organization + "/serviceaccounts" + path, Body: []byte(request)},
		Response: &exchange.Response{Status: status, Body: []byte(response)},
	})
}

func (s *said) list(after time.Duration, items ...string) {
	s.add(operationList, http.MethodGet, "", "", 200, "["+strings.Join(items, ",")+"]", after)
}

// shown is an account as responses show it.
func shown(name, description, groups, more string) string {
	return `{"metadata":{"id":"` + id + `","organizationId":"` + organization + `","name":"` + name + `","description":"` + description + `",
		"creationTime":"2026-01-01T00:00:00Z","createdBy":"me"` + more + `},"spec":{"groupIDs":[` + groups + `]},"status":{"expiry":"2026-04-01T00:00:00Z"}}`
}

func sent(name, description, groups string) string {
	return `{"metadata":{"name":"` + name + `","description":"` + description + `"},"spec":{"groupIDs":[` + groups + `]}}`
}

// asJSON says of every request that it carries JSON.
func asJSON(s *said) {
	for _, e := range s.all {
		e.Request.Header = http.Header{"Content-Type": {"application/json"}}
	}
}

// failing are four lists, of which some got 500 before.
func failing(s *said, times int, groups string) {
	for i := range 4 {
		before := len(s.all)
		if i < times {
			s.add(operationList, http.MethodGet, "", "", 500, "{}", time.Second)
		}
		s.list(2*time.Second, shown("a", "b", groups, ""))
		for _, e := range s.all[before:] {
			e.Step = fmt.Sprintf("list-%d", i)
		}
	}
}

func TestModel(t *testing.T) {
	quoted := `"` + group + `"`
	created := func() *said {
		s := &said{}
		s.add(operationCreate, http.MethodPost, "", sent("a", "b", quoted), 201, shown("a", "b", quoted, ""), 0)
		return s
	}
	for name, test := range map[string]struct {
		say  func(s *said)
		want string // promise and pointer
	}{
		"as it was":       {func(s *said) { s.list(2*time.Second, shown("a", "b", quoted, "")) }, ""},
		"an extra member": {func(s *said) { s.list(2*time.Second, shown("a", "b", quoted, `,"extra":1`)) }, ""},
		"absent":          {func(s *said) { s.list(2 * time.Second) }, "present "},
		"absent, and shown later": {func(s *said) {
			s.list(2 * time.Second)
			s.list(time.Second, shown("a", "b", quoted, ""))
		}, ""},
		"absent after it was shown": {func(s *said) {
			s.list(2*time.Second, shown("a", "b", quoted, ""))
			s.list(time.Second)
		}, "present "},
		"absent a moment after": {func(s *said) { s.list(50 * time.Millisecond) }, ""},
		"another description":   {func(s *said) { s.list(2*time.Second, shown("a", "c", quoted, "")) }, "content /0/metadata/description"},
		"without the group":     {func(s *said) { s.list(2*time.Second, shown("a", "b", "", "")) }, "content /0/spec/groupIDs"},
		"the id in upper case": {func(s *said) {
			s.list(2*time.Second, strings.Replace(shown("a", "b", quoted, ""), id, strings.ToUpper(id), 1))
		}, ""},
		"another creator": {func(s *said) { s.list(2*time.Second, strings.Replace(shown("a", "b", quoted, ""), `"me"`, `"you"`, 1)) }, "identity /0/metadata/createdBy"},
		"another expiry": {func(s *said) {
			s.list(2*time.Second, strings.Replace(shown("a", "b", quoted, ""), "2026-04-01", "2026-04-02", 1))
		}, "expiry /0/status/expiry"},
		"after a refused update": {func(s *said) {
			s.add(operationUpdate, http.MethodPut, "/"+id, sent("", "x", ""), 400, "{}", time.Second)
			s.list(2*time.Second, shown("a", "x", "", ""))
		}, "content /0/metadata/description"},
		"after an unanswered update": {func(s *said) {
			s.add(operationUpdate, http.MethodPut, "/"+id, sent("x", "x", ""), 500, "{}", time.Second)
			s.list(2*time.Second, shown("a", "x", "", ""))
		}, ""},
		"after an update": {func(s *said) {
			s.add(operationUpdate, http.MethodPut, "/"+id, sent("x", "", ""), 200, shown("x", "", "", ""), time.Second)
			s.list(2*time.Second, shown("x", "", "", ""))
		}, ""},
		"after an update that was forgotten": {func(s *said) {
			s.add(operationUpdate, http.MethodPut, "/"+id, sent("x", "", ""), 200, shown("x", "", "", ""), time.Second)
			s.list(2*time.Second, shown("a", "b", quoted, ""))
		}, "content /0/metadata/name"},
		"an update that shows what was there": {func(s *said) {
			s.add(operationUpdate, http.MethodPut, "/"+id, sent("x", "", ""), 200, shown("x", "b", "", ""), time.Second)
			s.list(2*time.Second, shown("x", "b", "", ""))
		}, "echo /metadata/description"},
		"an object that was taken for a description": {func(s *said) {
			object := func(text string) string {
				return strings.Replace(text, `"description":"x"`, `"description":{"a":1}`, 1)
			}
			s.add(operationUpdate, http.MethodPut, "/"+id, object(sent("x", "x", "")), 200, object(shown("x", "x", "", "")), time.Second)
			s.list(2*time.Second, object(shown("x", "x", "", "")))
		}, ""},
		"after a deletion": {func(s *said) {
			s.add(operationDelete, http.MethodDelete, "/"+id, "", 200, "", time.Second)
			s.list(2 * time.Second)
		}, ""},
		"a second account of one id": {func(s *said) {
			s.add(operationCreate, http.MethodPost, "", sent("z", "", ""), 201, shown("z", "", "", ""), time.Second)
			s.list(2*time.Second, shown("a", "b", quoted, ""))
		}, ""},
		"two names in one create": {func(s *said) {
			s.add(operationUpdate, http.MethodPut, "/"+id, `{"metadata":{"name":"x","name":"y"},"spec":{"groupIDs":[]}}`, 200, shown("x", "", "", ""), time.Second)
			s.list(2*time.Second, shown("x", "", "", ""))
		}, ""},
		"an empty description dropped, and then kept": {func(s *said) {
			for range 2 {
				s.add(operationUpdate, http.MethodPut, "/"+id, sent("x", "", ""), 200, strings.Replace(shown("x", "", "", ""), `"description":"",`, "", 1), 2*time.Second)
				s.list(2*time.Second, shown("x", "", "", ""))
			}
			s.add(operationUpdate, http.MethodPut, "/"+id, sent("x", "", ""), 200, shown("x", "", "", ""), 2*time.Second)
			asJSON(s)
		}, "liberty "},
		"an unknown group ignored, and then refused": {func(s *said) {
			unknown := `"3d1b6a0e-52f7-4c44-9d2a-7c0b9e8f6a15"`
			s.list(2*time.Second, shown("a", "b", quoted, ""))
			s.add(operationUpdate, http.MethodPut, "/"+id, sent("x", "y", unknown), 200, shown("x", "y", "", ""), 2*time.Second)
			s.add(operationUpdate, http.MethodPut, "/"+id, sent("x", "y", unknown), 422, "{}", 2*time.Second)
			asJSON(s)
		}, "liberty "},
		"two liberties in one request": {func(s *said) {
			unknown := `"3d1b6a0e-52f7-4c44-9d2a-7c0b9e8f6a15"`
			s.list(2*time.Second, shown("a", "b", quoted, ""))
			s.add(operationUpdate, http.MethodPut, "/"+id, sent("x", "y", unknown), 200, shown("x", "y", "", ""), 2*time.Second)
			s.add(operationUpdate, http.MethodPut, "/"+id, sent("x", "", unknown), 422, "{}", 2*time.Second)
			asJSON(s)
		}, ""},
		"three of four lists failed at first": {func(s *said) { failing(s, 3, quoted) }, "steady "},
		"two of four lists failed at first":   {func(s *said) { failing(s, 2, quoted) }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := created()
			test.say(s)
			found := ""
			for _, c := range Follow(exchange.Facts{Organization: organization, Groups: []string{group}}, s.all).found {
				found = string(c.Promise) + " " + c.Pointer
				break
			}
			if found != test.want {
				t.Errorf("got %q, want %q", found, test.want)
			}
		})
	}
}
