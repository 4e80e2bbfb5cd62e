package model

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/spec"
)

// reserved is the prefix of names of tags that are not for users (contract section 2): a target may drop them.
var reserved = regexp.MustCompile(`^[a-z]+\.unikorn-cloud\.org:`)

// same compares what a write sent with what its response shows. Members that are empty may be absent. A target may drop
// reserved tags and groups that do not exist, and it may add tags of its own to an account that it creates.
func (m *Model) same(pointer string, sent, shown any, replaces bool) bool {
	if empty(sent) && empty(shown) || sent == nil && !replaces {
		return true
	}
	switch pointer {
	case "/metadata/tags":
		want, got := tags(sent), tags(shown)
		if want == nil || got == nil {
			return false
		}
		for tag := range want {
			if !got[tag] && !reserved.MatchString(tag) {
				return false
			}
		}
		for tag := range got {
			if replaces && !want[tag] && !reserved.MatchString(tag) {
				return false
			}
		}
		return true
	case "/spec/groupIDs":
		want, got := texts(sent), texts(shown)
		if want == nil || got == nil {
			return false
		}
		for _, group := range m.facts.Groups {
			if contains(want, group) != contains(got, group) {
				return false
			}
		}
		return !slices.ContainsFunc(got, func(group string) bool { return !contains(want, group) })
	}
	if sent != nil && !isText(sent) {
		return true // another type, which the target should have refused
	}
	return sent == shown
}

// equal compares a member of two responses about one account: times to the second, ids without regard to letter case,
// groups and tags as sets, and an empty member like an absent one. What is of another type is another promise's matter.
func (m *Model) equal(pointer string, a, b any) bool {
	if empty(a) && empty(b) {
		return true
	}
	switch name := pointer[strings.LastIndexByte(pointer, '/')+1:]; name {
	case "creationTime", "expiry":
		return closeBy(a, b)
	case "id", "organizationId":
		return textual(a, b, strings.EqualFold)
	case "tags":
		x, y := tags(a), tags(b)
		return x != nil && y != nil && !slices.ContainsFunc(keys(x), lacking(y)) && !slices.ContainsFunc(keys(y), lacking(x))
	case "groupIDs":
		x, y := texts(a), texts(b)
		return x != nil && y != nil && !slices.ContainsFunc(x, func(id string) bool { return !contains(y, id) }) &&
			!slices.ContainsFunc(y, func(id string) bool { return !contains(x, id) })
	}
	return textual(a, b, func(x, y string) bool { return x == y })
}

// lacking reports whether a tag is missing in a set. Those that are not for users may come and go.
func lacking(set map[string]bool) func(tag string) bool {
	return func(tag string) bool { return !set[tag] && !reserved.MatchString(tag) }
}

func textual(a, b any, same func(x, y string) bool) bool {
	x, isText := a.(string)
	y, isTextToo := b.(string)
	return isText && isTextToo && same(x, y)
}

// closeBy compares times. A read may have less precision than the response to the write.
func closeBy(a, b any) bool {
	return textual(a, b, func(x, y string) bool {
		at, err := spec.ParseDateTime(x)
		other, otherErr := spec.ParseDateTime(y)
		return err != nil || otherErr != nil || at.Sub(other).Abs() < time.Second || at.Truncate(time.Second).Equal(other.Truncate(time.Second))
	})
}

func empty(value any) bool {
	switch v := value.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case []any:
		return len(v) == 0
	}
	return false
}

// tags are the tags of an array as "name\x00value"; nil if it is none.
func tags(value any) map[string]bool {
	found := map[string]bool{}
	if value == nil {
		return found
	}
	items, ok := value.([]any)
	if !ok {
		return nil
	}
	for _, item := range items {
		name, _ := exchange.Lookup(item, "/name")
		text, _ := exchange.Lookup(item, "/value")
		nameText, isText := name.(string)
		valueText, isTextToo := text.(string)
		if !isText || !isTextToo {
			return nil
		}
		found[nameText+"\x00"+valueText] = true
	}
	return found
}

func keys(set map[string]bool) []string {
	var all []string
	for key := range set {
		all = append(all, key)
	}
	return all
}

// texts are the strings of an array; nil if it is none, or holds something else.
func texts(value any) []string {
	found := []string{}
	items, ok := value.([]any)
	if !ok && value != nil {
		return nil
	}
	for _, item := range items {
		text, ok := item.(string)
		if !ok {
			return nil
		}
		found = append(found, text)
	}
	return found
}

func contains(ids []string, id string) bool {
	return slices.ContainsFunc(ids, func(other string) bool { return strings.EqualFold(other, id) })
}
