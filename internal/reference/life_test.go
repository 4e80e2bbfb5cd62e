package reference

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sa-conformance/conformance/internal/reference/uuid"
)

func TestUpdate(t *testing.T) {
	r := newRig(t, Config{})
	id, token := r.create(`{"metadata":{"name":"a","description":"d","tags":[{"name":"n","value":"v"}]},"spec":{"groupIDs":["` + r.creds.Groups[0] + `"]}}`)
	r.clock = start.Add(time.Minute)
	a := r.do("PUT", r.collection()+"/"+strings.ToUpper(id), r.creds.Token, `{"metadata":{"name":"b"},"spec":{"groupIDs":["`+r.creds.Groups[1]+`"]}}`)
	r.want(a, http.StatusOK)
	operator := r.server.seed.operator.id
	want := map[string]any{
		"metadata": map[string]any{
			"id": id, "name": "b", "organizationId": r.creds.Organization,
			"creationTime": "2026-03-01T12:00:00.500000Z", "createdBy": operator,
			"modifiedTime": "2026-03-01T12:01:00.500000Z", "modifiedBy": operator,
			"provisioningStatus": "provisioned", "healthStatus": "healthy", "generation": 2.0,
		},
		"spec":   map[string]any{"groupIDs": []any{r.creds.Groups[1]}},
		"status": map[string]any{"expiry": "2026-05-30T12:00:00+00:00"},
	}
	if diff := cmp.Diff(want, a.json); diff != "" {
		t.Error(diff)
	}
	r.want(r.do("GET", userinfoPath, token, ""), http.StatusOK)
	r.want(r.do("PUT", r.collection()+"/"+id, r.creds.Token, `{}`), http.StatusBadRequest)
	r.want(r.do("PUT", r.collection()+"/"+uuid.New(), r.creds.Token, minimal), http.StatusNotFound)
	r.want(r.do("PUT", r.collection()+"/"+r.server.seed.operator.id, r.creds.Token, minimal), http.StatusNotFound)
	r.want(r.do("PUT", r.collection()+"/x", r.creds.Token, minimal), http.StatusBadRequest)
}

func TestRotate(t *testing.T) {
	r := newRig(t, Config{})
	id, first := r.create(minimal)
	r.clock = start.Add(time.Minute)
	a := r.do("POST", r.collection()+"/"+id+"/rotate", r.creds.Token, "")
	r.want(a, http.StatusOK)
	second := a.at("status.accessToken")
	if second == first || a.at("status.expiry") != "2026-05-30T12:01:00+00:00" || a.header.Get("Cache-Control") != "no-store" {
		t.Errorf("status %v, header %v", a.json["status"], a.header)
	}
	if a.at("metadata.id") != id || a.at("metadata.name") != "x" || a.at("metadata.creationTime") != "2026-03-01T12:00:00.500000Z" {
		t.Errorf("metadata %v", a.json["metadata"])
	}
	r.want(r.do("GET", userinfoPath, first, ""), http.StatusUnauthorized)
	own := r.do("POST", r.collection()+"/"+id+"/rotate", second, `not looked at`)
	r.want(own, http.StatusOK)
	r.want(r.do("POST", r.collection()+"/"+id+"/rotate", second, ""), http.StatusUnauthorized)
	r.want(r.do("GET", userinfoPath, own.at("status.accessToken"), ""), http.StatusOK)
	r.want(r.do("POST", r.collection()+"/"+uuid.New()+"/rotate", r.creds.Token, ""), http.StatusNotFound)
}

func TestRotateLosesTheRace(t *testing.T) {
	var r *rig
	var meanwhile func()
	r = newRig(t, Config{Hooks: Hooks{Claims: func(map[string]any) {
		if f := meanwhile; f != nil {
			meanwhile = nil
			f()
		}
	}}})
	id, _ := r.create(minimal)
	meanwhile = func() { r.want(r.do("POST", r.collection()+"/"+id+"/rotate", r.creds.Token, ""), http.StatusOK) }
	r.want(r.do("POST", r.collection()+"/"+id+"/rotate", r.creds.Token, ""), http.StatusConflict)
	meanwhile = func() { r.want(r.do("DELETE", r.collection()+"/"+id, r.creds.Token, ""), http.StatusOK) }
	r.want(r.do("POST", r.collection()+"/"+id+"/rotate", r.creds.Token, ""), http.StatusNotFound)
}

