// A certified OpenID provider over plain HTTP on loopback, for tests: node server.mjs PORT FOLDER SETTINGS
// FOLDER holds node_modules; SETTINGS (JSON): {client_id, client_secret, redirect_uris, method, accounts, conforms, algorithm}.
import { generateKeyPairSync } from "node:crypto";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [port, folder, text] = process.argv.slice(2);
const settings = JSON.parse(text);
const { Provider } = await import(pathToFileURL(join(folder, "node_modules/oidc-provider/lib/index.js")));

const newKey = (algorithm, kid) => {
  const pair = algorithm.startsWith("ES")
    ? generateKeyPairSync("ec", { namedCurve: "P-256" })
    : generateKeyPairSync("rsa", { modulusLength: 2048 });
  return { ...pair.privateKey.export({ format: "jwk" }), use: "sig", alg: algorithm, kid };
};

const issuer = `http://127.0.0.1:${port}`;
const provider = new Provider(issuer, {
  clients: [
    {
      client_id: settings.client_id,
      ...(settings.client_secret ? { client_secret: settings.client_secret } : {}),
      token_endpoint_auth_method: settings.method,
      redirect_uris: settings.redirect_uris,
      id_token_signed_response_alg: settings.algorithm,
    },
  ],
  clientAuthMethods: [settings.method],
  claims: { openid: ["sub"], profile: ["preferred_username", "groups"], email: ["email"] },
  conformIdTokenClaims: settings.conforms,
  pkce: { required: () => true },
  jwks: { keys: [newKey(settings.algorithm, settings.kid)] },
  cookies: { keys: ["only for tests"] },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...settings.accounts[id] }) }),
  loadExistingGrant: async (ctx) => {
    const grant = new ctx.oidc.provider.Grant({
      clientId: ctx.oidc.client.clientId,
      accountId: ctx.oidc.session.accountId,
    });
    grant.addOIDCScope("openid profile email");
    await grant.save();
    return grant;
  },
});
provider.listen(Number(port), "127.0.0.1", () => console.log("ready"));
