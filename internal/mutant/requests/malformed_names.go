package requests

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"unicode"

	"github.com/sa-conformance/conformance/internal/mutant"
	"github.com/sa-conformance/conformance/internal/reference"
)

// MalformedNames accept names that break their pattern, by turning them into others.
func MalformedNames() []*mutant.Defect {
	hole := func(name, description, effect, breaks string, change func(string) string) *mutant.Defect {
		return mutant.WithFamily("validation holes: names", mutant.Defective(name, description, effect,
			mutant.ChangingMember("/metadata/name", "string", mutant.OnText(func(name string) any { return change(name) }), mutant.Create), breaks))
	}
	without := func(runes func(rune) bool) func(string) string {
		return func(name string) string {
			return strings.Map(func(r rune) rune {
				if runes(r) {
					return -1
				}
				return r
			}, name)
		}
	}
	return []*mutant.Defect{
		hole("accepts-empty-name", "asks whether there is a name, and not whether there is anything in it", "accounts appear that nothing can be told of", "create.rejects.name-empty", func(name string) string {
			if name == "" {
				return "unnamed"
			}
			return name
		}),
		hole("cuts-long-names", "cuts a name to 63 characters", "two accounts that were told apart by their ends have one name", "create.rejects.name-length", func(name string) string {
			return name[:min(len(name), 63)]
		}),
		hole("accepts-name-of-64", "is off by one in the length of a name", "a label that is made of the name is refused elsewhere", "create.rejects.name-length", func(name string) string {
			if len(name) == 64 {
				return name[:63]
			}
			return name
		}),
		hole("accepts-leading-dash", "looks at the end of a name and not at its beginning", "a name that a command line takes for an option", "create.rejects.name-edges", func(name string) string {
			return strings.TrimLeft(name, "-")
		}),
		hole("accepts-trailing-dot", "looks at the beginning of a name and not at its end", "a name that a domain name cannot hold", "create.rejects.name-edges", func(name string) string {
			return strings.TrimRight(name, ".")
		}),
		hole("accepts-trailing-underscore", "takes an underscore for a letter, as \\w does", "a label that is made of the name is refused elsewhere", "create.rejects.name-edges", func(name string) string {
			return strings.TrimRight(name, "_")
		}),
		hole("accepts-newline-at-end", "lets the pattern of names end before a line break", "a line break gets into logs, files and headers", "create.rejects.name-characters", func(name string) string {
			return strings.TrimSuffix(name, "\n")
		}),
		hole("accepts-unicode-letters", "takes every letter of Unicode for one", "two accounts whose names look the same", "create.rejects.name-characters", without(func(r rune) bool { return r > 127 && unicode.IsLetter(r) })),
		hole("accepts-unicode-digits", "takes every digit of Unicode for one, as \\d may", "two accounts whose names look the same", "create.rejects.name-characters", without(func(r rune) bool { return r > 127 && unicode.IsDigit(r) })),
		hole("accepts-spaces", "puts a dash in the place of a space", "the account is not found under the name that it was asked for", "create.rejects.name-characters", func(name string) string { return strings.ReplaceAll(name, " ", "-") }),
		hole("accepts-slashes", "lets a name hold a slash", "a name that leads to another path where it is put into one", "create.rejects.name-characters", func(name string) string { return strings.ReplaceAll(name, "/", "-") }),
		hole("strips-control-characters", "leaves out the control characters of a name", "what a filter did not recognise becomes a name that it would have refused", "create.rejects.name-characters", without(func(r rune) bool { return r != '\n' && unicode.IsControl(r) })),
	}
}

