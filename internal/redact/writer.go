package redact

import (
	"bytes"
	"fmt"
	"io"
	"sync"
)

// longLine is the length in bytes from which a line is passed on before its end.
const longLine = 1 << 20

// Writer filters a stream, line by line, so that a secret is found also if it is split over several writes. It is
// safe for concurrent use.
type Writer struct {
	registry *Registry
	mu       sync.Mutex
	out      io.Writer
	pending  []byte
}

// Writer returns a writer that passes on to w what it is given, without secrets. What follows the last end of line
// ("\n" or "\r") is kept until Flush or Close.
func (r *Registry) Writer(w io.Writer) *Writer {
	return &Writer{registry: r, out: w}
}

// Write passes on the lines that b ends, and keeps the rest.
func (w *Writer) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.pending = append(w.pending, b...)
	if end := bytes.LastIndexAny(w.pending, "\r\n") + 1; end > 0 {
		if err := w.pass(end); err != nil {
			return 0, err
		}
	}
	if len(w.pending) > longLine {
		if err := w.passPart(); err != nil {
			return 0, err
		}
	}
	return len(b), nil
}

// Flush passes on what was kept. A secret of which only a part was written so far is not found.
func (w *Writer) Flush() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.pass(len(w.pending))
}

// Close flushes, and leaves the writer behind it open.
func (w *Writer) Close() error { return w.Flush() }

// pass writes the first bytes that are pending.
func (w *Writer) pass(end int) error {
	if end == 0 {
		return nil
	}
	text := w.registry.Redact(w.pending[:end])
	_, err := w.out.Write(text)
	w.pending = append(w.pending[:0], w.pending[end:]...)
	if err != nil {
		return fmt.Errorf("writing filtered text: %w", err)
	}
	return nil
}

// passPart writes as much of a long line as cannot be the beginning of a secret.
func (w *Writer) passPart() error {
	end := len(w.pending) - w.registry.window()
	if end <= 0 {
		return nil
	}
	w.registry.mu.RLock()
	spans := w.registry.search(w.pending)
	w.registry.mu.RUnlock()
	for _, s := range spans {
		if s.start < end && end < s.end {
			end = s.start
		}
	}
	return w.pass(end)
}
