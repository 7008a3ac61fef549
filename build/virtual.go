package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strings"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/bsock-wasm/bsock-wasm/build/wasmbuild"
)

// The package's JavaScript imports three modules that exist in no file. They
// are made here, at each build, and declared for the type checker in
// virtual.d.ts beside this file.
//
//	import wasmExec from "bsock:wasm_exec"
//
// wasmExec(scope) evaluates the stock wasm_exec.js, from the Go installation
// that has compiled the module, and returns its class Go. Inside that text
// `globalThis` is scope, and so are the four names it borrows from there
// (crypto, performance, TextEncoder, TextDecoder): scope must have them. What
// the text defines where it is absent (fs, process, path) and Go itself are
// written into scope, and the real global object stays as it was. Go code sees
// scope as js.Global(), so it must also answer for Object, Array, Uint8Array
// and whatever else the module asks for.
//
//	import wasm from "bsock:wasm" // { gzip: string, size: number, build: string }
//
// The compiled module: its bytes in gzip and base64, how many there are before
// compression, and the id of the build.
//
//	import { BUILD, EXPECTED } from "bsock:build"
//
// BUILD is the id of the build, which the module says too, in a section of its
// own. EXPECTED describes the bsock.wasm that belongs to this JavaScript:
// { version, build, go, size, sha256 }, where version is the npm package's, go
// the compiler's, and sha256 is in hex.
const (
	wasmExecModule = "bsock:wasm_exec"
	wasmModule     = "bsock:wasm"
	buildModule    = "bsock:build"
)

// A virtualSet is the text of each virtual module, by the name it is imported by.
type virtualSet map[string]string

// An expectation is what bsock:build tells of the module.
type expectation struct {
	Version string `json:"version"`
	Build   string `json:"build"`
	Go      string `json:"go"`
	Size    int    `json:"size"`
	SHA256  string `json:"sha256"`
}

func virtualModules(ctx context.Context, p *project, m *module) (virtualSet, error) {
	exec, err := wasmExecText(m.inputs)
	if err != nil {
		return nil, err
	}
	pkg, err := readManifest(p.path("www/package.json"))
	if err != nil {
		return nil, err
	}
	packed, err := p.tightened(ctx, m.wasm)
	if err != nil {
		return nil, err
	}
	expected := expectation{pkg.Version, m.build, m.inputs.GoVersion, len(m.wasm), m.sha256}
	embedded := struct {
		Gzip  string `json:"gzip"`
		Size  int    `json:"size"`
		Build string `json:"build"`
	}{base64.StdEncoding.EncodeToString(packed), len(m.wasm), m.build}
	return virtualSet{
		wasmExecModule: exec,
		wasmModule:     "export default " + literal(embedded) + ";\n",
		buildModule:    fmt.Sprintf("export const BUILD = %s;\nexport const EXPECTED = %s;\n", literal(m.build), literal(expected)),
	}, nil
}

// wasmExecText puts the stock text into a function. The names it uses without
// saying `globalThis.` are looked up in the scope first: two of them, crypto
// and performance, may be missing from the real global object, and fs is only
// put into the scope by the text itself.
func wasmExecText(inputs *wasmbuild.Inputs) (string, error) {
	text, err := os.ReadFile(wasmExecPath(inputs.GoRoot))
	if err != nil {
		return "", fmt.Errorf("the Go installation has no wasm_exec.js: %w", err)
	}
	stock := string(text)
	return `/*!
 * wasm_exec.js of the Go project. ` + copyright(stock) + `
 * BSD-style licence, in THIRD_PARTY_LICENSES.
 */
export default function wasmExec(globalThis) {
const { crypto, performance, TextEncoder, TextDecoder } = globalThis;
const fs = { writeSync: (fd, bytes) => globalThis.fs.writeSync(fd, bytes) };
` + stock + `
return globalThis.Go;
}
`, nil
}

var copyrightLine = regexp.MustCompile(`(?m)^// (Copyright .*)$`)

func copyright(text string) string {
	if found := copyrightLine.FindStringSubmatch(text); found != nil {
		return strings.TrimSpace(found[1])
	}
	return "Copyright The Go Authors."
}

// literal writes a value as a JavaScript expression, which JSON is.
func literal(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err) // strings and numbers: this is unreachable
	}
	return string(text)
}

// plugin answers the imports of virtual modules with their text.
func (set virtualSet) plugin() api.Plugin {
	const namespace = "bsock"
	return api.Plugin{Name: namespace, Setup: func(build api.PluginBuild) {
		build.OnResolve(api.OnResolveOptions{Filter: "^bsock:"}, func(args api.OnResolveArgs) (api.OnResolveResult, error) {
			if _, ok := set[args.Path]; !ok {
				return api.OnResolveResult{}, fmt.Errorf("there is no virtual module %q: see build/virtual.go for those there are", args.Path)
			}
			// What is not used of it leaves nothing behind in the bundle.
			return api.OnResolveResult{Path: args.Path, Namespace: namespace, SideEffects: api.SideEffectsFalse}, nil
		})
		build.OnLoad(api.OnLoadOptions{Filter: ".*", Namespace: namespace}, func(args api.OnLoadArgs) (api.OnLoadResult, error) {
			text := set[args.Path]
			return api.OnLoadResult{Contents: &text, Loader: api.LoaderJS}, nil
		})
	}}
}
