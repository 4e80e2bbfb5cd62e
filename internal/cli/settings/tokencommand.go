package settings

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os/exec"
	"strings"
	"time"

	"github.com/mattn/go-shellwords"

	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/engine"
)

const (
	commandTimeout = 30 * time.Second
	commandGrace   = 2 * time.Second // for what it started, and what holds its output open
)

// tokenCommand makes a source of tokens out of a command line. The command is run without a shell, without input, and with
// the environment of this process; what it says on standard error is thrown away, because it may be secret.
func tokenCommand(a *app.App, line string) (engine.TokenSource, error) {
	source := a.Source("token-command")
	words, err := split(line)
	if err != nil {
		return nil, app.Wrong("%s: %v; it is split like a shell's words, and nothing in it is expanded", source, err)
	}
	if len(words) == 0 {
		return nil, app.Wrong("%s: there is no command in it", source)
	}
	return func(ctx context.Context) (string, error) {
		token, err := runTokenCommand(ctx, words)
		if err != nil {
			return "", fmt.Errorf("%s: %w", source, err)
		}
		return token, nil
	}, nil
}

// runTokenCommand runs a command that prints a token and nothing else but white space around it. Errors hold nothing of
// what it printed, and none of its arguments.
func runTokenCommand(ctx context.Context, words []string) (string, error) {
	limited, cancel := context.WithTimeout(ctx, commandTimeout)
	defer cancel()
	out := &bounded{most: app.MaxToken + 1}
	cmd := exec.CommandContext(limited, words[0], words[1:]...)
	cmd.Stdout, cmd.WaitDelay = out, commandGrace
	err := cmd.Run()
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return "", errors.New("the command was interrupted")
	case limited.Err() != nil:
		return "", fmt.Errorf("the command printed no token within %s", commandTimeout)
	case errors.As(err, &exit):
		return "", fmt.Errorf("the command ended with %s; run it by hand to see what it says", exit.ProcessState)
	case errors.Is(err, exec.ErrNotFound), errors.Is(err, fs.ErrNotExist):
		return "", fmt.Errorf("there is no command %s; it is run without a shell", app.Shown(words[0]))
	case errors.Is(err, exec.ErrWaitDelay):
		return "", errors.New("the command ended, and something that it started did not")
	case err != nil:
		return "", fmt.Errorf("the command %s cannot be run: %s", app.Shown(words[0]), app.Cause(err))
	}
	token := strings.TrimSpace(out.kept.String())
	switch {
	case out.over:
		return "", fmt.Errorf("the command printed more than %d bytes; it must print the token and nothing else", app.MaxToken)
	case token == "":
		return "", errors.New("the command printed nothing; it must print the token on standard output")
	case strings.ContainsAny(token, "\r\n"):
		return "", errors.New("the command printed several lines; it must print the token and nothing else")
	}
	return token, CheckToken("what the command printed", token)
}

// bounded keeps what is written to it, up to a limit.
type bounded struct {
	kept bytes.Buffer // not embedded: its ReadFrom knows no limit
	most int
	over bool
}

func (b *bounded) Write(p []byte) (int, error) {
	if room := b.most - b.kept.Len(); len(p) > room {
		b.over = true
		b.kept.Write(p[:max(room, 0)])
		return len(p), nil
	}
	return b.kept.Write(p)
}

// split takes a line apart into words as a shell does: white space, both quotes and the backslash. It expands nothing, and
// refuses operators of a shell outside of quotes, which need one.
func split(line string) ([]string, error) {
	parser := shellwords.NewParser()
	words, err := parser.Parse(line)
	switch {
	case err != nil:
		return nil, errors.New("a quotation mark or a parenthesis in it is never closed, or it ends with a backslash")
	case parser.Position >= 0:
		return nil, errors.New("it holds an operator of a shell, such as | or ;: write sh -c '…'")
	}
	return words, nil
}
