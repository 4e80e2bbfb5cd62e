package keylesstest

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"time"

	"github.com/go-openapi/runtime"
	"github.com/sigstore/rekor/pkg/generated/models"
	"github.com/sigstore/rekor/pkg/types"
	"github.com/sigstore/rekor/pkg/util"
	"github.com/sigstore/sigstore-go/pkg/root"
	"github.com/sigstore/sigstore/pkg/signature"
)

func idOf(key *ecdsa.PrivateKey) (string, error) {
	der, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(der)
	return hex.EncodeToString(sum[:]), nil
}

func logOf(id, address string, key *ecdsa.PrivateKey) *root.TransparencyLog {
	raw, _ := hex.DecodeString(id) // of idOf
	return &root.TransparencyLog{
		BaseURL: address, ID: raw, ValidityPeriodStart: time.Now().Add(-48 * time.Hour), HashFunc: crypto.SHA256,
		PublicKey: key.Public(), SignatureHashFunc: crypto.SHA256,
	}
}

// add is the log: it includes every entry that the library can read.
func (s *Standin) add(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, "bad request", http.StatusBadRequest)
		return
	}
	id, entry, err := s.include(r.Context(), body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusCreated)
	_ = json.NewEncoder(w).Encode(map[string]any{id: entry})
}

func (s *Standin) include(ctx context.Context, proposed []byte) (id string, entry map[string]any, err error) {
	read, err := models.UnmarshalProposedEntry(bytes.NewReader(proposed), runtime.JSONConsumer())
	if err != nil {
		return "", nil, err
	}
	versioned, err := types.CreateVersionedEntry(read)
	if err != nil {
		return "", nil, err
	}
	body, err := types.CanonicalizeEntry(ctx, versioned)
	if err != nil {
		return "", nil, err
	}
	if s.Entries == 0 { // so that no proof is empty
		s.leaves = append(s.leaves, leafHash([]byte("the first entry")))
	}
	s.leaves = append(s.leaves, leafHash(body))
	s.Entries++
	index := len(s.leaves) - 1
	top := treeHash(s.leaves)
	signer, err := signature.LoadECDSASigner(s.logKey, crypto.SHA256)
	if err != nil {
		return "", nil, err
	}
	checkpoint, err := util.CreateAndSignCheckpoint(ctx, "rekor.test.example", 1, uint64(len(s.leaves)), top, signer)
	if err != nil {
		return "", nil, err
	}
	made := time.Now()
	if !s.Time.IsZero() {
		made = s.Time
	}
	text := base64.StdEncoding.EncodeToString(body)
	// Members are in the order of RFC 8785, and the values have one form only.
	promise, err := json.Marshal(struct {
		Body           string `json:"body"`
		IntegratedTime int64  `json:"integratedTime"`
		LogID          string `json:"logID"`
		LogIndex       int    `json:"logIndex"`
	}{text, made.Unix(), s.logID, index})
	if err != nil {
		return "", nil, err
	}
	promised, err := signer.SignMessage(bytes.NewReader(promise))
	if err != nil {
		return "", nil, err
	}
	hashes := []string{}
	for _, h := range path(index, s.leaves) {
		hashes = append(hashes, hex.EncodeToString(h))
	}
	return hex.EncodeToString(s.leaves[index]), map[string]any{
		"body": text, "integratedTime": made.Unix(), "logID": s.logID, "logIndex": index,
		"verification": map[string]any{
			"signedEntryTimestamp": promised,
			"inclusionProof": map[string]any{
				"logIndex": index, "treeSize": len(s.leaves), "rootHash": hex.EncodeToString(top), "hashes": hashes, "checkpoint": string(checkpoint),
			},
		},
	}, nil
}

// The hashes of a Merkle tree, and the path to a leaf (RFC 6962 section 2.1).
func leafHash(data []byte) []byte {
	sum := sha256.Sum256(append([]byte{0}, data...))
	return sum[:]
}

func treeHash(leaves [][]byte) []byte {
	if len(leaves) == 1 {
		return leaves[0]
	}
	k := half(len(leaves))
	sum := sha256.Sum256(append(append([]byte{1}, treeHash(leaves[:k])...), treeHash(leaves[k:])...))
	return sum[:]
}

func path(at int, leaves [][]byte) [][]byte {
	if len(leaves) == 1 {
		return nil
	}
	k := half(len(leaves))
	if at < k {
		return append(path(at, leaves[:k]), treeHash(leaves[k:]))
	}
	return append(path(at-k, leaves[k:]), treeHash(leaves[:k]))
}

// half is the largest power of two below n.
func half(n int) int {
	k := 1
	for k*2 < n {
		k *= 2
	}
	return k
}
