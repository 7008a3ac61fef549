package main

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// get asks a handler for a path, with header fields by name and value.
func get(handler http.Handler, method, path string, fields ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, nil)
	for i := 0; i < len(fields); i += 2 {
		r.Header.Set(fields[i], fields[i+1])
	}
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	return w
}

func TestPage(t *testing.T) {
	p := builtPage(t)
	files, err := readPage(p)
	require.NoError(t, err)
	wasm, err := os.ReadFile(p.dist("bsock.wasm"))
	require.NoError(t, err)

	for path, contentType := range map[string]string{
		"/":            "text/html; charset=utf-8",
		"/index.html":  "text/html; charset=utf-8",
		"/main.js":     "text/javascript; charset=utf-8",
		"/main.js.map": "application/json",
		"/main.css":    "text/css; charset=utf-8",
		"/bsock.wasm":  "application/wasm",
	} {
		w := get(files, "GET", path)
		assert.Equal(t, 200, w.Code, path)
		assert.Equal(t, contentType, w.Header().Get("Content-Type"), path)
		assert.Contains(t, w.Header().Get("Content-Security-Policy"), "'wasm-unsafe-eval'", path)
	}

	w := get(files, "GET", "/bsock.wasm", "Accept-Encoding", "gzip, deflate, br")
	assert.Equal(t, "gzip", w.Header().Get("Content-Encoding"), "nobody waits for the smallest form")
	require.NoError(t, files.squeeze(p))
	w = get(files, "GET", "/bsock.wasm", "Accept-Encoding", "gzip, deflate, br")
	assert.Equal(t, "br", w.Header().Get("Content-Encoding"), "the smallest form goes out")
	unpacked, err := io.ReadAll(brotli.NewReader(w.Body))
	require.NoError(t, err)
	assert.Equal(t, wasm, unpacked)

	w = get(files, "GET", "/bsock.wasm", "Accept-Encoding", "br;q=0, gzip;q=0.5")
	require.Equal(t, "gzip", w.Header().Get("Content-Encoding"), "br was refused")
	unzipped, err := gzip.NewReader(w.Body)
	require.NoError(t, err)
	unpacked, err = io.ReadAll(unzipped)
	require.NoError(t, err)
	assert.Equal(t, wasm, unpacked)

	w = get(files, "GET", "/bsock.wasm")
	assert.Equal(t, wasm, w.Body.Bytes(), "a client that names no coding gets none")
	w = get(files, "GET", "/bsock.wasm", "If-None-Match", w.Header().Get("ETag"))
	assert.Equal(t, http.StatusNotModified, w.Code)
}

func TestPageRefuses(t *testing.T) {
	files, err := readPage(builtPage(t))
	require.NoError(t, err)
	for _, test := range []struct {
		method, path string
		want         int
	}{
		{"GET", "/gone.js", 404},
		{"GET", "/../LICENSE", 404},
		{"GET", "/dist/", 404},
		{"POST", "/index.html", 405},
		{"DELETE", "/bsock.wasm", 405},
	} {
		assert.Equal(t, test.want, get(files, test.method, test.path).Code, "%s %s", test.method, test.path)
	}
}

func TestPageMustBeBuilt(t *testing.T) {
	_, err := readPage(newProject(t))
	assert.EqualError(t, err, "the page is not built: run `go run ./build demo` first, or `make run`, which does both")
}
