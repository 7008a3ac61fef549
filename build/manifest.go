package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path"
	"slices"
	"strings"
)

// A manifest is what the build reads of a package.json.
type manifest struct {
	Version string          `json:"version"`
	Main    string          `json:"main"`
	Module  string          `json:"module"`
	Types   string          `json:"types"`
	Files   []string        `json:"files"`
	Exports json.RawMessage `json:"exports"`
}

func readManifest(file string) (*manifest, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	m, err := parseManifest(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return m, nil
}

func parseManifest(text []byte) (*manifest, error) {
	m := &manifest{}
	if err := json.Unmarshal(text, m); err != nil {
		return nil, err
	}
	if m.Version == "" {
		return nil, errors.New(`there is no "version"`)
	}
	return m, nil
}

// check reports the files that the manifest promises and the package lacks,
// and those of the package that the manifest's "files" would leave out.
func (m *manifest) check(files map[string][]byte) error {
	named := append([]string{m.Main, m.Module, m.Types}, m.Files...)
	var exports any
	if len(m.Exports) > 0 {
		if err := json.Unmarshal(m.Exports, &exports); err != nil {
			return err
		}
	}
	var errs []error
	for _, name := range appendLeaves(named, exports) {
		name = path.Clean(name)
		if _, ok := files[name]; !ok && name != "." {
			errs = append(errs, fmt.Errorf("www/package.json names %s, which the package does not have", name))
		}
	}
	for name := range files {
		if len(m.Files) > 0 && !alwaysPacked(name) && !slices.Contains(m.Files, name) {
			errs = append(errs, fmt.Errorf(`%s is not in "files" of www/package.json, so npm would leave it out`, name))
		}
	}
	return errors.Join(errs...)
}

// appendLeaves adds the file names in an "exports" map, whatever its nesting.
func appendLeaves(names []string, value any) []string {
	switch value := value.(type) {
	case string:
		return append(names, value)
	case map[string]any:
		for _, inner := range value {
			names = appendLeaves(names, inner)
		}
	case []any:
		for _, inner := range value {
			names = appendLeaves(names, inner)
		}
	}
	return names
}

// alwaysPacked reports whether npm takes a file without being told to.
func alwaysPacked(name string) bool {
	return name == "package.json" || strings.HasPrefix(name, "README") || strings.HasPrefix(name, "LICENSE")
}
