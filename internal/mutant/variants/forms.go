package variants

import (
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/sa-conformance/conformance/internal/mutant"
	"github.com/sa-conformance/conformance/internal/reference"
)

// formVariants write times and ids in unusual ways.
func formVariants() []mutant.Variant {
	const times, ids = "RFC 3339 section 5.6", "RFC 9562 section 4"
	return []mutant.Variant{
		{Name: "nanoseconds", About: mutant.Times, Description: "gives every time nine digits of a second", Source: times, Layer: written("2006-01-02T15:04:05.000000000Z07:00", time.UTC)},
		{Name: "whole-seconds", About: mutant.Times, Description: "gives every time in whole seconds and with Z", Source: times, Layer: written("2006-01-02T15:04:05Z07:00", time.UTC)},
		{Name: "eastern-offset", About: mutant.Times, Description: "gives every time at an offset of +02:00", Source: times, Layer: written("2006-01-02T15:04:05-07:00", time.FixedZone("", 2*3600))},
		{Name: "western-offset", About: mutant.Times, Description: "gives every time at an offset of -09:30, with a tenth of a second", Source: times, Layer: written("2006-01-02T15:04:05.0-07:00", time.FixedZone("", -(9*3600+1800)))},
		{Name: "lower-case-times", About: mutant.Times, Description: "writes t and z in lower case", Source: times, Layer: onTimes(strings.ToLower)},
		{Name: "uuid-4", About: mutant.Tokens, Description: "makes ids of version 4", Source: ids, Layer: versioned("4")},
		{Name: "uuid-1", About: mutant.Tokens, Description: "makes ids of version 1", Source: ids, Layer: versioned("1")},
		{Name: "upper-case-uuids", About: mutant.Tokens, Description: "answers every UUID in upper case, that of the token's subject too", Source: ids, Layer: upperCase(true)},
		{Name: "upper-case-ids-lower-case-subject", About: mutant.Tokens, Description: "answers every UUID in upper case, and leaves the token's subject in lower case", Source: ids, Layer: upperCase(false)},
	}
}

// onAccounts changes every account of every response.
func onAccounts(change func(account map[string]any)) *mutant.Layer {
	return mutant.Chain(mutant.OnItems(change), mutant.OnSuccess(func(_ *http.Request, a *mutant.Response) {
		a.Edit(func(document any) any {
			if account, ok := document.(map[string]any); ok {
				change(account)
			}
			return document
		})
	}, mutant.Create, mutant.Update, mutant.Rotate))
}

// onTimes changes how times are written.
func onTimes(write func(string) string) *mutant.Layer {
	return onAccounts(func(account map[string]any) {
		for _, pointer := range []string{"/metadata/creationTime", "/metadata/modifiedTime", "/status/expiry"} {
			if text, ok := mutant.Lookup(account, pointer).(string); ok {
				mutant.Edited(account, pointer, mutant.Always(write(text)))
			}
		}
	})
}

func written(layout string, zone *time.Location) *mutant.Layer {
	return onTimes(func(text string) string {
		at, err := time.Parse(time.RFC3339, text)
		if err != nil {
			return text
		}
		return at.In(zone).Format(layout)
	})
}

var (
	accountID = regexp.MustCompile(`([0-9a-f]{8}-[0-9a-f]{4}-)[0-9a-f]([0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12})`)
	orderedID = regexp.MustCompile(`([0-9a-f]{8}-[0-9a-f]{4}-)7([0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12})`)
	anyID     = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)
)

// versioned gives the ids of accounts, which the reference makes of version 7, another version.
func versioned(digit string) *mutant.Layer {
	outwards := func(text string) string { return orderedID.ReplaceAllString(text, "${1}"+digit+"${2}") }
	return &mutant.Layer{
		Configure: func(c *reference.Config) {
			c.Hooks.Claims = func(claims map[string]any) {
				for _, name := range []string{"sub", "client_id"} {
					claims[name] = outwards(claims[name].(string))
				}
			}
		},
		Wrap: func(known reference.Credentials, next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if id := mutant.AccountOf(r); id != "" {
					inwards := accountID.ReplaceAllString(id, "${1}7${2}")
					r = mutant.WithPath(r, strings.Replace(r.URL.Path, "/serviceaccounts/"+id, "/serviceaccounts/"+inwards, 1))
				}
				a := mutant.Ask(next, r)
				a.Body = []byte(outwards(string(a.Body)))
				a.Send(w)
			})
		},
	}
}

// upperCase writes the UUIDs of every response in upper case.
func upperCase(subject bool) *mutant.Layer {
	upper := func(text string) string { return anyID.ReplaceAllStringFunc(text, strings.ToUpper) }
	layer := mutant.OnSuccess(func(_ *http.Request, a *mutant.Response) { a.Body = []byte(upper(string(a.Body))) }, mutant.Create, mutant.List, mutant.Update, mutant.Rotate)
	if subject {
		layer.Configure = func(c *reference.Config) {
			c.Hooks.Claims = func(claims map[string]any) { claims["sub"] = upper(claims["sub"].(string)) }
		}
	}
	return layer
}
