package suites

import (
	"bytes"
	"context"
	"net/http"
	"strings"

	"github.com/onsi/gomega/types"

	"github.com/sa-conformance/conformance/fixtures"
	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/probe"
	"github.com/sa-conformance/conformance/spec"
	. "github.com/sa-conformance/conformance/suites/matcher"
)

const updateProbe = "update.account"

// updatedAccount changes all that a client may change of one account, takes its groups away again, and then asks for
// changes that the contract does not allow. At last it leaves out what an account has and need not have.
func updatedAccount() probe.Probe {
	return probe.Probe{Name: updateProbe, Steps: 12, Run: func(ctx context.Context, s *probe.Session) {
		created, ok := subject(ctx, s, fixtures.Fill("good/described.json", fixtures.Values{Name: s.Name("update-before")}))
		if !ok {
			return
		}
		id, name, group := created.AccountID(), s.Name("update-after"), oneGroup(s)
		own := ownList(s, created.AccessToken())
		s.Await(ctx, "token-before", own, isAuthenticated)
		s.ListWith(ctx, "list-before", id)
		retryOnConflict(ctx, s, "update", s.UpdateRequest(id, fixtures.Fill("good/updated.json", fixtures.Values{Name: name, Groups: group})))
		sideBySide(
			func() {
				s.Await(ctx, "list", s.ListRequest(), func(e *exchange.Exchange) bool { return shows(e, id, name, len(group)) })
			},
			func() { s.Await(ctx, "token-after", own, isAuthenticated) },
		)
		if len(group) > 0 {
			retryOnConflict(ctx, s, "clear", s.UpdateRequest(id, fixtures.Fill("good/updated.json", fixtures.Values{Name: name})))
		}
		parts := []func(){
			func() {
				s.Send(ctx, "unknown", s.UpdateRequest(s.Invented(unknownLike(id)), fixtures.Minimal(s.Name("update-unknown"))))
			},
			func() {
				s.Send(ctx, notUUID, s.UpdateRequest(s.Invented(notUUID), fixtures.Minimal(s.Name("update-not-uuid"))))
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
		sideBySide(parts...)
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

func updating(s *check.Suite) {
	s.Section("Updating a service account", updatedAccount(), func() {
		s.Must("update.clears.left-out", func(ev *exchange.Evidence) {
			Expect(finalResponse(ev, "bare")).To(HaveStatus(http.StatusOK))
			list, at := listed(ev, "list-bare")
			for pointer, cleared := range map[string]types.GomegaMatcher{"/metadata/description": BeEmpty(), "/metadata/tags": HoldNoTag()} {
				Expect(account(ev, "bare")).To(MayHaveMember(pointer, cleared))
				Expect(list).To(MayHaveMember(at+pointer, cleared))
			}
		})
	})
	s.Section("Updating a service account", updatedAccount(), func() {
		s.Must("update.status.ok", func(ev *exchange.Evidence) {
			Expect(finalResponse(ev, "update")).To(HaveStatus(http.StatusOK))
		})
		changeChecks(s)
		keepChecks(s)
		s.Must("update.body.schema", func(ev *exchange.Evidence) {
			Expect(account(ev, "update")).To(MatchContract(s.Contract, spec.AspectMediaType, spec.AspectJSON, spec.AspectSchema, spec.AspectFormat))
		})
		s.Must("update.rejects.malformed", func(ev *exchange.Evidence) {
			Expect(ev.Every("malformed-")).To(EachAnswered(beRefused()))
		})
		s.Must("update.rejects.no-json", func(ev *exchange.Evidence) {
			Expect(ev.Every("no-json-")).To(EachAnswered(beRefused()))
		})
		s.Must("update.rejects.nothing-changed", func(ev *exchange.Evidence) {
			updated := account(ev, "update")
			list, at := listed(ev, "list-after")
			Expect(list).To(HaveMember(at+"/metadata/name", BeExactly(sent(updated, "/metadata/name"))))
			Expect(list).To(HaveMember(at+"/metadata/description", BeExactly(sent(updated, "/metadata/description"))))
		})
		s.Must("update.unknown.not-found", func(ev *exchange.Evidence) {
			Expect(ev.At("unknown")).To(HaveStatus(http.StatusNotFound))
		})
		s.Must("update.malformed-id.refused", func(ev *exchange.Evidence) {
			Expect(ev.At(notUUID)).To(BeClientError())
		})
	})
}

func changeChecks(s *check.Suite) {
	s.Must("update.changes.name", func(ev *exchange.Evidence) {
		e := account(ev, "update")
		Expect(e).To(HaveMember("/metadata/name", BeExactly(sent(e, "/metadata/name"))))
	})
	s.Must("update.changes.description", func(ev *exchange.Evidence) {
		e := account(ev, "update")
		Expect(e).To(HaveMember("/metadata/description", BeExactly(sent(e, "/metadata/description"))))
	})
	s.Must("update.changes.tags", func(ev *exchange.Evidence) {
		e := account(ev, "update")
		Expect(e).To(HaveMember("/metadata/tags", All(HoldTags(sent(e, "/metadata/tags")), LackTag("owner"))))
	})
	s.Must("update.changes.groups", func(ev *exchange.Evidence) {
		e := account(ev, "update")
		Expect(e).To(HaveMember("/spec/groupIDs", BeSameSet(ev.Facts().Groups[0])))
	})
	s.Must("update.listed.agrees", func(ev *exchange.Evidence) {
		e := account(ev, "update")
		list, at := listed(ev, "list")
		Expect(list).To(HaveMember(at+"/metadata/name", BeExactly(sent(e, "/metadata/name"))))
		Expect(list).To(HaveMember(at+"/metadata/description", BeExactly(sent(e, "/metadata/description"))))
		Expect(list).To(HaveMember(at+"/metadata/tags", All(HoldTags(sent(e, "/metadata/tags")), LackTag("owner"))))
		Expect(list).To(HaveMember(at+"/spec/groupIDs", BeSameSet(stringsOf(sent(e, "/spec/groupIDs"))...)))
	})
	s.Must("update.clears.groups", func(ev *exchange.Evidence) {
		Expect(finalResponse(ev, "clear")).To(HaveStatus(http.StatusOK))
		Expect(account(ev, "clear")).To(HaveMember("/spec/groupIDs", BeSameSet([]string{}...)))
		list, at := listed(ev, "list-after")
		Expect(list).To(HaveMember(at+"/spec/groupIDs", BeSameSet([]string{}...)))
	})
}

func keepChecks(s *check.Suite) {
	s.Must("update.keeps.identity", func(ev *exchange.Evidence) {
		e := account(ev, "update")
		for _, pointer := range []string{"/metadata/id", "/metadata/organizationId", "/metadata/creationTime"} {
			Expect(e).To(HaveMember(pointer, BeAsBefore(pointer, shownBefore(ev, pointer)...)))
		}
	})
	s.Should("update.keeps.expiry", func(ev *exchange.Evidence) {
		Expect(account(ev, "update")).To(HaveMember("/status/expiry", BeAsBefore("/status/expiry", shownBefore(ev, "/status/expiry")...)))
	})
	s.Must("update.token.absent", func(ev *exchange.Evidence) {
		Expect(account(ev, "update")).To(LackToken("/status/accessToken"))
	})
	s.Should("update.token.survives", func(ev *exchange.Evidence) {
		account(ev, "update")
		if before := ev.At("token-before"); !isAuthenticated(before) {
			inconclusive("the token did not authenticate before the update either")
		}
		Expect(ev.At("token-after")).To(BeAuthenticated())
	})
}

// stringsOf are the strings of an array in a request of ours.
func stringsOf(value any) []string {
	items, _ := value.([]any)
	found := []string{}
	for _, item := range items {
		if id, ok := item.(string); ok {
			found = append(found, id)
		}
	}
	return found
}
