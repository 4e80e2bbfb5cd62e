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

// What this package writes is what the library of in-toto reads: a statement without a member that it does not know, and
// a test result with one.
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
	fields := s.GetPredicate().GetFields()
	if fields["conformance"] == nil {
		t.Error("it claims nothing")
	}
	delete(fields, "conformance")
	predicate, err := protojson.Marshal(s.GetPredicate())
	if err != nil {
		t.Fatal(err)
	}
	var result testresult.TestResult
	if err := protojson.Unmarshal(predicate, &result); err != nil {
		t.Fatal(err)
	}
	if result.GetResult() != "WARNED" || len(result.GetPassedTests()) != 1 || len(result.GetWarnedTests()) != 1 || len(result.GetFailedTests()) != 0 ||
		len(result.GetConfiguration()) != 1 {
		t.Errorf("the result is %v", &result)
	}
	if err := result.GetConfiguration()[0].Validate(); err != nil {
		t.Error(err)
	}
}
