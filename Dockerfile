# The suite as an image: a static binary and CA certificates, and nothing else. "make image" builds and tries it.
# No line needs a shell, so that the first stage can be any image in which go is.
ARG GO=docker.io/library/golang:1.26-bookworm
FROM ${GO} AS build
WORKDIR /out/journal
WORKDIR /src
COPY . .
ARG BUILDVCS=auto
ENV CGO_ENABLED=0 GOFLAGS="-trimpath -mod=readonly -buildvcs=${BUILDVCS}"
RUN ["/usr/local/go/bin/go", "build", "-ldflags=-s -w -buildid=", "-o", "/out/conformance", "./cmd/conformance"]

FROM scratch
ARG VERSION=devel
ARG REVISION=unknown
LABEL org.opencontainers.image.title="conformance" \
      org.opencontainers.image.description="Judges implementations of create service account against their contract" \
      org.opencontainers.image.source="https://github.com/sa-conformance/conformance" \
      org.opencontainers.image.documentation="https://github.com/sa-conformance/conformance/blob/main/docs/ci.md" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build --chown=65532:65532 /out/journal /journal
COPY --from=build /out/conformance /conformance
# The journal is what a later sweep needs: keep it in a named volume.
ENV XDG_STATE_HOME=/journal
VOLUME ["/journal"]
USER 65532:65532
ENTRYPOINT ["/conformance"]
CMD ["help"]
