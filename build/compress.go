package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"flag"
	"os"
	"path/filepath"

	"github.com/andybalholm/brotli"
)

func compressVerb(flags *flag.FlagSet) action {
	return func(ctx context.Context, p *project, _ []string) error {
		m, err := compile(ctx, p)
		if err != nil {
			return err
		}
		for suffix, pack := range encoders(ctx, p) {
			packed, err := pack(m.wasm)
			if err != nil {
				return err
			}
			if err := writeFile(p.wasmPath()+suffix, packed); err != nil {
				return err
			}
			p.printf("%s: %s\n", p.rel(p.wasmPath()+suffix), kilobytes(len(packed)))
		}
		return nil
	}
}

// encoders are the compressions a browser takes, by the suffix of their files.
func encoders(ctx context.Context, p *project) map[string]func([]byte) ([]byte, error) {
	tightened := func(data []byte) ([]byte, error) { return p.tightened(ctx, data) }
	return map[string]func([]byte) ([]byte, error){".gz": tightened, ".br": p.brotlied}
}

// gzipped packs data quickly, with no time or name in it.
func gzipped(data []byte) ([]byte, error) {
	var packed bytes.Buffer
	w, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(data); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return packed.Bytes(), nil
}

//go:embed pack.mjs
var packScript string

// tightened packs data as tightly as gzip can: of the module 5 % are less than
// gzipped makes, and as much of what a page waits for that has it inside.
func (p *project) tightened(ctx context.Context, data []byte) ([]byte, error) {
	return p.kept("gzip", ".gz", data, func() ([]byte, error) {
		path := filepath.Join(p.tools, "7z-wasm", "7zz.es6.js")
		return p.filter(ctx, packScript, library{"7z-wasm", "build/tools", path}, data)
	})
}

// brotlied packs data as tightly as brotli can.
func (p *project) brotlied(data []byte) ([]byte, error) {
	return p.kept("brotli", ".br", data, func() ([]byte, error) {
		var packed bytes.Buffer
		w := brotli.NewWriterLevel(&packed, brotli.BestCompression)
		if _, err := w.Write(data); err != nil {
			return nil, err
		}
		if err := w.Close(); err != nil {
			return nil, err
		}
		return packed.Bytes(), nil
	})
}

// kept is what pack makes of data. That takes seconds for a module, so it is
// kept in a folder of the cache, under the hash of what went in.
func (p *project) kept(folder, suffix string, data []byte, pack func() ([]byte, error)) ([]byte, error) {
	sum := sha256.Sum256(data)
	path := p.path(".cache", folder, hex.EncodeToString(sum[:])+suffix)
	if packed, err := os.ReadFile(path); err == nil {
		return packed, nil
	}
	packed, err := pack()
	if err != nil {
		return nil, err
	}
	return packed, writeFile(path, packed)
}
