package registry

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/sa-conformance/conformance/internal/certificate"
	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/spec"
)

// schemaFiles are the JSON Schemas of what vendors and certifiers write, and of the index.
//
//go:embed schema
var schemaFiles embed.FS

// Schemas are the names of the JSON Schemas.
func Schemas() []string { return []string{"submission", "registry", "revoked", "index"} }

// Schema is a JSON Schema by its name.
func Schema(name string) ([]byte, error) {
	if !slices.Contains(Schemas(), name) {
		return nil, fs.ErrNotExist
	}
	text, err := schemaFiles.ReadFile("schema/" + name + ".json")
	if err != nil {
		return nil, fmt.Errorf("reading the schema: %w", err)
	}
	return text, nil
}

// indexFormat is the version of the index.
const indexFormat = 1

type indexDocument struct {
	Schema       string         `json:"$schema"`
	Format       int            `json:"format"`
	Name         string         `json:"name"`
	AsOf         time.Time      `json:"asOf"`
	Suite        string         `json:"suite"`
	Certificates []indexedEntry `json:"certificates"`
}

// indexedEntry is a submission. What is refused has a name, a state and reasons, and nothing that it claims.
type indexedEntry struct {
	Name    string      `json:"name"`
	State   Standing    `json:"state"`
	Reasons []string    `json:"reasons,omitempty"`
	Page    string      `json:"page,omitempty"`
	Badge   string      `json:"badge,omitempty"`
	Shields string      `json:"badgeEndpoint,omitempty"`
	Revoked *Revocation `json:"revoked,omitempty"`
	*indexedClaims
}

type indexedClaims struct {
	Vendor     string                   `json:"vendor"`
	Product    string                   `json:"product"`
	Version    string                   `json:"version"`
	Contact    string                   `json:"contact"`
	Target     string                   `json:"target"`
	Verdict    report.Verdict           `json:"verdict"`
	Profiles   []spec.Profile           `json:"profiles"`
	Set        string                   `json:"set"`
	Challenge  string                   `json:"challenge,omitempty"`
	NotOffered []certificate.NotOffered `json:"notOffered,omitempty"`
	ValidFrom  time.Time                `json:"validFrom"`
	ValidUntil time.Time                `json:"validUntil"`
	KeyID      string                   `json:"keyId"`
	SHA256     string                   `json:"sha256"`
	Run        string                   `json:"run"`
	Bundle     string                   `json:"bundle"`
	Key        string                   `json:"key,omitempty"`
	Signer     *certificate.Identity    `json:"identity,omitempty"`
	Witness    *indexedWitness          `json:"witness,omitempty"`
	Timestamp  *indexedTimestamp        `json:"timestamp,omitempty"`
	Runs       *indexedRuns             `json:"runs,omitempty"`
}

// index is the JSON of all submissions. Characters that do not show are escaped.
func (r *Registry) index(reviews []*Review, suite string, now time.Time) ([]byte, error) {
	d := indexDocument{Schema: indexSchema, Format: indexFormat, Name: r.Name, AsOf: now.UTC().Truncate(time.Second), Suite: suite, Certificates: []indexedEntry{}}
	for _, review := range reviews {
		d.Certificates = append(d.Certificates, review.indexed())
	}
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetIndent("", "  ")
	if err := e.Encode(d); err != nil {
		return nil, fmt.Errorf("encoding the index: %w", err)
	}
	return report.EscapeInvisible(b.String()), nil
}

func (r *Review) indexed() indexedEntry {
	e := indexedEntry{Name: r.Name, State: r.Standing(), Reasons: r.Reasons(), Revoked: r.Revoked}
	if r.hasPage() {
		e.Page, e.Badge, e.Shields = r.file("certificates", ".html"), r.file("badges", ".svg"), r.file("badges", ".json")
	}
	if e.State == Refused {
		return e
	}
	s, v := r.Submission, r.Verification
	c := v.Claims
	e.indexedClaims = &indexedClaims{
		Vendor: s.Vendor, Product: s.Product, Version: s.Version, Contact: s.Contact, Target: c.Target.URL, Verdict: c.Verdict,
		Profiles: c.Profiles, Set: c.Set.Name, Challenge: c.Challenge, NotOffered: c.NotOffered,
		ValidFrom: c.ValidFrom.UTC(), ValidUntil: c.ValidUntil.UTC(), KeyID: r.KeyID(), SHA256: v.SHA256, Run: c.RunID,
		Bundle: r.file("bundles", ".zip"), Signer: v.Identity,
	}
	if v.Identity == nil {
		e.Key = r.file("keys", keySuffix)
	}
	e.Witness, e.Timestamp, e.Runs = indexedBacking(r)
	return e
}
