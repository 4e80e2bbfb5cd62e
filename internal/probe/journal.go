package probe

// Journal is told of every create before it is sent, and of what came of it.
type Journal interface {
	// Intend returns the number of a create once its intent is where the end of the process does not reach it.
	Intend(collection string, texts []string) (create int, err error)
	// Created tells of the account that the response named, Refused that there is none.
	Created(create int, collection, id, name string)
	Refused(create int)
	// Told tells of a create that was answered with success and with no id of an account of its own.
	Told(create int)
	// Deleted tells of an account that the target's list no longer holds.
	Deleted(id string)
	// Alive tells of an account that was deleted, that the list no longer holds, and of which the token works.
	Alive(id string)
}

// unjournalled is the journal of runs that have none.
type unjournalled struct{}

func (unjournalled) Intend(string, []string) (int, error) { return 0, nil }
func (unjournalled) Created(int, string, string, string)  {}
func (unjournalled) Refused(int)                          {}
func (unjournalled) Told(int)                             {}
func (unjournalled) Deleted(string)                       {}
func (unjournalled) Alive(string)                         {}
