package probe

import (
	"bytes"
	"errors"
	"io"
	"testing"
	"testing/iotest"
)

func TestRoomReadsWhole(t *testing.T) {
	t.Parallel()
	r := newRoom()
	for _, length := range []int{0, 1, smallBody - 1, smallBody, smallBody + 1, smallBody + step - 1, smallBody + step, smallBody + step + 1, bodyLimit} {
		sent := append([]byte("{"), bytes.Repeat([]byte("0123456789"), length/10+1)...)[:length]
		for name, body := range map[string]io.Reader{
			"at once": bytes.NewReader(sent), "with its end": iotest.DataErrReader(bytes.NewReader(sent)),
		} {
			left := r.left.Load()
			got, cut, err := r.read(body, nil)
			if err != nil || cut || !bytes.Equal(got, sent) {
				t.Errorf("%d bytes %s: %d, cut %t, %v", length, name, len(got), cut, err)
			}
			if kept := left - r.left.Load(); kept != int64(max(length-smallBody, 0)) {
				t.Errorf("%d bytes %s: %d are counted", length, name, kept)
			}
		}
	}
}

func TestRoomCuts(t *testing.T) {
	t.Parallel()
	r := newRoom()
	for name, c := range map[string]struct {
		begin  string
		length int
	}{"longer than the limit": {"[", bodyLimit + 1}, "long and no JSON": {"<", smallBody + 1}} {
		sent := append([]byte(c.begin), bytes.Repeat([]byte("x"), c.length-1)...)
		got, cut, err := r.read(bytes.NewReader(sent), nil)
		if err != nil || !cut || !bytes.Equal(got, sent[:smallBody]) {
			t.Errorf("%s: %d, cut %t, %v", name, len(got), cut, err)
		}
	}
	if left := r.left.Load(); left != roomy {
		t.Errorf("%d bytes are left of %d", left, roomy)
	}
}

func TestRoomKeepsWhatCameBeforeAnError(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	for _, length := range []int{10, smallBody + 10, smallBody + step + 10} {
		sent := append([]byte("["), bytes.Repeat([]byte("x"), length-1)...)
		got, cut, err := newRoom().read(io.MultiReader(bytes.NewReader(sent), iotest.ErrReader(broken)), nil)
		if !errors.Is(err, broken) || cut || !bytes.Equal(got, sent) {
			t.Errorf("%d bytes: %d, cut %t, %v", length, len(got), cut, err)
		}
	}
}
