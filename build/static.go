package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"mime"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// policy lets the page use what this server serves and nothing else. Compiling
// WebAssembly needs a word of its own; so do the styles that a chart sets and
// the icon that is written into the page.
const policy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; " +
	"img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"

// A pageFile is a file of the page as it goes out, in the forms browsers take.
type pageFile struct {
	contentType string
	etag        string
	plain, gzip []byte
	// brotli takes seconds to make, so it comes later: see squeeze.
	brotli atomic.Pointer[[]byte]
}

// A page is the files of the page, the module among them, read once: a build
// that goes on meanwhile does not show a browser one half of each.
type page map[string]*pageFile

// worthPacking is the size from which compression saves a packet.
const worthPacking = 1400

// readPage reads the built page and the module beside it.
func readPage(p *project) (page, error) {
	files := page{}
	root := p.path("www/demo/dist")
	err := fs.WalkDir(os.DirFS(root), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		return files.add(p, "/"+name, filepath.Join(root, filepath.FromSlash(name)))
	})
	if errors.Is(err, fs.ErrNotExist) || (err == nil && files["/index.html"] == nil) {
		return nil, errors.New("the page is not built: run `go run ./build demo` first, or `make run`, which does both")
	}
	if err != nil {
		return nil, err
	}
	files["/"] = files["/index.html"]
	return files, files.add(p, "/bsock.wasm", p.dist("bsock.wasm"))
}

func (files page) add(p *project, name, file string) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(data)
	f := &pageFile{contentType: contentType(name), etag: hex.EncodeToString(sum[:8]), plain: data}
	files[name] = f
	if len(data) >= worthPacking && f.contentType != "image/png" {
		f.gzip, err = gzipped(data)
	}
	return err
}

// squeeze makes the smallest form of each file. The page may be served
// meanwhile.
func (files page) squeeze(p *project) error {
	for _, f := range files {
		if f.gzip == nil {
			continue
		}
		packed, err := p.brotlied(f.plain)
		if err != nil {
			return err
		}
		f.brotli.Store(&packed)
	}
	return nil
}

// contentType is fixed for what the page has: the tables of the system differ,
// and a browser refuses to stream a module that is not called one.
func contentType(name string) string {
	switch path.Ext(name) {
	case ".wasm":
		return "application/wasm"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".map":
		return "application/json"
	}
	return mime.TypeByExtension(path.Ext(name))
}

// ServeHTTP answers with a file of the page.
func (files page) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f := files[r.URL.Path]
	if f == nil {
		http.NotFound(w, r)
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "the page can only be read", http.StatusMethodNotAllowed)
		return
	}
	header := w.Header()
	header.Set("Content-Type", f.contentType)
	header.Set("Cache-Control", "no-cache") // ask each time, but by the ETag
	header.Set("Vary", "Accept-Encoding")
	header.Set("Content-Security-Policy", policy)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "no-referrer")
	data, coding := f.choose(r)
	if coding != "" {
		header.Set("Content-Encoding", coding)
	}
	header.Set("ETag", `"`+f.etag+coding+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(data))
}

// choose returns the smallest form of a file that the browser takes.
func (f *pageFile) choose(r *http.Request) (data []byte, coding string) {
	packed := f.brotli.Load()
	switch {
	case packed != nil && accepts(r, "br"):
		return *packed, "br"
	case f.gzip != nil && accepts(r, "gzip"):
		return f.gzip, "gzip"
	}
	return f.plain, ""
}

// accepts reports whether a browser takes a content coding. One that has
// weighed it at zero does not.
func accepts(r *http.Request, coding string) bool {
	for _, accepted := range strings.Split(r.Header.Get("Accept-Encoding"), ",") {
		name, weight, weighed := strings.Cut(strings.ReplaceAll(accepted, " ", ""), ";q=")
		if name != coding {
			continue
		}
		value, err := strconv.ParseFloat(weight, 64)
		return !weighed || (err == nil && value > 0)
	}
	return false
}
