package main

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

func reproducibleVerb(flags *flag.FlagSet) action {
	commit := flags.String("commit", "HEAD", "what to build")
	return func(ctx context.Context, p *project, _ []string) error {
		return reproducible(ctx, p, *commit)
	}
}

// reproducible builds the package of one commit twice and compares the two.
// The folders differ in name and length, and the second build has a cache of
// its own, so that the compiler has to come to the same bytes by itself.
func reproducible(ctx context.Context, p *project, commit string) (err error) {
	temp, err := os.MkdirTemp("", "bsock-reproducible-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(temp)) }()
	first := p.at(filepath.Join(temp, "a"))
	second := p.at(filepath.Join(temp, "another", "folder", "b"), "GOCACHE="+filepath.Join(temp, "cache"))

	var sums []map[string]string
	for _, copied := range []*project{first, second} {
		if err := checkOut(ctx, p, commit, copied.root); err != nil {
			return err
		}
		if _, err := dist(ctx, copied); err != nil {
			return err
		}
		sum, err := sumFiles(copied.dist(""))
		if err != nil {
			return err
		}
		sums = append(sums, sum)
	}
	return compareSums(p, sums[0], sums[1])
}

// at is the same tool at work in another folder, in silence.
func (p *project) at(root string, env ...string) *project {
	return &project{root: root, modules: p.modules, tools: p.tools, stdout: io.Discard, stderr: p.stderr, env: env}
}

func compareSums(p *project, first, second map[string]string) error {
	names := maps.Clone(first)
	maps.Copy(names, second)
	var differ []string
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if first[name] != second[name] {
			differ = append(differ, name)
			continue
		}
		p.printf("%s  %s\n", first[name], name)
	}
	if len(differ) > 0 {
		return fmt.Errorf("two builds of one commit differ in %s", strings.Join(differ, ", "))
	}
	p.printf("Two builds in two folders gave the same bytes.\n")
	return nil
}

func sumFiles(dir string) (map[string]string, error) {
	sums := map[string]string{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return err
		}
		sum := sha256.Sum256(data)
		sums[name] = hex.EncodeToString(sum[:])
		return nil
	})
	return sums, err
}

// checkOut lays a commit's files into a folder.
func checkOut(ctx context.Context, p *project, commit, dir string) error {
	var archive bytes.Buffer
	cmd := p.command(ctx, "git", "archive", "--format=tar", commit)
	cmd.Stdout = &archive
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("git archive %s: %w", commit, err)
	}
	files := tar.NewReader(&archive)
	for {
		header, err := files.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if header.Typeflag != tar.TypeReg {
			continue
		}
		data, err := io.ReadAll(files)
		if err != nil {
			return err
		}
		if err := writeFile(filepath.Join(dir, filepath.FromSlash(header.Name)), data); err != nil {
			return err
		}
	}
}
