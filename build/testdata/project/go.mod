module github.com/bsock-wasm/bsock-wasm

go 1.26.0
