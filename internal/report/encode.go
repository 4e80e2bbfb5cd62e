package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
)

// WriteJSON writes a value as indented JSON, in which no character is invisible. The name of the format is for errors.
func WriteJSON(w io.Writer, format string, value any) error {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", " ")
	if err := encoder.Encode(value); err != nil {
		return fmt.Errorf("encoding the report as %s: %w", format, err)
	}
	if _, err := w.Write(EscapeInvisible(b.String())); err != nil {
		return fmt.Errorf("writing the report as %s: %w", format, err)
	}
	return nil
}
