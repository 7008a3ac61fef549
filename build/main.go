// Command build makes everything this repository ships, serves and tests with:
//
//	go run ./build VERB [flags] [arguments]
//
// It needs Go and nothing else, except where a verb drives Node or a browser.
// A verb is one file of its own name, and what two verbs share has a file too.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
)

// An action is what a verb does once its flags are read.
type action func(ctx context.Context, p *project, args []string) error

// A verb is one thing the tool can be told to do. Its declare function adds
// the verb's flags to the set and returns the action that reads them.
type verb struct {
	name    string
	args    string
	summary string
	declare func(flags *flag.FlagSet) action
}

func verbs() []verb {
	return []verb{
		{"compile", "", "compile the module to .cache/wasm/bsock.wasm", compileVerb},
		{"bundle", "", "put the package's modern JavaScript and the module into www/dist", bundleVerb},
		{"compress", "", "write gzip and brotli beside the compiled module", compressVerb},
		{"dist", "", "make the npm package in www/dist, ready for `npm pack`", distVerb},
		{"demo", "", "bundle the package, and the page into www/demo/dist", demoVerb},
		{"serve", "", "serve page, module and socket on one address", serveVerb},
		{"exec", "FILE [flags]", "run a js/wasm test binary in a browser, for `go test -exec`", execVerb},
		{"size", "", "print what the module weighs, by package, and hold it to its budget", sizeVerb},
		{"bench", "", "measure the built package beside its peers, as QUICK, ONLY and OUT say", benchVerb},
		{"profile", "CASE [SUBJECT]", "print where the time of a case of the bench goes, by function", profileVerb},
		{"flood", "", "have ten thousand browsers come to the app server, many of them up to no good", floodVerb},
		{"reproducible", "", "build HEAD twice, in two folders, and compare every byte", reproducibleVerb},
		{"chrome", "", "print the browser's path, installing Debian's where none is", chromeVerb},
		{"browser", "firefox|webkit COMMAND", "run tests with another browser, installing Debian's where none is", browserVerb},
		{"clean", "", "remove what the other verbs made", cleanVerb},
	}
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	// A second signal ends the program at once, should stopping hang.
	context.AfterFunc(ctx, stop)

	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	if !told(err) {
		fmt.Fprintln(os.Stderr, "build:", err)
	}
	os.Exit(exitCode(err))
}

// told reports whether there is nothing to add: all went well, or the usage
// was asked for, or a child failed that has said why by itself.
func told(err error) bool {
	_, child := err.(*exec.ExitError) // bare: a wrapped one has words of ours
	return err == nil || child || errors.Is(err, flag.ErrHelp)
}

// exitCode is a child's own code where the error carries one, so that a failed
// test binary fails `go test` the way it would have by itself.
func exitCode(err error) int {
	var usage usageError
	var exit *exec.ExitError
	switch {
	case err == nil:
		return 0
	case errors.Is(err, flag.ErrHelp), errors.As(err, &usage):
		return 2
	case errors.As(err, &exit) && exit.ExitCode() > 0:
		return exit.ExitCode()
	}
	return 1
}

// A usageError is a mistake on the command line.
type usageError string

func (e usageError) Error() string { return string(e) }

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	if len(args) == 0 {
		usage(stderr)
		return usageError("which verb?")
	}
	for _, v := range verbs() {
		if v.name == args[0] {
			return runVerb(ctx, v, args[1:], stdout, stderr)
		}
	}
	usage(stderr)
	return usageError(fmt.Sprintf("there is no verb %q", args[0]))
}

func runVerb(ctx context.Context, v verb, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet(v.name, flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		fmt.Fprintf(stderr, "usage: go run ./build %s [flags] %s\n\n%s\n\n", v.name, v.args, v.summary)
		flags.PrintDefaults()
	}
	act := v.declare(flags) // which may say more about its usage
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return err
		}
		return usageError(err.Error())
	}
	if v.args == "" && flags.NArg() > 0 {
		return usageError(fmt.Sprintf("%s takes no argument, but got %q", v.name, flags.Arg(0)))
	}
	p, err := findProject()
	if err != nil {
		return err
	}
	p.stdout, p.stderr = stdout, stderr
	return act(ctx, p, flags.Args())
}

func usage(w io.Writer) {
	fmt.Fprintln(w, "usage: go run ./build VERB [flags]")
	fmt.Fprintln(w)
	for _, v := range verbs() {
		fmt.Fprintf(w, "  %-13s %s\n", v.name, v.summary)
	}
	fmt.Fprintln(w)
}
