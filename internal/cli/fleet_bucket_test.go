package cli

import (
	"context"
	"fmt"
	"os"
	"os/signal"

	"github.com/sa-conformance/conformance/internal/bucket/buckettest"
)

// objectStore is a command for scripts: an S3-compatible service with a bucket named results. It prints the environment of its clients,
// and at the end the keys of what it holds.
func objectStore() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	server, end := buckettest.New("results")
	defer end()
	for name, value := range server.Env {
		fmt.Printf("export %s='%s'\n", name, value)
	}
	fmt.Println("# ready")
	<-ctx.Done()
	for _, key := range server.Keys() {
		fmt.Println("#", key)
	}
}
