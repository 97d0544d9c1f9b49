// Package csvline splits single lines of comma-separated values.
package csvline

import (
	"errors"
	"fmt"
	"strings"
)

// ErrUnterminated is returned when a quoted field is never closed.
var ErrUnterminated = errors.New("csvline: unterminated quote")

// Parse splits line at sep. A field may be wrapped in double quotes; inside
// them, "" stands for one quote – as in `"5"" disk"`.
func Parse(line string, sep rune) ([]string, error) {
	var (
		fields []string
		buf    strings.Builder
		quoted bool
	)
	runes := []rune(line)
	for i := 0; i < len(runes); i++ {
		r := runes[i]
		switch {
		case quoted && r == '"' && i+1 < len(runes) && runes[i+1] == '"':
			buf.WriteRune('"')
			i++
		case r == '"' && (quoted || buf.Len() == 0):
			quoted = !quoted
		case r == sep && !quoted:
			fields = append(fields, buf.String())
			buf.Reset()
		default:
			buf.WriteRune(r)
		}
	}
	if quoted {
		return nil, fmt.Errorf("%w in field %d of %q", ErrUnterminated, len(fields)+1, line)
	}
	return append(fields, buf.String()), nil
}
