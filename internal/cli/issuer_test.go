package cli

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"sync"

	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/reference"
	"github.com/sa-conformance/conformance/internal/reference/listen"
)

// shortLived is the reference behind tokens that are good for 60 requests each; /issue gives the next one. It prints the
// environment of a run, without a token, and ISSUE, for the command issue.
func shortLived() {
	server, err := reference.New(reference.Config{})
	if err != nil {
		panic(err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	var mu sync.Mutex
	used := map[string]int{}
	listener, err := listen.Listen(ctx, "127.0.0.1:0", false, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		if r.URL.Path == "/issue" {
			token := fmt.Sprintf("s3cr3t-short-lived-%d", len(used)+1)
			used[token] = 0
			mu.Unlock()
			w.Header().Set("Content-Type", "application/json")
			_, _ = fmt.Fprintf(w, `{"access_token":%q,"token_type":"bearer"}`, token)
			return
		}
		values := r.Header["Authorization"]
		for i, value := range values {
			scheme, token, _ := strings.Cut(value, " ")
			if n, known := used[token]; known && n < 60 {
				used[token]++
				values[i] = scheme + " " + server.Credentials().Token
			}
		}
		mu.Unlock()
		server.ServeHTTP(w, r)
	}))
	if err != nil {
		panic(err)
	}
	server.SetBaseURL(listener.URL)
	known := server.Credentials()
	known.Token = ""
	var b bytes.Buffer // in one piece: whoever waits for the file reads it as soon as there is something in it
	fmt.Fprintf(&b, "export ISSUE='%s/issue'\n", listener.URL)
	a := &app.App{Out: &app.Gate{W: &b}}
	if err := printEnvironment(a, listener.URL, "", known); err != nil {
		panic(err)
	}
	_, _ = os.Stdout.Write(b.Bytes())
	<-listener.Done()
}

// issue prints a token of $ISSUE, and something secret on standard error. With an argument it fails.
func issue() {
	_, _ = io.WriteString(os.Stderr, "s3cr3t on standard error\n")
	if len(os.Args) > 1 {
		_, _ = io.WriteString(os.Stdout, strings.Join(os.Args[2:], "\n"))
		if os.Args[1] == "fail" {
			os.Exit(7)
		}
		return
	}
	answer, err := http.Get(os.Getenv("ISSUE"))
	if err != nil {
		panic(err)
	}
	defer func() { _ = answer.Body.Close() }()
	text, _ := io.ReadAll(answer.Body)
	_, _ = fmt.Println(strings.Split(string(text), `"`)[3])
}
