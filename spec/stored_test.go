package spec

import "testing"

// What the suite runs on is what requirements.yaml says.
func TestCatalogueIsStored(t *testing.T) {
	catalogue, err := ParseCatalogue(requirements(t), contract(t))
	if err != nil {
		t.Fatal(err)
	}
	want, err := catalogue.Stored()
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != string(catalogueJSON) {
		t.Error("catalogue.json is not what requirements.yaml says; run: make docs")
	}
}

func TestContractIsStored(t *testing.T) {
	want, err := contract(t).Stored()
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != string(openapiJSON) {
		t.Error("openapi.json is not what openapi.yaml says; run: make docs")
	}
	begun := BeginContract()
	if got, err := begun.Stored(); err != nil || string(got) != string(want) {
		t.Errorf("error %v; it is read as\n%s", err, got)
	}
	if _, ok := begun.Resolve("/info/version"); !ok {
		t.Error("what points into openapi.yaml finds nothing")
	}
}
