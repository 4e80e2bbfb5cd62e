package certificate

import (
	"testing"
	"time"

	testresult "github.com/in-toto/attestation/go/predicates/test_result/v0"
	intoto "github.com/in-toto/attestation/go/v1"
	"google.golang.org/protobuf/encoding/protojson"

	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/spec"
)

// What this package writes is what the library of in-toto reads: a statement and a test result without a member that it does not
// know.
func TestStatementIsOfInToto(t *testing.T) {
	r := &report.Report{
		Verdict: report.Conformant, Profiles: []report.Profile{{Name: spec.Core}},
		Results: []report.Result{
			{ID: "a.b.c", Level: spec.Must, Profile: spec.Core, Outcome: report.Pass},
			{ID: "a.b.d", Level: spec.Should, Profile: spec.Core, Outcome: report.Fail},
			{ID: "a.b.e", Level: spec.Should, Profile: spec.Core, Outcome: report.NotTested},
			{ID: "a.b.f", Level: spec.Must, Profile: spec.Token, Outcome: report.Fail},
		},
	}
	text, err := State(r, []Member{{ReportFile, []byte("{}")}, {SetFile, []byte("{}")}}, Terms{ValidFor: time.Hour}).Encode()
	if err != nil {
		t.Fatal(err)
	}
	var s intoto.Statement
	if err := protojson.Unmarshal(text, &s); err != nil {
		t.Fatal(err)
	}
	if err := s.Validate(); err != nil {
		t.Error(err)
	}
	if s.GetType() != intoto.StatementTypeUri || s.GetPredicateType() != PredicateType || len(s.GetSubject()) != 2 {
		t.Errorf("the statement is %v", &s)
	}
	predicate, err := protojson.Marshal(s.GetPredicate())
	if err != nil {
		t.Fatal(err)
	}
	var result testresult.TestResult
	if err := protojson.Unmarshal(predicate, &result); err != nil {
		t.Fatal(err)
	}
	if result.GetResult() != "WARNED" || len(result.GetPassedTests()) != 1 || len(result.GetWarnedTests()) != 1 || len(result.GetFailedTests()) != 0 ||
		len(result.GetConfiguration()) != 2 {
		t.Errorf("the result is %v", &result)
	}
	for _, r := range result.GetConfiguration() {
		if err := r.Validate(); err != nil {
			t.Error(err)
		}
	}
	if claims := result.GetConfiguration()[1].GetAnnotations().GetFields(); claims["verdict"].GetStringValue() != string(report.Conformant) {
		t.Errorf("it claims %v", claims)
	}
}

// Certificates of format 1 had their claims in a member that in-toto does not know. They are read as they were written, and only so.
func TestFirstFormat(t *testing.T) {
	for _, c := range []Claims{{Format: firstFormat, Verdict: report.Conformant}, {Format: format, Verdict: report.Conformant}} {
		s := Statement{Type: StatementType, PredicateType: PredicateType, Predicate: TestResult{Configuration: []Resource{described(SetFile, nil)}}}
		s.claim(c)
		if (s.Predicate.First != nil) != (c.Format == firstFormat) || len(s.members()) != 1 {
			t.Errorf("format %d: %+v", c.Format, s)
		}
		text, err := s.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if read, err := parseStatement(text); err != nil || read.Claims().Verdict != report.Conformant {
			t.Errorf("format %d: %v", c.Format, err)
		}
		other := c
		other.Format = firstFormat + format - c.Format
		for _, misplaced := range []func(){
			func() {
				s.Predicate.First, s.Predicate.Configuration = &c, append(s.members(), Resource{Name: claimsName, Annotations: &other})
			},
			func() {
				s.Predicate.First, s.Predicate.Configuration = &other, append(s.members(), Resource{Name: claimsName, Annotations: &c})
			},
			func() {
				s.claim(other)
				s.Predicate.First, s.Predicate.Configuration = nil, append([]Resource{{Name: claimsName, Annotations: &c}}, s.members()...)
			},
			func() { s.Predicate.First, s.Predicate.Configuration = nil, s.members() },
		} {
			misplaced()
			if text, err = s.Encode(); err != nil {
				t.Fatal(err)
			}
			if _, err := parseStatement(text); err == nil {
				t.Errorf("format %d: claims out of place are read: %s", c.Format, text)
			}
		}
	}
}
