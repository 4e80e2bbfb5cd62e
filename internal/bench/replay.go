package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"time"
)

// entry is what a replay needs of an exchange of a recording.
type entry struct {
	Probe   string    `json:"pageref"`
	Started time.Time `json:"startedDateTime"`
	Time    float64   `json:"time"` // milliseconds
	Request struct {
		Method, URL string
		BodySize    int
		Headers     []struct{ Name, Value string }
		PostData    struct{ Text string }
	}
	Response struct {
		Content struct{ Text string }
	}
	About struct{ Identity string } `json:"_conformance"`
}

func (e entry) ended() time.Time {
	return e.Started.Add(time.Duration(e.Time * float64(time.Millisecond)))
}

// player sends the requests of a recording again and looks at nothing but the ids and tokens that later requests need: it
// is the least that any client can do that sends them.
type player struct {
	client *http.Client
	mu     sync.Mutex
	live   map[string]string // what stands in the recording to what the target says now
}

// replay sends the requests of a recording to the target that was recorded: as many conversations at a time, in each of
// them in the order of the recording, and side by side what was so there.
func replay(ctx context.Context, name string, concurrency int) error {
	data, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	var recording struct{ Log struct{ Entries []entry } }
	if err := json.Unmarshal(data, &recording); err != nil {
		return fmt.Errorf("reading %s: %w", name, err)
	}
	transport := &http.Transport{MaxIdleConns: 64, MaxIdleConnsPerHost: 64}
	p := &player{client: &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}, live: map[string]string{}}
	conversations, order := map[string][]entry{}, []string{}
	for _, e := range recording.Log.Entries {
		if conversations[e.Probe] == nil {
			order = append(order, e.Probe)
		}
		conversations[e.Probe] = append(conversations[e.Probe], e)
	}
	for _, c := range conversations {
		slices.SortStableFunc(c, func(a, b entry) int { return a.Started.Compare(b.Started) })
	}
	slices.SortStableFunc(order, func(a, b string) int { return conversations[a][0].Started.Compare(conversations[b][0].Started) })
	places := make(chan struct{}, concurrency)
	var wg sync.WaitGroup
	begin := time.Now()
	for _, probe := range order {
		if probe == "aftermath" || probe == "cleanup" {
			wg.Wait() // those are held when the others are over
		}
		places <- struct{}{}
		wg.Go(func() {
			defer func() { <-places }()
			p.playConversation(ctx, conversations[probe])
		})
	}
	wg.Wait()
	_, err = fmt.Println(time.Since(begin).Seconds())
	return err
}

func (p *player) playConversation(ctx context.Context, entries []entry) {
	done := make([]chan struct{}, len(entries))
	for i, e := range entries {
		done[i] = make(chan struct{})
		for j := range i {
			if !entries[j].ended().After(e.Started) {
				<-done[j]
			}
		}
		go func() {
			defer close(done[i])
			p.send(ctx, e)
		}()
	}
	for _, d := range done {
		<-d
	}
}

func (p *player) send(ctx context.Context, e entry) {
	body := p.translated(e.Request.PostData.Text)
	if missing := e.Request.BodySize - len(body); missing > 0 {
		body += strings.Repeat("x", missing) // a recording cuts long bodies
	}
	request, err := http.NewRequestWithContext(ctx, e.Request.Method, p.translated(e.Request.URL), strings.NewReader(body))
	if err != nil {
		return
	}
	for _, h := range e.Request.Headers {
		if h.Name == "Authorization" {
			h.Value = p.credential(e.About.Identity, h.Value)
		}
		if h.Name != "Content-Length" && h.Name != "Host" {
			request.Header.Add(h.Name, h.Value)
		}
	}
	response, err := p.client.Do(request)
	if err != nil {
		return
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode == http.StatusCreated || response.StatusCode == http.StatusOK {
		p.learn(e.Response.Content.Text, string(answer))
	}
}

// credential is what an identity presents now.
func (p *player) credential(identity, recorded string) string {
	for name, variable := range map[string]string{
		"operator": "CONFORMANCE_TOKEN", "restricted": "CONFORMANCE_RESTRICTED_TOKEN", "expired": "CONFORMANCE_EXPIRED_TOKEN",
		"not-yet-valid": "CONFORMANCE_NOT_YET_VALID_TOKEN",
	} {
		if identity == name {
			return "Bearer " + os.Getenv(variable)
		}
	}
	return p.translated(recorded)
}

// learn notes the id and the token of an account if the recording has others.
func (p *player) learn(recorded, now string) {
	type account struct {
		Metadata struct{ ID string }
		Status   struct{ AccessToken string }
	}
	var old, fresh account
	if json.Unmarshal([]byte(recorded), &old) != nil || json.Unmarshal([]byte(now), &fresh) != nil || old.Metadata.ID == "" {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.live[old.Metadata.ID] = fresh.Metadata.ID
	if old.Status.AccessToken != "" {
		p.live[old.Status.AccessToken] = fresh.Status.AccessToken
	}
}

// translated puts what is live now in the place of the id at the end of a URL, or of the token of a header.
func (p *player) translated(text string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, separator := range []string{"/serviceaccounts/", "Bearer "} {
		before, rest, found := strings.Cut(text, separator)
		if !found {
			continue
		}
		word, _, _ := strings.Cut(rest, "/")
		if other, known := p.live[word]; known {
			return before + separator + other + rest[len(word):]
		}
	}
	return text
}
