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
