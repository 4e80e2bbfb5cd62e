package reference

// enter refuses a caller from elsewhere. The response is the same for an organization that does not exist, so that
// nobody learns which ones do.
func (c call) enter() error {
	if c.caller.organization != c.organization {
		return forbidden()
	}
	return nil
}

// administer refuses all but the operator. Groups grant nothing: they are here to be put into.
func (c call) administer() error {
	if err := c.enter(); err != nil {
		return err
	}
	if !c.caller.administrator {
		return forbidden()
	}
	return nil
}

// own refuses a service account that reaches for another; the operator may.
func (c call) own() error {
	if err := c.enter(); err != nil {
		return err
	}
	if !c.caller.administrator && c.caller.id != c.account {
		return forbidden()
	}
	return nil
}
