package native_test

import (
	"net/http"
	"os"
	"testing"

	"go.uber.org/goleak"
)

// No test may leave a goroutine behind.
func TestMain(m *testing.M) {
	code := m.Run()
	http.DefaultTransport.(*http.Transport).CloseIdleConnections() // of handshakes that were refused
	if code == 0 {
		if err := goleak.Find(); err != nil {
			os.Stderr.WriteString("goroutines were left behind: " + err.Error() + "\n")
			code = 1
		}
	}
	os.Exit(code)
}
