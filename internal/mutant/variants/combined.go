package variants

import (
	"strings"

	"github.com/sa-conformance/conformance/internal/mutant"
)

// combinedVariants take several liberties at a time.
func combinedVariants(singles []mutant.Variant) []mutant.Variant {
	var all []mutant.Variant
	for _, c := range []struct{ name, parts string }{
		{"a-real-deployment", "jwe-tokens invalid-token names-unique unknown-groups-400 unknown-organization-404 method-404 no-charset whole-seconds pending media-type-400 large-accepted last-member-wins minted-earlier reads-behind token-unknown-at-first"},
		{"behind-a-gateway", "plain-http prefixed rate-limited chunked lower-case-headers closing-connections slash-redirected slashes-cleaned head-answered options-answered several-challenges extra-members"},
		{"eventually-consistent", "list-half-a-second-behind deletion-in-the-list token-unknown-at-first slow-writes names-unique provisioning with-details"},
		{"another-notation", "upper-case-uuids eastern-offset extra-members tags-echoed-empty description-echoed-empty tags-sorted list-newest-first indented quoted-charset"},
		{"strict-and-shy", "malformed-422 media-type-422 large-422 other-organization-404 foreign-accounts-404 upper-case-organization-404 errors-without-trace forbidden-without-challenge bare-challenge restricted-list-403 creator-absent no-location"},
		{"lenient", "body-before-credentials unknown-groups-ignored reserved-tags-accepted large-accepted last-member-wins two-challenge-headers access-denied-challenge creator-named in-error"},
		{"another-issuer", "signed-es256 uuid-4 nanoseconds short-lived userinfo-extra several-cache-directives"},
		{"encrypted-below-a-path", "jwe-tokens prefixed plain-http western-offset uuid-1 unavailable-at-times deletion-later"},
	} {
		var layers []*mutant.Layer
		for _, part := range strings.Fields(c.parts) {
			for _, v := range singles {
				if v.Name == part {
					layers = append(layers, v.Layer)
				}
			}
		}
		all = append(all, mutant.Variant{
			Name: c.name, Description: "takes many liberties at a time: " + strings.ReplaceAll(c.parts, " ", ", "), Source: "the sources of its parts", Several: true, Layer: mutant.Chain(layers...),
		})
	}
	return all
}
