// Package doctor checks, with requests that only read, whether a run against a target would find what it needs: address, TLS,
// clock, token, organization and groups. It creates nothing, and each finding says what to do.
package doctor

import (
	"context"
	"slices"

	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/probe"
)

// Health is what an examination found of one thing.
type Health string

// The healths. Doubt is nothing to stop for: something could not be told, or will not be tested.
const (
	OK   Health = "ok"
	Warn Health = "warn"
	Fail Health = "fail"
)

// Finding is one line of an examination.
type Finding struct {
	Name   string `json:"name"`
	Health Health `json:"health"`
	// Found says what was seen, and Do what to do about it, "" if nothing need be done.
	Found string `json:"found"`
	Do    string `json:"do,omitempty"`
}

// Report is what an examination of a target came to. It holds no secret.
type Report struct {
	Target   string    `json:"target"`
	Health   Health    `json:"health"`
	Reached  bool      `json:"reached"`
	Findings []Finding `json:"symptoms"`
	// Requests is how many were sent.
	Requests int `json:"requests"`
}

// Check tells whether a run against the target of a configuration would find what it needs. It reads and never writes:
// nothing is created, changed or deleted. The error is a *ConfigError, or a fault of the suite itself.
func Check(ctx context.Context, cfg engine.Config) (*Report, error) {
	return Watch(ctx, cfg, func(Finding) {})
}

// Watch is Check, and tells each finding as soon as it is there, one at a time.
func Watch(ctx context.Context, cfg engine.Config, tell func(Finding)) (*Report, error) {
	connection, err := engine.Connect(ctx, cfg)
	if err != nil {
		return nil, err
	}
	defer connection.Close()
	cfg, run, secrets := connection.Config, connection.Run, connection.Secrets
	run.Seek(telling(cfg.Groups))
	d := &doctor{cfg: cfg}
	d.told = func(f Finding) {
		f.Found, f.Do = secrets.Conceal(f.Found), secrets.Conceal(f.Do)
		tell(f)
	}
	futures := run.RunAll(ctx, []probe.Probe{{Name: "doctor", Run: d.hold}}, func(string) {})
	if _, _, err := futures["doctor"].Wait(ctx); err != nil {
		return nil, err
	}
	if err := run.Fault(); err != nil {
		return nil, err
	}
	if d.reached {
		d.rates(run.Recording().All())
	}
	found := &Report{
		Target: cfg.Target, Health: OK, Reached: d.reached, Requests: len(run.Recording().All()),
	}
	for _, s := range d.symptoms {
		s.Found, s.Do = secrets.Conceal(s.Found), secrets.Conceal(s.Do)
		found.Findings = append(found.Findings, s)
		if s.Health == Fail || s.Health == Warn && found.Health == OK {
			found.Health = s.Health
		}
	}
	return found, nil
}

// doctor examines one target.
type doctor struct {
	cfg      engine.Config
	reached  bool
	symptoms []Finding
	// told is told of each finding.
	told func(Finding)
	// accounts are those of the list, as far as it could be read and they matter here; total counts all of them, and ids
	// are theirs, in lower case.
	accounts []any
	total    int
	ids      []string
}

func (d *doctor) hold(ctx context.Context, s *probe.Session) {
	if d.reached = d.reach(ctx, s); !d.reached {
		return
	}
	listed := d.list(ctx, s)
	d.identity(ctx, s, listed)
	d.lifetime()
	d.otherOrganization(ctx, s)
	d.groups()
	d.restricted(ctx, s)
	d.dated(ctx, s)
	if listed {
		d.leftovers()
	}
}

func (d *doctor) say(name string, health Health, found, do string) {
	f := Finding{Name: name, Health: health, Found: found, Do: do}
	d.symptoms = append(d.symptoms, f)
	d.told(f)
}

// rates tells of limits that showed in any response.
func (d *doctor) rates(all []*exchange.Exchange) {
	headers := []string{"Retry-After", "RateLimit", "RateLimit-Policy", "RateLimit-Limit", "RateLimit-Remaining", "X-RateLimit-Limit", "X-RateLimit-Remaining"}
	var seen []string
	paced := false
	for _, e := range all {
		if e.Response == nil {
			continue
		}
		paced = paced || e.Status() == 429
		for _, name := range headers {
			if value := e.Response.Header.Get(name); value != "" && len(value) < 80 {
				seen = append(seen, name+": "+value)
			}
		}
	}
	slices.Sort(seen)
	seen = slices.Compact(seen)
	switch {
	case paced:
		d.say("rate limits", Warn, "the target answered 429 to "+counted(len(all), "request")+inBrackets(seen), "run with --concurrency 1 or 2, at a quiet hour")
	case len(seen) > 0:
		d.say("rate limits", Warn, "the target announces limits"+inBrackets(seen), "compare them with conformance plan, and lower --concurrency")
	default:
		d.say("rate limits", OK, "none seen in "+counted(len(all), "request"), "")
	}
}
