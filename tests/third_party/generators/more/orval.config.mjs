export default { livret: { input: process.env.DOCUMENT, output: { target: "made/orval/api.ts", client: "fetch" } } };
