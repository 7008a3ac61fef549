module github.com/bsock-wasm/bsock-wasm

go 1.26.0

require (
	github.com/andybalholm/brotli v1.2.8 // indirect
	github.com/evanw/esbuild v0.28.2 // indirect
	github.com/stretchr/testify v1.12.1 // indirect
)
