package registry

import (
	"bytes"
	"errors"
	"fmt"
	"time"

	"github.com/sa-conformance/conformance/internal/certificate"
)

// The pages of a site, by their names in it.
const (
	indexPage   = "index.html"
	matrixPage  = "matrix.html"
	feedFile    = "feed.atom"
	indexFile   = "index.json"
	indexSchema = "index.schema.json"
	rootFile    = "trusted_root.json"
)

// File is a file of the site: a path with slashes, and what is in it.
type File struct {
	Name string
	Data []byte
}

// Site is the public pages of reviewed submissions at a time, without the bundles. The same reviews give the same bytes.
func (r *Registry) Site(reviews []*Review, suite string, now time.Time) ([]File, error) {
	var files []File
	put := func(name string, data []byte, err error) error {
		files = append(files, File{name, data})
		return err
	}
	pages, err := r.pages(reviews, suite, now)
	if err != nil {
		return nil, err
	}
	files = append(files, pages...)
	var b bytes.Buffer
	err = certificate.Matrix(&b, entries(reviews), suite, now)
	err = errors.Join(err, put(matrixPage, b.Bytes(), nil))
	feed, bad := r.feed(reviews, now)
	err = errors.Join(err, put(feedFile, feed, bad))
	index, bad := r.index(reviews, suite, now)
	err = errors.Join(err, put(indexFile, index, bad))
	schema, bad := Schema("index")
	err = errors.Join(err, put(indexSchema, schema, bad))
	for _, review := range reviews {
		if !review.hasPage() {
			continue
		}
		picture, endpoint, bad := review.badge()
		err = errors.Join(err, put(review.file("badges", ".svg"), picture, bad), put(review.file("badges", ".json"), endpoint, nil))
		if review.Standing() != Refused && review.key.Identity == nil {
			err = errors.Join(err, put(review.file("keys", keySuffix), review.key.PEM, nil))
		}
	}
	if r.rootText != nil {
		err = errors.Join(err, put(rootFile, r.rootText, nil))
	}
	if err != nil {
		return nil, err
	}
	return files, nil
}

// Bundle is the name and the content of the bundle that the site publishes beside the pages of a review, read once more; false
// if it publishes none. The error is for a file that changed since the review.
func (r *Review) Bundle() (file File, published bool, err error) {
	if r.Standing() == Refused {
		return file, false, nil
	}
	folder, err := openFolder(r.Path)
	if err != nil {
		return file, false, fmt.Errorf("%s: %w", r.Name, err)
	}
	defer folder.close()
	data, err := readRegular(folder.root, r.Submission.Bundle, certificate.MaxBundle)
	if err != nil {
		return file, false, fmt.Errorf("%s: %s: %w", r.Name, r.Submission.Bundle, err)
	}
	again, err := certificate.Read(bytes.NewReader(data))
	if err != nil || again.SHA256 != r.Verification.SHA256 {
		return file, false, fmt.Errorf("%s: %s changed while the site was built", r.Name, r.Submission.Bundle)
	}
	return File{r.file("bundles", ".zip"), data}, true, nil
}

// hasPage tells whether the name of the directory can be one of a page.
func (r *Review) hasPage() bool { return isName(r.Name) }

func (r *Review) file(dir, suffix string) string { return dir + "/" + r.Name + suffix }

// badge is that of the certificate if it is valid, and else says what it is.
func (r *Review) badge() (picture, endpoint []byte, err error) {
	standing := r.Standing()
	switch standing {
	case Valid:
		c := *r.Verification.Claims
		endpoint, err = certificate.BadgeEndpoint(c)
		return certificate.Badge(c), endpoint, err
	case Refused:
		return certificate.NoticeBadge(r.Name, "not accepted", false)
	}
	return certificate.NoticeBadge(r.Verification.Claims.Host(), string(standing)+" · "+r.Verification.Claims.Set.Name, standing == Expired)
}

// entries are the reviews as columns of the matrix.
func entries(reviews []*Review) []certificate.Entry {
	var all []certificate.Entry
	for _, r := range reviews {
		e := certificate.Entry{File: r.Name, Verification: r.Verification}
		if r.hasPage() {
			e.Link = r.file("certificates", ".html")
		}
		switch r.Standing() {
		case Valid, Expired:
			e.Sound = true
		default:
			e.Refused = r.Reasons()
			if r.Verification == nil {
				e.Fault, e.Refused = e.Refused[0], nil
			}
		}
		all = append(all, e)
	}
	return all
}
