package spec

import (
	"hash/maphash"
	"reflect"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/sa-conformance/conformance/internal/rawjson"
)

// mostGood bounds the items of lists that are known to be by their schema.
const mostGood = 20_000

// goodItems are items of lists that were found to be by their schema: the lists of a run show the same accounts over and over
// again. It is safe for concurrent use.
type goodItems struct {
	seed  maphash.Seed
	mu    sync.Mutex
	known map[goodItem]struct{}
}

type goodItem struct {
	schema *openapi3.Schema
	hash   uint64 // of its text
}

func newGoodItems() *goodItems {
	return &goodItems{seed: maphash.MakeSeed(), known: map[goodItem]struct{}{}}
}

// itemsOnly is the schema of the items of a list, nil if a schema is none of a list or demands more of it than that.
func itemsOnly(schema *openapi3.Schema) *openapi3.Schema {
	if schema == nil || schema.Items == nil {
		return nil
	}
	rest := *schema
	rest.Items, rest.Title, rest.Description, rest.Example, rest.Origin = nil, "", "", nil, nil
	if !reflect.DeepEqual(rest, openapi3.Schema{Type: &openapi3.Types{openapi3.TypeArray}}) {
		return nil
	}
	return schema.Items.Value
}

// unknown is a list of those items of text that are not known to be by the schema, and the items. It is text itself if that is no
// list.
func (s *goodItems) unknown(items *openapi3.Schema, text []byte) (list []byte, fresh []goodItem) {
	if items == nil {
		return text, nil
	}
	all, isList := rawjson.Items(text)
	if !isList {
		return text, nil
	}
	list = append(make([]byte, 0, len(text)), '[')
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, item := range all {
		key := goodItem{items, maphash.Bytes(s.seed, item)}
		if _, known := s.known[key]; known {
			continue
		}
		if len(fresh) > 0 {
			list = append(list, ',')
		}
		list, fresh = append(list, item...), append(fresh, key)
	}
	return append(list, ']'), fresh
}

func (s *goodItems) add(items []goodItem) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, item := range items {
		if len(s.known) >= mostGood {
			clear(s.known)
		}
		s.known[item] = struct{}{}
	}
}
