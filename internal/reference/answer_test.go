package reference

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestAnswerThatCannotBeWritten(t *testing.T) {
	w := httptest.NewRecorder()
	write(w, httptest.NewRequest("GET", "/", nil), answer{status: 200, body: func() {}})
	if w.Code != http.StatusInternalServerError || !strings.Contains(w.Body.String(), "server_error") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
