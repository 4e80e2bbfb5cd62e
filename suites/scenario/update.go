package scenario

import (
	"bytes"
	"context"
	"strings"

	"github.com/sa-conformance/conformance/fixtures"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/probe"
)

const UpdateProbe = "update.account"

// UpdatedAccount changes all that a client may change of one account, takes its groups away again, and then asks for
// changes that the contract does not allow. At last it leaves out what an account has and need not have.
func UpdatedAccount() probe.Probe {
	return probe.Probe{Name: UpdateProbe, Steps: 12, Run: func(ctx context.Context, s *probe.Session) {
		created, ok := subject(ctx, s, fixtures.Fill("good/described.json", fixtures.Values{Name: s.Name("update-before")}))
		if !ok {
			return
		}
		id, name, group := created.AccountID(), s.Name("update-after"), oneGroup(s)
		own := ownList(s, created.AccessToken())
		s.Await(ctx, "token-before", own, IsAuthenticated)
		before := s.ListWith(ctx, "list-before", id)
		retryOnConflict(ctx, s, "update", s.UpdateRequest(id, fixtures.Fill("good/updated.json", fixtures.Values{Name: name, Groups: group})))
		SideBySide(
			func() {
				s.Await(ctx, "list", s.ListRequest(), func(e *exchange.Exchange) bool { return shows(e, id, name, len(group)) })
			},
			func() { s.Await(ctx, "token-after", own, IsAuthenticated) },
		)
		if len(group) > 0 {
			retryOnConflict(ctx, s, "clear", s.UpdateRequest(id, fixtures.Fill("good/updated.json", fixtures.Values{Name: name})))
		}
		parts := []func(){
			func() {
				s.Send(ctx, "unknown", s.UpdateRequest(s.Invented(unknownBeside(id, before)), fixtures.Minimal(s.Name("update-unknown"))))
			},
			func() {
				s.Send(ctx, NotUUID, oddly(s, "update", s.UpdateRequest(NotUUID, fixtures.Minimal(s.Name("update-not-uuid")))))
			},
			func() {
				retryOnConflict(ctx, s, "malformed-long-name", s.UpdateRequest(id, fixtures.Fill("good/rich.json", fixtures.Values{
					Name: s.NameOf("update-refused", 57) + "-A.b_99", Mark: richText(s.Mark()) + "\nin two lines", Groups: s.Target().Groups,
				})))
			},
		}
		for _, file := range []string{"missing-name.json", "missing-spec.json", "name-number.json", "groups-text.json"} {
			step, _, _ := strings.Cut(file, ".")
			label := richName(s, "update-refused")
			body := fixtures.Fill("bad/"+file, fixtures.Values{Name: label, Mark: richText(label) + "\nin two lines", Groups: s.Target().Groups})
			parts = append(parts, func() { retryOnConflict(ctx, s, "malformed-"+step, s.UpdateRequest(id, body)) })
		}
		for step, body := range noJSON(s.Name("update-refused")) {
			parts = append(parts, func() { retryOnConflict(ctx, s, "no-json-"+step, s.UpdateRequest(id, body)) })
		}
		SideBySide(parts...)
		s.Await(ctx, "list-after", s.ListRequest(), func(e *exchange.Exchange) bool { return shows(e, id, name, 0) })
		bare := s.Name("update-bare")
		retryOnConflict(ctx, s, "bare", s.UpdateRequest(id, fixtures.Minimal(bare)))
		s.Await(ctx, "list-bare", s.ListRequest(), func(e *exchange.Exchange) bool { return shows(e, id, bare, 0) })
	}}
}

// noJSON are bodies that are no JSON text at all.
func noJSON(name string) map[string][]byte {
	return map[string][]byte{
		"empty":     nil,
		"truncated": bytes.TrimSuffix(bytes.TrimSpace(fixtures.Minimal(name)), []byte("}")),
		"yaml":      fixtures.Fill("bad/not-json/yaml.txt", fixtures.Values{Name: name, Mark: name}),
	}
}

// shows reports whether a list shows an account under a name and with a number of groups.
func shows(list *exchange.Exchange, id, name string, groups int) bool {
	account, _ := list.Listed(id)
	seen, _ := exchange.Lookup(account, "/metadata/name")
	members, _ := exchange.Lookup(account, "/spec/groupIDs")
	ids, _ := members.([]any)
	return seen == name && len(ids) == groups
}