func TestUpdateLosesTheRace(t *testing.T) {
	r := newRig(t, Config{})
	if _, err := r.server.store.write(r.creds.Organization, uuid.New(), content{}, start, ""); err == nil {
		t.Error("an account that is gone was written")
	}
}

func TestDelete(t *testing.T) {
	r := newRig(t, Config{})
	id, token := r.create(minimal)
	a := r.do("DELETE", r.collection()+"/"+id, r.creds.Token, "")
	r.want(a, http.StatusOK)
	if a.text != "" || a.header.Get("Content-Length") != "0" || a.header.Get("Content-Type") != "" {
		t.Errorf("body %q, header %v", a.text, a.header)
	}
	r.want(r.do("DELETE", r.collection()+"/"+id, r.creds.Token, ""), http.StatusNotFound)
	r.want(r.do("GET", userinfoPath, token, ""), http.StatusUnauthorized)
	if n := r.server.Count(r.creds.Organization); n != 0 {
		t.Errorf("Count = %d", n)
	}
}

func TestServiceAccountsMayDoLittle(t *testing.T) {
	r := newRig(t, Config{})
	other, _ := r.create(minimal)
	id, token := r.create(`{"metadata":{"name":"me"},"spec":{"groupIDs":["` + r.creds.Groups[0] + `"]}}`)
	r.want(r.do("POST", r.collection(), token, "not JSON"), http.StatusForbidden)
	r.want(r.do("POST", r.collection(), r.creds.RestrictedToken, minimal), http.StatusForbidden)
	if diff := cmp.Diff([]string{"me"}, r.names(token)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"seed-restricted"}, r.names(r.creds.RestrictedToken)); diff != "" {
		t.Error(diff)
	}
	for _, target := range []string{id, other, uuid.New()} {
		r.want(r.do("PUT", r.collection()+"/"+target, token, minimal), http.StatusForbidden)
		r.want(r.do("DELETE", r.collection()+"/"+target, token, ""), http.StatusForbidden)
		if target != id {
			r.want(r.do("POST", r.collection()+"/"+target+"/rotate", token, ""), http.StatusForbidden)
		}
	}
}

func TestForeignOrganizations(t *testing.T) {
	r := newRig(t, Config{})
	id, token := r.create(minimal)
	for _, organization := range []string{r.creds.OtherOrganization, uuid.New()} {
		path := strings.Replace(r.collection(), r.creds.Organization, organization, 1)
		for _, presented := range []string{r.creds.Token, token} {
			for _, q := range [][3]string{{"GET", ""}, {"POST", "", "{"}, {"PUT", "/" + id}, {"DELETE", "/" + id}, {"POST", "/" + id + "/rotate"}} {
				a := r.do(q[0], path+q[1], presented, q[2])
				r.want(a, http.StatusForbidden)
				if !strings.Contains(a.header.Get("WWW-Authenticate"), `error="insufficient_scope"`) {
					t.Errorf("challenge %q", a.header.Get("WWW-Authenticate"))
				}
			}
		}
	}
	neighbour := account{id: uuid.New(), organization: r.creds.OtherOrganization}
	r.server.store.add(neighbour)
	r.want(r.do("DELETE", r.collection()+"/"+neighbour.id, r.creds.Token, ""), http.StatusNotFound)
}

func TestConcurrency(t *testing.T) {
	r := newRig(t, Config{Now: time.Now})
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			id, token := r.create(minimal)
			r.do("PUT", r.collection()+"/"+id, r.creds.Token, minimal)
			r.names(token)
			r.do("POST", r.collection()+"/"+id+"/rotate", token, "")
			r.do("GET", userinfoPath, token, "")
			r.want(r.do("DELETE", r.collection()+"/"+id, r.creds.Token, ""), http.StatusOK)
		})
	}
	wg.Wait()
	if n, m := r.server.Count(r.creds.Organization), len(r.server.store.tokens); n != 0 || m != len(r.server.seed.accounts()) {
		t.Errorf("%d accounts and %d tokens left", n, m)
	}
}
