package appserver

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestRefusalsAreLogged(t *testing.T) {
	w := serve(t, simulatedNode(t), nil).settled()
	for _, test := range []struct {
		sentence, origin, query string
		status                  int
		logged                  string
	}{
		{"a page of another origin", "http://evil.test", "", http.StatusForbidden, `origin=http://evil.test host=127.0.0.1:`},
		{"another transport", "", "?transport=polling", http.StatusBadRequest, "status=400"},
		{"no WebSocket at all", "", "", http.StatusUpgradeRequired, "status=426"},
	} {
		r, err := http.NewRequestWithContext(t.Context(), "GET", w.url+"/local/"+test.query, nil)
		require.NoError(t, err)
		if test.origin != "" {
			r.Header = http.Header{
				"Origin": {test.origin}, "Connection": {"Upgrade"}, "Upgrade": {"websocket"}, "Cookie": {"secret=" + apiKey},
				"Sec-Websocket-Version": {"13"}, "Sec-Websocket-Key": {"AAAAAAAAAAAAAAAAAAAAAA=="},
			}
		}
		resp, err := http.DefaultClient.Do(r)
		require.NoError(t, err, test.sentence)
		resp.Body.Close()
		assert.Equal(t, test.status, resp.StatusCode, test.sentence)
		w.eventually(test.sentence+" is logged", func() bool {
			return strings.Contains(w.log.String(), "browser is not let in") && strings.Contains(w.log.String(), test.logged)
		})
	}
	w.browser("local").dispatch("get tip")
	assert.NotContains(t, w.log.String(), "status=101", "who is let in is not logged as refused")
}
