package simnode

import (
	"bytes"
	"encoding/hex"
	"testing"

	"github.com/stretchr/testify/assert"
)

// The digests are those of bcrypto, which hsd hashes with. The lengths are on
// both sides of a block's end.
func TestBlake2b(t *testing.T) {
	for _, test := range []struct {
		name string
		size int
		data []byte
		want string
	}{
		{"nothing", 32, nil, "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8"},
		{"abc", 32, []byte("abc"), "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319"},
		{"abc in 64 bytes", 64, []byte("abc"), "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d17d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923"},
		{"abc in 20 bytes", 20, []byte("abc"), "384264f676f39536840523f284921cdc68b6846b"},
		{"127 bytes", 32, bytes.Repeat([]byte{'x'}, 127), "32afe327aece2cc8275e868be2ea929410f47bcfbac87d8197d92c972a290d3d"},
		{"128 bytes", 32, bytes.Repeat([]byte{'x'}, 128), "164ffb7089bae6f5a62fb0795e751dc9e88eac92e1a5b2fafe93a25abf2d9c3b"},
		{"129 bytes", 32, bytes.Repeat([]byte{'x'}, 129), "03b0758fa71d249c846c2304a2b9996e6ae66ffa7e5528f9e612e089a360fc8d"},
		{"256 bytes", 32, bytes.Repeat([]byte{'x'}, 256), "cb9d468022b930d52da4d9b0226ef9c997e0acc119eeb08afefb8219bc53972b"},
		{"257 bytes", 32, bytes.Repeat([]byte{'x'}, 257), "99da5101f1f947c80e6ecbf89498bea9946f231eb226e0ded7c80ec4cd723f57"},
		{"1000 bytes", 32, bytes.Repeat([]byte{'x'}, 1000), "ab75119ede14ef06ebf31f745fb655ed006cccfe8054c635308a557f7c9beaba"},
	} {
		t.Run(test.name, func(t *testing.T) {
			assert.Equal(t, test.want, hex.EncodeToString(blake2b(test.size, test.data)))
			for _, cut := range []int{0, len(test.data) / 2, len(test.data)} {
				parts := blake2b(test.size, test.data[:cut], test.data[cut:])
				assert.Equal(t, test.want, hex.EncodeToString(parts), "it does not matter how the data are cut")
			}
		})
	}
}
