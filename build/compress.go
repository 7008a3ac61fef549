package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"os"

	"github.com/andybalholm/brotli"
)

func compressVerb(flags *flag.FlagSet) action {
	return func(ctx context.Context, p *project, _ []string) error {
		m, err := compile(ctx, p)
		if err != nil {
			return err
		}
		for suffix, pack := range encoders(p) {
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
func encoders(p *project) map[string]func([]byte) ([]byte, error) {
	return map[string]func([]byte) ([]byte, error){".gz": gzipped, ".br": p.brotlied}
}

// gzipped packs data as tightly as gzip can, with no time or name in it.
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

// brotlied packs data as tightly as brotli can. That takes seconds for a
// module, so the result is kept under the hash of what went in.
func (p *project) brotlied(data []byte) ([]byte, error) {
	sum := sha256.Sum256(data)
	kept := p.path(".cache/brotli", hex.EncodeToString(sum[:])+".br")
	if packed, err := os.ReadFile(kept); err == nil {
		return packed, nil
	}
	var packed bytes.Buffer
	w := brotli.NewWriterLevel(&packed, brotli.BestCompression)
	if _, err := w.Write(data); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return packed.Bytes(), writeFile(kept, packed.Bytes())
}
