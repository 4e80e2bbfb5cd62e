package registry

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/sa-conformance/conformance/internal/certificate"
	"github.com/sa-conformance/conformance/internal/har"
	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/spec"
)

// Others reads the submissions that the registry has beside the reviewed ones, without judging their recordings.
func (r *Registry) Others(ctx context.Context, reviews []*Review, o certificate.Options) ([]*Review, error) {
	if r.Dir == "" {
		return nil, nil
	}
	paths, err := r.Submissions()
	if err != nil {
		return nil, err
	}
	o.Challenge = ""
	o.Judge = func(context.Context, []byte, spec.Set) (*report.Report, error) { return nil, har.ErrNotRecording }
	reviewed := map[string]bool{}
	for _, review := range reviews {
		reviewed[absolute(review.Path)] = true
	}
	var others []*Review
	for _, path := range paths {
		if reviewed[absolute(path)] {
			continue
		}
		other, err := r.Review(ctx, path, o)
		if err != nil {
			return nil, err
		}
		if other.Verification != nil {
			other.Verification.Report = nil
		}
		others = append(others, other)
	}
	return others, nil
}

func absolute(path string) string {
	if absolute, err := filepath.Abs(path); err == nil {
		return absolute
	}
	return path
}

// Compare adds to each review whether another submission has its bundle or its run, and whether its key is that of another
// vendor. Submissions that are not accepted for another reason count for nothing, and for one whose key the certifier confirmed only
// such others count: a copy does not harm the original.
func Compare(reviews, others []*Review) {
	var serious []*Review
	for _, other := range append(append([]*Review{}, reviews...), others...) {
		if v := other.Verification; v != nil && v.Claims != nil && len(other.failed(CheckVerdict, CheckDate, CheckAge, CheckRevocation)) == 0 {
			serious = append(serious, other)
		}
	}
	for _, review := range reviews {
		if review.Verification == nil || review.Verification.Claims == nil {
			continue
		}
		duplicate := ""
		for _, other := range serious {
			if other == review || review.confirmed() && !other.confirmed() {
				continue
			}
			review.compareKey(other)
			if duplicate == "" {
				duplicate = review.duplicates(other)
			}
		}
		review.check(CheckDuplicate, duplicate, "no other submission has this bundle or this run")
	}
}

// confirmed reports whether the certifier confirmed whose the key is.
func (r *Review) confirmed() bool {
	return slices.ContainsFunc(r.Checks, func(c Check) bool { return c.Name == CheckKey && c.State == Met })
}

// duplicates says what two submissions have in common; "" if there is nothing, or if one is the other's next version.
func (r *Review) duplicates(other *Review) string {
	a, b := r.Verification, other.Verification
	switch {
	case r.Name == other.Name:
		return ""
	case a.SHA256 == b.SHA256:
		return "it is the bundle of " + other.Name
	case a.Claims.RunID == b.Claims.RunID:
		return "it is the run of " + other.Name + ", signed another time"
	case a.Runs != nil && b.Runs != nil && a.Runs.Number == b.Runs.Number && r.KeyID() == other.KeyID() && a.Claims.Target.URL == b.Claims.Target.URL:
		return fmt.Sprintf("it has the number %d of the vendor's chain of runs, as the run of %s has: one of the chains was begun again", a.Runs.Number, other.Name)
	}
	return ""
}

// compareKey corrects the check of the key if another vendor has the key, or if the name had another key.
func (r *Review) compareKey(other *Review) {
	at := -1
	for i, c := range r.Checks {
		if c.Name == CheckKey {
			at = i
		}
	}
	if at < 0 || r.key == nil || other.key == nil || r.Checks[at].State == Failed {
		return
	}
	switch same := r.KeyID() == other.KeyID(); {
	case same && r.Submission.Vendor != other.Submission.Vendor:
		r.Checks[at] = r.Checks[at].fail(fmt.Sprintf("it is the key of another vendor: %s (%s)", other.Submission.Vendor, other.Name))
	case !same && r.Submission.Vendor == other.Submission.Vendor && r.Name != other.Name && r.Checks[at].State == Noted:
		r.Checks[at].Found = "nobody confirmed whose it is, and " + other.Name + " of the same vendor has another key"
	case !same && r.Name == other.Name && r.Checks[at].State == Noted:
		r.Checks[at] = r.Checks[at].fail("it is a foreign key: the registry has a certificate of " + r.Name + " that another key signed; confirm the new one in " + KeysDir + "/")
	}
}
