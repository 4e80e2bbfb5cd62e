package journal

import (
	"sync"
	"time"
)

// Run tells whose creates are journalled.
type Run struct {
	ID, Target, Organization string
	// Prefix begins the name of every account of the run.
	Prefix string
	// Disguise is the text of the disguise that the prefix follows from; "" for none.
	Disguise string
}

// Recorder writes the entries of one run. It is safe for concurrent use.
type Recorder struct {
	file *File
	run  Run
	now  func() time.Time

	mu      sync.Mutex
	creates int
	fault   error
}

// Begin puts on disk that a run begins: who can do that can journal creates. All runs of a File have one target. The error
// is ErrBusy while a sweep of that target is under way.
func (f *File) Begin(run Run, now func() time.Time) (*Recorder, error) {
	if err := f.share(run); err != nil {
		return nil, err
	}
	r := f.Resume(run, now)
	return r, f.append(r.entry(Begun), true)
}

// Resume goes on with a run that the journal knows.
func (f *File) Resume(run Run, now func() time.Time) *Recorder {
	return &Recorder{file: f, run: run, now: now}
}

// Intend returns the number of a create once its intent is on disk. Before that the create must not be sent.
func (r *Recorder) Intend(collection string, texts []string) (int, error) {
	r.mu.Lock()
	r.creates++
	e := r.entry(Intent)
	e.Create, e.Collection, e.Texts = r.creates, collection, texts
	r.mu.Unlock()
	return e.Create, r.file.append(e, true)
}

// Created adds that the response to a create named an account.
func (r *Recorder) Created(create int, collection, id, name string) {
	e := r.entry(Created)
	e.Create, e.Collection, e.ID, e.Name = create, collection, id, name
	r.add(e)
}

// Told adds that a create succeeded and that its response named no account that is the run's own.
func (r *Recorder) Told(create int) {
	e := r.entry(Unnamed)
	e.Create = create
	r.add(e)
}

// Refused adds that a create came to nothing.
func (r *Recorder) Refused(create int) {
	e := r.entry(Refused)
	e.Create = create
	r.add(e)
}

// Deleted adds that a list no longer holds an account.
func (r *Recorder) Deleted(id string) {
	e := r.entry(Deleted)
	e.ID = id
	r.add(e)
}

// Alive adds that the access token of an account works that was deleted and that no list shows.
func (r *Recorder) Alive(id string) {
	e := r.entry(Alive)
	e.ID = id
	r.add(e)
}

// Finish puts on disk that nothing of the run is left. It returns the first fault of the journal, if there was one.
func (r *Recorder) Finish() error {
	if err := r.Fault(); err != nil {
		return err
	}
	return r.file.append(r.entry(Finished), true)
}

// Fault is the first that went wrong without being returned.
func (r *Recorder) Fault() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.fault
}

func (r *Recorder) entry(event Event) Entry {
	return Entry{
		Event: event, Time: r.now().UTC(), Run: r.run.ID, Target: r.run.Target, Organization: r.run.Organization,
		Prefix: r.run.Prefix, Disguise: r.run.Disguise,
	}
}

func (r *Recorder) add(e Entry) {
	if err := r.file.append(e, false); err != nil {
		r.mu.Lock()
		defer r.mu.Unlock()
		if r.fault == nil {
			r.fault = err
		}
	}
}
