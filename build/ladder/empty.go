//go:build ignore

// The least that Go can compile: what is below it is not ours.
package main

func main() {}
