package reference

import "time"

// serviceAccount is the schema of the contract, for reading and for create.
type serviceAccount struct {
	Metadata metadata `json:"metadata"`
	Spec     spec     `json:"spec"`
	Status   status   `json:"status"`
}

type metadata struct {
	ID                 string `json:"id"`
	Name               string `json:"name"`
	Description        string `json:"description,omitempty"`
	Tags               []tag  `json:"tags,omitempty"`
	OrganizationID     string `json:"organizationId"`
	CreationTime       string `json:"creationTime"`
	CreatedBy          string `json:"createdBy,omitempty"`
	ModifiedTime       string `json:"modifiedTime,omitempty"`
	ModifiedBy         string `json:"modifiedBy,omitempty"`
	ProvisioningStatus string `json:"provisioningStatus"`
	HealthStatus       string `json:"healthStatus"`
	Generation         int    `json:"generation"` // not of the contract: clients are to pass over it
}

type spec struct {
	GroupIDs []string `json:"groupIDs"`
}

type status struct {
	Expiry      string `json:"expiry"`
	AccessToken string `json:"accessToken,omitempty"`
}

// Both forms are RFC 3339: a fraction that is always there, and an offset in place of Z.
const (
	fractional = "2006-01-02T15:04:05.000000Z"
	offset     = "2006-01-02T15:04:05-07:00"
)

// read shows the account without its token.
func (a account) read() serviceAccount {
	r := serviceAccount{
		Metadata: metadata{
			ID:                 a.id,
			Name:               a.name,
			Description:        a.description,
			Tags:               a.tags,
			OrganizationID:     a.organization,
			CreationTime:       a.created.Format(fractional),
			CreatedBy:          a.createdBy,
			ModifiedBy:         a.modifiedBy,
			ProvisioningStatus: "provisioned",
			HealthStatus:       "healthy",
			Generation:         a.generation,
		},
		Spec:   spec{GroupIDs: append([]string{}, a.groups...)},
		Status: status{Expiry: a.expiry().Format(offset)},
	}
	if !a.modified.IsZero() {
		r.Metadata.ModifiedTime = a.modified.Format(fractional)
	}
	return r
}

// reveal is read with the token, for the two responses that carry it.
func (a account) reveal() serviceAccount {
	r := a.read()
	r.Status.AccessToken = a.token.value
	return r
}

// expiry of a seed account that has no token yet is its creation.
func (a account) expiry() time.Time {
	if a.token.expires.IsZero() {
		return a.created
	}
	return a.token.expires
}
