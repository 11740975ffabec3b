// All checks in the browser, against the service whose address is in LIVRET_URL.
await import("./swagger.js");
await import("./swagger_oauth.js");
await import("./pages.js");
