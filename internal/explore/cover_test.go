package explore

import "testing"

// TestUpdatesCoverEveryPair holds the tables to what they promise: every two values of two axes meet in an update.
func TestUpdatesCoverEveryPair(t *testing.T) {
	rows := Cover(updateAxes)
	for j := range updateAxes {
		for i := range j {
			for _, v := range updateAxes[i].Values {
				for _, u := range updateAxes[j].Values {
					if !meet(rows, i, v, j, u) {
						t.Errorf("%s %q and %s %q are in no update together", updateAxes[i].Name, v, updateAxes[j].Name, u)
					}
				}
			}
		}
	}
	if most := 40; len(rows) > most {
		t.Errorf("got %d updates, want at most %d", len(rows), most)
	}
}

func meet(rows [][]string, i int, v string, j int, u string) bool {
	for _, row := range rows {
		if row[i] == v && row[j] == u {
			return true
		}
	}
	return false
}
