//go:build js && wasm

package border

import (
	"os"
	"syscall/js"
	"testing"
)

func TestImport(t *testing.T) {
	if got := twice(21); got != 42 {
		t.Fatalf("twice 21 is %d", got)
	}
}

func TestPlace(t *testing.T) {
	if !js.Global().Get("navigator").Get("userAgent").Truthy() {
		t.Fatal("this is no browser")
	}
	if _, err := os.Stat("border_test.go"); err != nil {
		t.Fatalf("the package's own folder is out of reach: %v", err)
	}
}

func TestObedience(t *testing.T) {
	if os.Getenv("BSOCK_TEST_FAIL") != "" {
		t.Fatal("told to fail")
	}
	if secret := os.Getenv("API_KEY"); secret != "" {
		t.Fatal("the environment came along whole")
	}
}
