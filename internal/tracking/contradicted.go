package tracking

// Bears notes that a list shows an account with texts of the run.
func (o *Ownership) Bears(marks []string, id string) {
	if id == "" || !o.Carries(marks) {
		return
	}
	o.Mu.Lock()
	defer o.Mu.Unlock()
	for _, text := range marks {
		if o.bearers[text] == nil {
			o.bearers[text] = map[string]bool{}
		}
		o.bearers[text][Canonical(id)] = true
	}
}

// Contradicted reports whether lists show what a create asked for by an id that no response named, and show nothing by the id
// that its response named. Then that may be the id of an account of others.
func (o *Ownership) Contradicted(id string) bool {
	o.Mu.Lock()
	defer o.Mu.Unlock()
	c := o.Claims[Canonical(id)]
	if c == nil || c.shown || c.state != Owned {
		return false
	}
	for _, text := range c.Texts {
		for other := range o.bearers[text] {
			if known := o.Claims[other]; !o.old[other] && (known == nil || known.at.IsZero()) { // the latter: a list told of it
				return true
			}
		}
	}
	return false
}

// Refute makes an account somebody else's.
func (o *Ownership) Refute(id string) {
	o.Mu.Lock()
	defer o.Mu.Unlock()
	c := o.Claims[Canonical(id)]
	c.state, c.reason = somebodyElses, "lists show the account that was asked for by another id, and none by this one"
	o.foreign++
}

// IsFree reports whether the suite made up an id of an organization.
func (o *Ownership) IsFree(organization string) bool {
	return o.StandingOf(organization).Free
}
