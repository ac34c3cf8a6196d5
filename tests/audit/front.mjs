// The proxy before the site, as in deploy/nginx.conf: HTTPS, and HTTP/2, by which a page's pictures
// come on one connection.
//
//   node front.mjs http://127.0.0.1:8000 keystore.p12 password
//
// Prints the port on which it listens. Compresses nothing: the site does.
import { readFileSync } from "node:fs";
import { request } from "node:http";
import { createSecureServer } from "node:http2";

const [site, keystore, passphrase] = process.argv.slice(2);
const BETWEEN_TWO = new Set(["connection", "keep-alive", "transfer-encoding"]);

function forTheNext(headers) {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !name.startsWith(":") && !BETWEEN_TWO.has(name)),
  );
}

const front = createSecureServer({ pfx: readFileSync(keystore), passphrase, allowHTTP1: true });
front.on("request", (asked, answer) => {
  const options = { method: asked.method, headers: forTheNext(asked.headers) };
  options.headers.host = new URL(site).host;
  const behind = request(site + asked.url, options, (answered) => {
    answer.writeHead(answered.statusCode, forTheNext(answered.headers));
    answered.pipe(answer);
  });
  behind.on("error", () => answer.writeHead(502).end());
  asked.pipe(behind);
});
front.listen(0, "127.0.0.1", () => console.log(front.address().port));
