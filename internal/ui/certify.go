package ui

import (
	"net/http"
	"slices"
	"strings"

	"github.com/sa-conformance/conformance/internal/certificate"
	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/spec"
)

// certifyPage leads to a certificate step by step.
type certifyPage struct {
	// Run is the newest finished run of this session; "" for none.
	Run, Place string
	Verdict    report.Verdict
	// Needs says what of a certificate's needs the run had.
	Needs []need
	// Missing are the reasons why there is no certificate for the run, shortened to the first ones.
	Missing []string
	More    int
	Ready   bool

	Order         Order
	Demands       Demands
	Backing       []string // what stands behind the run
	Private       string
	Public        string
	Wrong, Done   string
	Verified      string
	VerifiedValid bool
	Bundle        string
}

type need struct {
	Name, How string
	Met       bool
	// Offerable is set if the vendor may say that it is not offered; NotOffered if that was said.
	Offerable, NotOffered bool
}

// mostMissing bounds the reasons on the page.
const mostMissing = 15

// candidate is the newest run of this session that judged something.
func (s *Server) candidate() *run {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range slices.Backward(s.runs) {
		r.mu.Lock()
		done := r.over && r.view != nil && len(r.cfg.Only) == 0
		r.mu.Unlock()
		if done {
			return r
		}
	}
	return nil
}

func (s *Server) showCertify(w http.ResponseWriter, _ *http.Request) {
	s.certify(w, http.StatusOK, certifyPage{Order: Order{Bundle: "certificate.zip", ValidFor: "90d"}})
}

func (s *Server) certify(w http.ResponseWriter, status int, p certifyPage) {
	r := s.candidate()
	if r != nil {
		r.mu.Lock()
		told, backing := r.view.report, r.backing
		r.mu.Unlock()
		if backing != nil {
			p.Backing = backing.Lines()
		}
		if p.Order.TargetVersion == "" {
			p.Order.TargetVersion = r.setup.TargetVersion
		}
		p.Run, p.Place, p.Verdict = r.id, r.setup.Place(), told.Verdict
		needs := []spec.Need{}
		for _, name := range p.Order.NotOffered {
			needs = append(needs, spec.Need(name))
		}
		for _, n := range []need{
			{Name: string(spec.NeedGroup), How: "name a harmless group in the set-up"},
			{Name: string(spec.NeedOtherOrganization), How: "name an organization that is closed to the token"},
			{Name: string(spec.NeedExpiredToken), How: "supply a token that expired"},
			{Name: string(spec.NeedNotYetValidToken), How: "supply a token that is not yet valid"},
		} {
			n.Met = slices.Contains(told.Configuration.Supplied, spec.Need(n.Name))
			n.Offerable = slices.Contains(certificate.Offerable(), spec.Need(n.Name))
			n.NotOffered = slices.Contains(p.Order.NotOffered, n.Name)
			n.Name = strings.ReplaceAll(n.Name, "-", " ")
			p.Needs = append(p.Needs, n)
		}
		for _, reason := range certificate.Obstacles(told, needs) {
			if len(p.Missing) == mostMissing {
				p.More++
				continue
			}
			p.Missing = append(p.Missing, report.Shorten(report.Printable(reason), 300))
		}
		p.Ready = len(p.Missing) == 0
	}
	s.render(w, status, "certify", "Certify", "certify", p)
}

func orderOf(req *http.Request) certifyPage {
	value := func(name string) string { return strings.TrimSpace(req.PostFormValue(name)) }
	return certifyPage{
		Order: Order{
			Key: value("key"), Bundle: value("bundle"), ValidFor: value("valid-for"), TargetVersion: value("target-version"), TSA: value("tsa"), TSACert: value("tsa-cert"), NotOffered: req.PostForm["not-offered"],
		},
		Demands: Demands{Witness: value("witness-key"), TSACert: value("demand-tsa-cert"), Policy: value("policy")},
		Public:  value("public"), Bundle: value("bundle"),
	}
}

func (s *Server) makeKey(w http.ResponseWriter, req *http.Request) {
	p := orderOf(req)
	p.Order = Order{Bundle: "certificate.zip", ValidFor: "90d"}
	private, public, err := s.backend.Keygen(strings.TrimSpace(req.PostFormValue("prefix")))
	if err != nil {
		p.Wrong = report.Printable(err.Error())
		s.certify(w, http.StatusUnprocessableEntity, p)
		return
	}
	p.Order.Key, p.Public, p.Done = private, public, "The key is made: "+private+" signs, and "+public+" is for those who verify."
	s.certify(w, http.StatusOK, p)
}

func (s *Server) makeCertificate(w http.ResponseWriter, req *http.Request) {
	p := orderOf(req)
	r := s.candidate()
	if r == nil {
		p.Wrong = "There is no finished run of this session to certify."
		s.certify(w, http.StatusUnprocessableEntity, p)
		return
	}
	obstacles, done, err := s.backend.Certify(req.Context(), r.cfg, r.result, r.backing, p.Order)
	switch {
	case err != nil:
		p.Wrong = report.Printable(s.secrets.Conceal(err.Error()))
		s.certify(w, http.StatusUnprocessableEntity, p)
	case len(obstacles) > 0:
		p.Wrong = "There is no certificate for this run yet: see what is missing."
		s.certify(w, http.StatusUnprocessableEntity, p)
	default:
		p.Done = report.Printable(done)
		if public, ok := strings.CutSuffix(p.Order.Key, ".key.pem"); ok {
			p.Public = public + ".pub.pem"
		}
		s.certify(w, http.StatusOK, p)
	}
}

func (s *Server) verifyCertificate(w http.ResponseWriter, req *http.Request) {
	p := orderOf(req)
	text, valid, err := s.backend.Verify(req.Context(), p.Bundle, p.Public, p.Demands)
	status := http.StatusOK
	if err != nil {
		p.Wrong, status = report.Printable(err.Error()), http.StatusUnprocessableEntity
	}
	p.Verified, p.VerifiedValid = report.Printable(text), valid
	if text != "" {
		p.Verified = strings.Join(report.PrintableLines(text), "\n")
	}
	p.Order.ValidFor = "90d"
	s.certify(w, status, p)
}
