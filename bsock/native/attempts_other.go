//go:build !unix

package native

const canAttempt = false

func attempt(uintptr, []byte) int { return 0 }
