package reference

// Choice is a place where the contract lets a server do one of several things, and what this one does. A client
// that works here has met the unusual branch.
type Choice struct {
	Name         string
	Chosen       string
	Alternatives string
	Source       string // what leaves the choice open
}

// Choices returns every choice of the server, in the order in which a request meets them.
func Choices() []Choice { return append([]Choice(nil), choices...) }

// choices is read only.
var choices = []Choice{
	{"path", "compared by segment, with case; a trailing or double slash is 404, without a token too", "cleaning or redirecting", "RFC 3986 section 6.2"},
	{"order", "404 for the path, 401, 405, 400 for path identifiers, 403, 404 for the account, 415, 413, 400, 422", "400 before 401 or 403, 405 before 401, 403 last", "contract section 6"},
	{"undeclared method", "405 with Allow, HEAD and OPTIONS included", "404; answering HEAD and OPTIONS", "RFC 9110 section 15.5.6; contract section 7"},
	{"two Authorization headers", "401 with invalid_token", "400 with invalid_request", "RFC 6750 section 3.1"},
	{"another authentication scheme", "401 without an error code, as without credentials", "401 with an error code", "RFC 6750 section 3.1"},
	{"upper-case UUID", "accepted, and answered in lower case", "4xx", "RFC 9562 section 4; contract section 6"},
	{"foreign organization", "403, whether or not it exists", "404", "contract section 6"},
	{"challenge of a 403", "WWW-Authenticate with insufficient_scope", "no challenge", "RFC 6750 section 3"},
	{"media type", "415, for a missing type and a content coding too", "400; 422; guessing", "RFC 9110 section 15.5.16; contract section 6"},
	{"huge body", "413 above 1 MiB", "400; 422; another limit", "RFC 9110 section 15.5.14; contract section 6"},
	{"member names given twice", "400", "the last or the first one wins", "RFC 8259 section 4"},
	{"half a surrogate pair", "400", "a replacement character", "RFC 8259 section 8.2"},
	{"unknown and read-only members", "ignored, of whatever type", "400", "contract section 6"},
	{"reserved tag name", "400", "422; dropping the tag", "contract section 2"},
	{"group ID that is no UUID", "400", "422; ignoring it", "contract section 6"},
	{"unknown group ID", "422", "400; 403; 404; ignoring it", "contract section 6"},
	{"group ID given twice", "collapses, first place kept", "echoed", "contract section 6"},
	{"equal names", "allowed: two creates, two accounts", "409", "contract section 6"},
	{"empty description and tags", "dropped from the response", "echoed", "contract section 6"},
	{"form of id", "UUID version 7", "any other version", "RFC 9562"},
	{"state after create", "pending and unknown in the response to create, provisioned and healthy ever after", "any other value of the enums", "contract section 6"},
	{"creationTime and modifiedTime", "six digits of a second, and Z", "whole seconds; an offset", "RFC 3339 section 5.6"},
	{"expiry", "whole seconds, and +00:00", "Z", "RFC 3339 section 5.6"},
	{"iat", "the second that creationTime lies in, so a little before it", "after creationTime", "contract section 6"},
	{"createdBy", "the operator's id", "absent; a name", "contract section 2"},
	{"extra members", "metadata.generation; iss, iat, nbf, exp and jti in userinfo", "none", "contract section 6"},
	{"Location", "a path, on create", "absent; an absolute URL", "RFC 9110 sections 10.2.2 and 15.3.2"},
	{"media type of responses", "application/json; charset=utf-8", "without charset", "contract section 5"},
	{"caching", "no-store with tokens and claims, no-cache elsewhere", "no-store everywhere", "RFC 6749 section 5.1"},
	{"listing without permission", "200 with oneself alone", "403", "contract section 3"},
	{"own token", "may rotate itself; may not update or delete itself", "403 on rotate", "contract section 3"},
	{"two rotations at once", "409 for the slower one", "200 for both, the later token working", "contract section 3"},
	{"deleting", "at once; the second delete is 404", "the account stays in the list for a while", "contract section 3"},
	{"operator", "a user: in no list of service accounts", "a service account", "contract section 3"},
	{"token", "a JWS, or a JWE by configuration; both at+jwt with every claim of RFC 9068", "typ JWT or absent", "contract section 4"},
	{"trace_id", "that of traceparent, or random", "absent", "contract section 2"},
}
