package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
)

// aptInstall gets Debian's packages, without a question and as root only.
func aptInstall(ctx context.Context, p *project, packages ...string) error {
	if runtime.GOOS != "linux" || os.Geteuid() != 0 {
		return errors.New("only root can have it done here")
	}
	if _, err := exec.LookPath("apt-get"); err != nil {
		return errors.New("this system has no apt-get")
	}
	fmt.Fprintf(p.stderr, "There is no browser here: installing Debian's %s.\n", strings.Join(packages, " and "))
	for _, args := range [][]string{
		{"update", "-q"},
		append([]string{"install", "-q", "-y", "--no-install-recommends"}, packages...),
	} {
		cmd := p.command(ctx, "apt-get", args...)
		cmd.Env = append(cmd.Environ(), "DEBIAN_FRONTEND=noninteractive")
		cmd.Stdout = p.stderr // standard output is the answer alone
		if err := cmd.Run(); err != nil {
			return fmt.Errorf("apt-get %s: %w", args[0], err)
		}
	}
	return nil
}
