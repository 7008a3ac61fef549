package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestRequiredTypes(t *testing.T) {
	required, err := requiredTypes(`import type { Store } from "redux";

/** Kept. */
export interface Options {
  export: string;
}

interface Inner {}
export type Source = string;
export function load(): Promise<void>;
export function load(options: Options): Promise<void>;
export declare const VERSION: string;

declare function make(options?: Options): Store;
export default make;
`)
	require.NoError(t, err)
	assert.Equal(t, `import type { Store } from "redux";

/** Kept. */
interface Options {
  export: string;
}

interface Inner {}
type Source = string;
declare function load(): Promise<void>;
declare function load(options: Options): Promise<void>;
declare const VERSION: string;

declare function make(options?: Options): Store;
declare namespace make {
  export { make as default, Options, Source, load, VERSION };
}
export = make;
`, required)
}

func TestTypesThatCannotBeRequired(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"no default", "export interface A {}\n", "it must end with `export default NAME;`"},
		{"a list", "export { A, B };\nexport default make;\n", `"export { A, B };" cannot be written for ` + "`require`"},
		{"a star", "export * from \"./more\";\nexport default make;\n", "declare each export by itself"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := requiredTypes(test.text)
			assert.ErrorContains(t, err, test.want)
		})
	}
}