// MalformedMediaTypes accept what does not say that it is JSON.
func MalformedMediaTypes() []*mutant.Defect {
	const effect = "a form of another site can create accounts with the credentials of a browser"
	hole := func(name, description, breaks string, accept func(mediaType []string) bool) *mutant.Defect {
		return mutant.WithFamily("validation holes: media types", mutant.Defective(name, description, effect,
			TakingForJSON(accept), breaks))
	}
	begins := func(with string) func([]string) bool {
		return func(mediaType []string) bool { return len(mediaType) == 1 && strings.HasPrefix(mediaType[0], with) }
	}
	return []*mutant.Defect{
		hole("accepts-missing-media-type", "parses a body of no media type as JSON", "create.rejects.media-type-missing", func(mediaType []string) bool { return len(mediaType) == 0 }),
		hole("ignores-media-types", "parses every body as JSON, whatever it says it is", "create.rejects.media-type-other", func(mediaType []string) bool { return len(mediaType) > 0 }),
		hole("accepts-plain-text", "parses text/plain as JSON", "create.rejects.media-type-other", begins("text/plain")),
		hole("accepts-forms", "parses application/x-www-form-urlencoded as JSON", "create.rejects.media-type-other", begins("application/x-www-form-urlencoded")),
		hole("accepts-suffix-json", "parses every media type that ends in +json", "create.rejects.media-type-other", func(mediaType []string) bool {
			return len(mediaType) == 1 && strings.HasSuffix(mediaType[0], "+json")
		}),
		hole("searches-media-type", "looks for the word json in Content-Type", "create.rejects.media-type-malformed", func(mediaType []string) bool {
			return len(mediaType) == 1 && !strings.Contains(mediaType[0], "/") && strings.Contains(mediaType[0], "json")
		}),
	}
}

// TakingForJSON treats creates of some media types as though they were of application/json.
func TakingForJSON(accept func(mediaType []string) bool) *mutant.Layer {
	return mutant.OnRequest(func(_ reference.Credentials, r *http.Request) *http.Request {
		if !accept(r.Header["Content-Type"]) {
			return r
		}
		taken := r.Clone(r.Context())
		taken.Header.Set("Content-Type", "application/json")
		return taken
	}, mutant.Create)
}

// MalformedDuplicates disagree with themselves over a member that occurs twice.
func MalformedDuplicates() []*mutant.Defect {
	const family, effect = "validation holes: duplicate names", "what was checked and logged is not what is stored"
	firstName := regexp.MustCompile(`"name":\s*"([^"]*)",\s*"name"`)
	lastWins := func(body []byte) []byte {
		var document map[string]any
		if json.Unmarshal(body, &document) != nil || document == nil || len(body) > 4096 {
			return nil
		}
		once, _ := json.Marshal(document) // made of what was decoded
		return once
	}
	return mutant.InFamily(family,
		mutant.Defective("duplicate-name-disagrees", "answers with the first of two names, and stores the last", effect,
			mutant.OnCreateOf(firstName.Match, func(w http.ResponseWriter, r *http.Request, next http.Handler) {
				body := mutant.BodyOf(r)
				a := mutant.Ask(next, mutant.WithBody(r, lastWins(body)))
				a.Edit(func(document any) any {
					return mutant.Edited(document, "/metadata/name", mutant.Always(string(firstName.FindSubmatch(body)[1])))
				})
				a.Send(w)
			}), "create.rejects.duplicate-names"),
		mutant.Defective("duplicate-groups-disagree", "answers with the first of two lists of groups, and stores the last", "an account is in a group, and neither its caller nor the log knows of it",
			mutant.OnCreateOf(func(body []byte) bool { return !firstName.Match(body) && Duplicated(body) }, func(w http.ResponseWriter, r *http.Request, next http.Handler) {
				a := mutant.Ask(next, mutant.WithBody(r, lastWins(mutant.BodyOf(r))))
				if a.Status == http.StatusCreated {
					a.Edit(func(document any) any { return mutant.Edited(document, "/spec/groupIDs", mutant.Always([]any{})) })
				}
				a.Send(w)
			}), "create.rejects.duplicate-names"),
		mutant.Defective("duplicate-names-500", "answers 500 where a member occurs twice", "a fault of the client pages the operators",
			mutant.OnCreateOf(func(body []byte) bool { return Duplicated(body) }, mutant.Failing), "create.rejects.duplicate-names"),
	)
}

// Duplicated reports whether a JSON object, or an object that is a member of it, has a member twice.
func Duplicated(body []byte) bool {
	if len(body) > 4096 {
		return false
	}
	for _, member := range []string{`"name":`, `"groupIDs":`, `"spec":`} {
		if strings.Count(string(body), member) == 2 && json.Valid(body) && !strings.Contains(string(body), `"tags"`) {
			return true
		}
	}
	return false
}
