package main

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/bsock-wasm/bsock-wasm/bsock/native"
)

func TestGuardHosts(t *testing.T) {
	s := settings{addr: "my-machine:5000", origins: []string{"shop.example:*", "*.dev.example"}}
	open := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	status := func(s settings, host string) int {
		r := httptest.NewRequest("GET", "/", nil)
		r.Host = host
		w := httptest.NewRecorder()
		guardHosts(s, open).ServeHTTP(w, r)
		return w.Code
	}
	for _, host := range []string{
		"127.0.0.1:5000", "[::1]:5000", "[::1]", "[fe80::1%eth0]:5000", "192.168.1.7", "localhost:5000", "LOCALHOST", "page.localhost:5000",
		"my-machine:5000", "My-Machine", "shop.example:8080", "a.dev.example",
	} {
		assert.Equal(t, http.StatusNoContent, status(s, host), host)
	}
	for _, host := range []string{
		"", "evil.example:5000", "127.0.0.1.evil.example", "localhost.evil.example", "notlocalhost", "dev.example",
		"shop.example", "127.0.0.1@evil.example",
	} {
		assert.Equal(t, http.StatusForbidden, status(s, host), host)
	}
	s.apiKey = "k"
	assert.Equal(t, http.StatusNoContent, status(s, "evil.example:5000"), "who must know a key may use any name")
}

func TestReadOrigins(t *testing.T) {
	origins, err := readOrigins("localhost:3000, *.example.com")
	require.NoError(t, err)
	assert.Equal(t, []string{"localhost:3000", "*.example.com"}, origins)
	for _, bad := range []string{"http://localhost:3000", "example.com/", "[a"} {
		_, err := readOrigins(bad)
		assert.ErrorContains(t, err, "is not a host such as", bad)
	}
}

// A page that another server serves, as a developer's does, may connect if it is
// named; one whose name was pointed here may not.
func TestServeTakesPages(t *testing.T) {
	s := startServe(t, builtPage(t), "ORIGINS=localhost:3000")
	dial := func(origin, host string) int {
		_, err := native.Dial(t.Context(), s.url, &native.DialOptions{
			HTTPHeader: http.Header{"Origin": {origin}},
			HTTPClient: &http.Client{Transport: hostTransport(host)},
		})
		var failed *native.DialError
		require.ErrorAs(t, err, &failed)
		return failed.Status
	}
	client, err := native.Dial(t.Context(), s.url, &native.DialOptions{
		HTTPHeader: http.Header{"Origin": {"http://localhost:3000"}},
	})
	require.NoError(t, err, "a page that is named")
	require.NoError(t, client.Close())
	assert.Equal(t, http.StatusForbidden, dial("http://localhost:3001", ""), "a page that is not named")
	assert.Equal(t, http.StatusForbidden, dial("http://evil.example", "evil.example"), "a name that was pointed here")
	s.interrupt(t)
}

// hostTransport asks for a host of its own choice.
type hostTransport string

func (h hostTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	if h != "" {
		r = r.Clone(r.Context())
		r.Host = string(h)
	}
	return http.DefaultTransport.RoundTrip(r)
}
