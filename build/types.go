package main

import (
	"fmt"
	"regexp"
	"strings"
)

// The types are written once, as those of an ES module with a default export,
// in www/index.d.ts. TypeScript holds a file's name against how it is imported,
// so the package has them under several: both entries have the same types, and
// each of them once for `import` (.d.mts) and once for `require` (.d.cts, and
// .d.ts beside .js), where the module is the factory itself.

// exported is a declaration at the top level that others may import.
var exported = regexp.MustCompile(`(?m)^export (?:declare )?((?:abstract )?(interface|type|function|const|class|enum) (\w+))`)

// defaultExport ends the hand-written file.
var defaultExport = regexp.MustCompile(`(?m)^export default (\w+);\n`)

// typeFiles are the package's declaration files.
func typeFiles(types []byte) (map[string][]byte, error) {
	required, err := requiredTypes(string(types))
	if err != nil {
		return nil, fmt.Errorf("www/index.d.ts: %w", err)
	}
	files := map[string][]byte{}
	for _, entry := range entries {
		files[entry+".d.mts"] = types
		files[entry+".d.cts"] = []byte(required)
		files[entry+".d.ts"] = []byte(required)
	}
	return files, nil
}

// requiredTypes writes the types of an ES module as those of a module that is
// its own default export, with all other names on it.
func requiredTypes(types string) (string, error) {
	found := defaultExport.FindStringSubmatch(types)
	if found == nil {
		return "", fmt.Errorf("it must end with `export default NAME;`, NAME being declared by `declare function NAME`")
	}
	factory := found[1]
	names := []string{factory + " as default"}
	seen := map[string]bool{}
	for _, match := range exported.FindAllStringSubmatch(types, -1) {
		if name := match[3]; !seen[name] { // an overload has its name again
			seen[name] = true
			names = append(names, name)
		}
	}
	text := defaultExport.ReplaceAllString(types, "")
	text = exported.ReplaceAllStringFunc(text, func(line string) string {
		match := exported.FindStringSubmatch(line)
		if kind := match[2]; kind == "interface" || kind == "type" {
			return match[1]
		}
		return "declare " + match[1]
	})
	if rest := regexp.MustCompile(`(?m)^export .*$`).FindString(text); rest != "" {
		return "", fmt.Errorf("%q cannot be written for `require`: declare each export by itself, as in `export interface NAME`", rest)
	}
	return fmt.Sprintf("%s\ndeclare namespace %s {\n  export { %s };\n}\nexport = %s;\n",
		strings.TrimRight(text, "\n"), factory, strings.Join(names, ", "), factory), nil
}
