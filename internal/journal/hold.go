package journal

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// hold is a lock on one organization of one target: runs share it, a sweep has it alone. It is a file beside the journal,
// which is there for as long as somebody has the lock.
type hold struct {
	path string
	file *os.File
}

// holdTarget takes the lock without waiting. The error is ErrBusy if others have it.
func holdTarget(journal, target, organization string, alone bool) (*hold, error) {
	if resolved, err := filepath.EvalSymlinks(journal); err == nil {
		journal = resolved
	}
	if info, err := os.Stat(journal); !locks || err == nil && !info.Mode().IsRegular() {
		return nil, nil
	}
	digest := sha256.Sum256([]byte(normal(target) + "\n" + strings.ToLower(organization)))
	h := &hold{path: filepath.Join(filepath.Dir(journal), fmt.Sprintf(".%s.%x.lock", filepath.Base(journal), digest[:8]))}
	for {
		var err error
		if h.file, err = os.OpenFile(h.path, os.O_RDWR|os.O_CREATE, 0o600); err != nil {
			return nil, fmt.Errorf("locking the journal: %w", err)
		}
		if err = lock(h.file, alone); err != nil {
			return nil, errors.Join(err, h.file.Close())
		}
		if current(h.file, h.path) {
			return h, nil
		}
		_ = h.file.Close() // whoever had it took the file away: take a new one
	}
}

// release gives the lock back. Who had it last takes the file away.
func (h *hold) release() {
	if h == nil {
		return
	}
	if lock(h.file, true) == nil && current(h.file, h.path) {
		discard(h.file, h.path)
		return
	}
	_ = h.file.Close()
}
