package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"

	"github.com/bsock-wasm/bsock-wasm/build/wasmbuild"
)

// licenceFiles are the names that the text of a licence goes by.
var licenceFiles = []string{"LICENSE", "LICENSE.txt", "LICENSE.md", "COPYING", "NOTICE"}

// thirdPartyLicences collects the licences of all that is linked into the
// module, Go's own library first. Each of them asks to be passed on with it.
func thirdPartyLicences(inputs *wasmbuild.Inputs) ([]byte, error) {
	var text bytes.Buffer
	fmt.Fprintln(&text, "bsock.wasm, and the JavaScript files that have it inside them, contain the")
	fmt.Fprintln(&text, "following works under the licences below.")
	if err := addLicences(&text, "The Go standard library and wasm_exec.js, "+inputs.GoVersion, inputs.GoRoot); err != nil {
		return nil, err
	}
	for _, m := range inputs.Modules {
		if err := addLicences(&text, m.Path+" "+m.Version, m.Dir); err != nil {
			return nil, err
		}
	}
	return text.Bytes(), nil
}

func addLicences(text *bytes.Buffer, title, dir string) error {
	found := false
	for _, name := range licenceFiles {
		licence, err := os.ReadFile(filepath.Join(dir, name))
		if os.IsNotExist(err) {
			continue
		}
		if err != nil {
			return err
		}
		found = true
		fmt.Fprintf(text, "\n%s\n%s\n\n%s\n", bytes.Repeat([]byte("="), 79), title, bytes.TrimSpace(licence))
	}
	if !found {
		return fmt.Errorf("%s has no licence in %s, and may not be passed on without it", title, dir)
	}
	return nil
}
