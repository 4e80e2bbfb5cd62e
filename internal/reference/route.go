package reference

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/sa-conformance/conformance/internal/reference/uuid"
)

// call is one request to a known resource.
type call struct {
	*http.Request
	base         string  // URL of the service, without a trailing slash
	caller       account // zero where the resource is public
	organization string  // canonical UUID of the path
	account      string  // canonical UUID of the path
}

// resource is a path and what can be done to it.
type resource struct {
	path    string // with {organization} and {account} for identifiers
	public  bool   // needs no token
	methods map[string]func(*Server, call) (answer, error)

	organization, account string // what the path of a request has in their places
}

// resources is read only.
var resources = []resource{
	{path: configurationPath, public: true, methods: methods{"GET": (*Server).configuration}},
	{path: resourceMetadataPath, public: true, methods: methods{"GET": (*Server).resourceMetadata}},
	{path: keysPath, public: true, methods: methods{"GET": (*Server).publishedKeys}},
	{path: userinfoPath, methods: methods{"GET": (*Server).userinfo}},
	{path: collectionPath, methods: methods{"GET": (*Server).list, "POST": (*Server).create}},
	{path: collectionPath + "/{account}", methods: methods{"PUT": (*Server).update, "DELETE": (*Server).remove}},
	{path: collectionPath + "/{account}/rotate", methods: methods{"POST": (*Server).rotate}},
}

type methods = map[string]func(*Server, call) (answer, error)

const collectionPath = "/api/v1/organizations/{organization}/serviceaccounts"

// find returns the resource of an escaped path below the prefix. Paths are compared segment by segment, with case,
// and nothing is cleaned or redirected: a trailing or double slash is another path. An escaped slash is data.
func find(path string, belowPrefix bool) (resource, error) {
	if belowPrefix {
		segments := strings.Split(path, "/")
		for _, r := range resources {
			if r.match(segments) {
				return r, nil
			}
		}
	}
	return resource{}, refusal{status: http.StatusNotFound, description: "there is no such resource"}
}

// match works on its own copy, and keeps the identifiers there.
func (r *resource) match(segments []string) bool {
	want := strings.Split(r.path, "/")
	if len(want) != len(segments) {
		return false
	}
	for i, w := range want {
		segment, err := url.PathUnescape(segments[i])
		switch {
		case err != nil:
			return false
		case w == "{organization}" && segment != "":
			r.organization = segment
		case w == "{account}" && segment != "":
			r.account = segment
		case w != segment:
			return false
		}
	}
	return true
}

// allow is the value of the Allow header (RFC 9110 section 10.2.1).
func (r resource) allow() string {
	return strings.Join(slices.Sorted(maps.Keys(r.methods)), ", ")
}

// identify reads the identifiers of the path.
func (c *call) identify(r resource) error {
	var ok bool
	if c.organization, ok = uuid.Parse(r.organization); !ok && strings.Contains(r.path, "{organization}") {
		return invalid("organizationID is not a UUID")
	}
	if c.account, ok = uuid.Parse(r.account); !ok && strings.Contains(r.path, "{account}") {
		return invalid("serviceAccountID is not a UUID")
	}
	return nil
}
